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
    """For Prometheus on this machine; from elsewhere with a bearer token, and then of its contract only."""
    now = timezone.now()
    if _is_local(request):
        return HttpResponse(exposition(now), content_type=CONTENT_TYPE)
    person = authenticate(request.headers.get("Authorization", "").removeprefix("Bearer "), now)
    contract = next(iter(person.contract_codes), None) if person else None
    if contract is None:
        return HttpResponse("A bearer token is needed from another machine.\n", status=401, content_type="text/plain")
    return HttpResponse(exposition(now, contract), content_type=CONTENT_TYPE)


healthz.public = True  # type: ignore[attr-defined]
metrics.public = True  # type: ignore[attr-defined]


def _is_local(request: HttpRequest) -> bool:
    address = client_address(request)
    return bool(address) and ipaddress.ip_address(address).is_loopback
