"""/c/<contract>/incidents/"""

from django.urls import path

from opspact.servicedesk.views import detail

app_name = "servicedesk"
urlpatterns = [
    path("incidents/<slug:number>/", detail.incident, name="incident"),
]
