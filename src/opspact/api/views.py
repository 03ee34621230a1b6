"""/healthz and /metrics."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from opspact.accounts.tokens import authenticate
from opspact.api.health import health
from opspact.api.metrics import CONTENT_TYPE, exposition
from opspact.kit.actions import client_address


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Open to everybody: names of parts and times, nothing of any contract. 503 unless all is well."""
    state = health(timezone.now())
    return JsonResponse(state.as_json(), status=200 if state.status == "ok" else 503)


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus on this machine, or with a bearer token from elsewhere."""
    now = timezone.now()
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not _is_local(request) and authenticate(bearer, now) is None:
        return HttpResponse("A bearer token is needed from another machine.\n", status=401, content_type="text/plain")
    return HttpResponse(exposition(now), content_type=CONTENT_TYPE)


healthz.public = True  # type: ignore[attr-defined]
metrics.public = True  # type: ignore[attr-defined]


def _is_local(request: HttpRequest) -> bool:
    address = client_address(request)
    return bool(address) and ipaddress.ip_address(address).is_loopback
