"""Pages of monitoring under /c/<contract>/."""

from django.http import HttpResponse
from django.urls import path

app_name = "monitoring"


def v(request, **kw):
    return HttpResponse()


urlpatterns = [path("alerts/", v, name="alerts")]
