"""Sweeps for collectors, and what comes of them (`probes.wire`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opspact.field.authentication import for_collectors
from opspact.field.messages import Refused, read
from opspact.field.models import Collector
from opspact.field.sweeps import orders_of, take_part
from opspact.probes import wire


@require_http_methods(["GET", "POST"])
@for_collectors
def sweeps(request: HttpRequest, collector: Collector) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse(orders_of(collector, timezone.now()).model_dump_json(), content_type="application/json")
    try:
        part = read(request, wire.SweepPart)
    except Refused as refused:
        return refused.response
    answer = wire.SweepAnswer(go_on=take_part(collector, part, timezone.now()))
    return HttpResponse(answer.model_dump_json(), content_type="application/json")
