"""The collectors' door. It checks their own tokens."""

from django.urls import path

from opspact.monitoring import collector_views

app_name = "monitoring_open"
urlpatterns = [
    path("collector/v1/assignments", collector_views.assignments, name="assignments"),
    path("collector/v1/batches", collector_views.batches, name="batches"),
    path("collector/v1/heartbeat", collector_views.heartbeat, name="heartbeat"),
]
