"""Each room brings its own urls; pages about a contract live under /c/<contract>/."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

ROOMS = [room for room in settings.ROOMS if f"opspact.{room}" in settings.INSTALLED_APPS]


def _brings(room: str, module: str) -> bool:
    return find_spec(f"opspact.{room}.{module}") is not None


urlpatterns = [
    *(path("", include(f"opspact.{room}.urls")) for room in ROOMS if _brings(room, "urls")),
    *(
        path("c/<slug:contract>/", include(f"opspact.{room}.contract_urls"))
        for room in ROOMS
        if _brings(room, "contract_urls")
    ),
]
handler403 = "opspact.kit.views.errors.forbidden"
handler404 = "opspact.kit.views.errors.not_found"
handler500 = "opspact.kit.views.errors.broken"
