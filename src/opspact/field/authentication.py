"""How a collector signs in: `Authorization: Bearer TOKEN`, nothing else; no session, no cookie."""

from __future__ import annotations

import functools
from collections.abc import Callable
from secrets import compare_digest

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from opspact.field.models import Collector


def collector_of(request: HttpRequest) -> Collector | None:
    """The active collector whose token the request bears, else None.

    Tokens are looked up by hash: how long that takes tells nothing about how much of a guess was right.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    digest = Collector.digest(token.strip())
    found = Collector.objects.filter(token_sha256=digest).first()
    if found is None or not found.is_active or not compare_digest(found.token_sha256, digest):
        return None
    return found


def for_collectors(view: Callable[[HttpRequest, Collector], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for collectors only: without a valid token it answers 401 and a sentence in JSON."""

    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        collector = collector_of(request)
        if collector is None:
            message = _("This token belongs to no active collector.")
            refused = JsonResponse({"code": "token", "message": message}, status=401)
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        return view(request, collector)

    guarded.public = True  # type: ignore[attr-defined]  # guards itself, see kit.middleware
    return csrf_exempt(guarded)
