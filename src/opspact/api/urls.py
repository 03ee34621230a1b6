from django.urls import include, path

from opspact.api import views
from opspact.api.v1 import urlpatterns as api_patterns

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
    path("api/v1/", include((api_patterns(), "ninja"), namespace="api")),
]
