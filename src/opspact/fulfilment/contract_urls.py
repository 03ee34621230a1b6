"""/c/<contract>/kpi/"""

from django.urls import path

from opspact.fulfilment.views import exports, kpi

app_name = "fulfilment"
urlpatterns = [
    path("kpi/", kpi.indicators, name="indicators"),
    path("kpi/<slug:code>/", kpi.indicator, name="indicator"),
    path("kpi/<slug:code>/export.json", exports.export, {"form": "json"}, name="export_json"),
    path("kpi/<slug:code>/export.csv", exports.export, {"form": "csv"}, name="export_csv"),
    path("kpi/<slug:code>/systems/<slug:system>/", kpi.system, name="system"),
]
