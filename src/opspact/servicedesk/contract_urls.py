"""/c/<contract>/incidents/"""

from django.urls import path

from opspact.servicedesk.views import detail, listing, opening

app_name = "servicedesk"
urlpatterns = [
    path("incidents/", listing.IncidentsPage.as_view(), name="incidents"),
    path("incidents/new/", opening.OpenPage.as_view(), name="open"),
    path("incidents/<slug:number>/", detail.incident, name="incident"),
    path("incidents/<slug:number>/<slug:step>/", detail.StepPage.as_view(), name="step"),
]
