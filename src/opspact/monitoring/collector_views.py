"""What collectors ask for and send (`probes.wire`). Every refusal is JSON: a code and a sentence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opspact.field.authentication import for_collectors
from opspact.field.messages import Refused, read
from opspact.field.models import Collector
from opspact.kit.actions import Caller, client_address
from opspact.monitoring.assignments import assignments_of
from opspact.monitoring.heartbeats import beat
from opspact.monitoring.ingest import BatchConflict, receive
from opspact.monitoring.ingest.batches import refuse_conflict
from opspact.probes import wire


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
        batch = read(request, wire.Batch)
        answer = receive(collector, batch, now)
    except Refused as refused:
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
        said = read(request, wire.Heartbeat)
    except Refused as refused:
        return refused.response
    beat(collector, said, timezone.now())
    return HttpResponse(status=204)
