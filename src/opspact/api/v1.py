"""Version 1 of the API: what it answers, and how its errors look."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from opspact.api.access import Token
from opspact.api.routes import contracts, discovery, incidents, ipam, ledgers, outages, targets, workbooks
from opspact.kit.guards import needs
from opspact.kit.ledgers import plain
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.refusals import put_on_record
from opspact.servicedesk.errors import NotPossibleNow

api = NinjaAPI(
    title="OpsPact 守约",
    version="1",
    auth=Token(),
    urls_namespace="api",
    docs_url="docs",
    docs_decorator=needs("api.docs.view"),
    description="Times are ISO 8601 with an offset. Every call needs a token made on the page “My account”.",
)
for module in (contracts, targets, outages, incidents, ledgers, workbooks, ipam, discovery):
    api.add_router("", module.router)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    put_on_record(request, getattr(error, "permission", ""), error, via="api")
    return api.create_response(request, {"detail": str(error)}, status=403)


@api.exception_handler(NotPossibleNow)
def _conflict(request: HttpRequest, error: NotPossibleNow) -> HttpResponse:
    return api.create_response(request, {"detail": " ".join(error.messages)}, status=409)


@api.exception_handler(RecordRefused)
def _refused(request: HttpRequest, error: RecordRefused) -> HttpResponse:
    return api.create_response(request, {"detail": "The record was refused.", "fields": plain.said(error)}, status=422)


@api.exception_handler(DataError)
def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """A NUL in a text: JSON and addresses can hold one, PostgreSQL can't."""
    return api.create_response(request, {"detail": "A value can't be stored: it holds a NUL character."}, status=422)


@api.exception_handler(UnicodeEncodeError)
def _half(request: HttpRequest, error: UnicodeEncodeError) -> HttpResponse:
    """JSON can hold half of a surrogate pair, which is no character."""
    return api.create_response(request, {"detail": "A value can't be stored: it holds half a character."}, status=422)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return api.create_response(request, {"detail": error.messages}, status=422)


def urlpatterns() -> list[Any]:
    """ninja's patterns. Its operations check their own token, so the default-deny middleware lets them pass."""
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        if not hasattr(pattern.callback, "permission"):
            pattern.callback.public = True
    return patterns
