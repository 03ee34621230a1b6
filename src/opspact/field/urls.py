"""The collectors' door to sweeps. It checks their own tokens."""

from django.urls import path

from opspact.field import collector_views

app_name = "field_open"
urlpatterns = [path("collector/v1/sweeps", collector_views.sweeps, name="sweeps")]
