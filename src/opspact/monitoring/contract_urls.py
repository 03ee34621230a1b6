"""Pages of monitoring, under /c/<contract>/."""

from django.urls import path

from opspact.monitoring.views import alerts, circuits, grants, imports, outages, systems, target, target_forms, targets

app_name = "monitoring"
urlpatterns = [
    path("targets/", targets.TargetsPage.as_view(), name="targets"),
    path("targets/new/", target_forms.NewTarget.as_view(), name="target_new"),
    path("targets/import/", imports.UploadPage.as_view(), name="imports"),
    path("targets/import/template/", imports.template, name="template"),
    path("targets/import/export/", imports.export, name="export"),
    path("targets/import/<int:pk>/", imports.ImportPage.as_view(), name="import"),
    path("target/<str:code>/", target.target, name="target"),
    path("target/<str:code>/add/", target_forms.NewCheck.as_view(), name="check_new"),
    path("target/<str:code>/watch/", target_forms.watch, name="watch"),
    path("target/<str:code>/<slug:kind>/", target_forms.EditCheck.as_view(), name="check_edit"),
    path("outages/", outages.OutagesPage.as_view(), name="outages"),
    path("outages/<int:pk>/", outages.outage, name="outage"),
    path("circuit-availability/", circuits.CircuitsPage.as_view(), name="circuits"),
    path("circuit-availability/<int:pk>/", circuits.circuit, name="circuit"),
    path("alerts/", alerts.AlertsPage.as_view(), name="alerts"),
    path("systems/", systems.systems, name="systems"),
    path("systems/<str:code>/", systems.SystemPage.as_view(), name="system"),
    path("maintenance/", grants.GrantsPage.as_view(), name="grants"),
    path("maintenance/new/", grants.RequestPage.as_view(), name="grant_new"),
    path("maintenance/<int:pk>/withdraw/", grants.withdraw, name="grant_withdraw"),
]
