"""What collectors ask for and send (`probes.wire`). Every refusal is JSON: a code and a sentence."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel, ValidationError

from opspact.field.authentication import for_collectors
from opspact.field.models import Collector
from opspact.kit.actions import Caller, client_address
from opspact.monitoring.assignments import assignments_of
from opspact.monitoring.heartbeats import beat
from opspact.monitoring.ingest import BatchConflict, receive
from opspact.monitoring.ingest.batches import refuse_conflict
from opspact.probes import wire

MAX_PACKED = wire.MAX_BODY
Message = TypeVar("Message", bound=BaseModel)


class _Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = JsonResponse({"code": code, "message": message}, status=status)


@require_GET
@for_collectors
def assignments(request: HttpRequest, collector: Collector) -> HttpResponse:
    answer = assignments_of(collector, timezone.now())
    etag = f'"{answer.version}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(answer.model_dump_json(), content_type="application/json", headers={"ETag": etag})


@require_POST
@for_collectors
def batches(request: HttpRequest, collector: Collector) -> HttpResponse:
    now = timezone.now()
    try:
        batch = _read(request, wire.Batch)
        answer = receive(collector, batch, now)
    except _Refused as refused:
        return refused.response
    except BatchConflict as conflict:
        caller = Caller(None, now, "collector", client_address(request))
        refuse_conflict(caller, collector, batch=str(conflict))
        message = _("A batch with this id was taken before, with other content.")
        return JsonResponse({"code": "batch.conflict", "message": message}, status=409)
    return HttpResponse(answer.model_dump_json(), content_type="application/json")


@require_POST
@for_collectors
def heartbeat(request: HttpRequest, collector: Collector) -> HttpResponse:
    try:
        said = _read(request, wire.Heartbeat)
    except _Refused as refused:
        return refused.response
    beat(collector, said, timezone.now())
    return HttpResponse(status=204)


def _read(request: HttpRequest, model: type[Message]) -> Message:
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        raise _Refused(415, "body.encoding", _("The body must be compressed with gzip."))
    if int(request.headers.get("Content-Length") or 0) > MAX_PACKED:
        raise _Refused(413, "body.size", _("The body is too large."))
    try:
        return model.model_validate_json(wire.unpack(request.body))
    except wire.BodyTooLarge:
        raise _Refused(413, "body.size", _("The body is too large.")) from None
    except wire.BodyNotGzip:
        raise _Refused(400, "body.gzip", _("The body is not one complete gzip stream.")) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise _Refused(422, "body.schema", f"{where}: {first['msg']}"[:500]) from None
