"""Collectors: whether they see, and what mends it when they don't."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.field.models import Authorisation, Collector
from opspact.kit.guards import needs

SILENT_AFTER = timedelta(seconds=35)


@needs("field.collector.view")
def collectors(request: HttpRequest) -> HttpResponse:
    rows = [_row(collector) for collector in Collector.objects.filter(is_active=True)]
    context = {
        "rows": rows,
        "sentence": _sentence(rows),
        "authorisations": Authorisation.objects.filter(contract=request.contract).select_related("recorded_by")[:50],
    }
    return render(request, "field/collectors.html", context)


def _row(collector: Collector) -> dict[str, Any]:
    beat = collector.heartbeat
    silent = collector.heartbeat_at is None or timezone.now() - collector.heartbeat_at > SILENT_AFTER
    return {
        "collector": collector,
        "is_silent": silent,
        "icmp": beat.get("icmp", {}),
        "lag_ms": beat.get("lag_ms"),
        "waiting": beat.get("spool_rows"),
        "checks": beat.get("checks"),
        "has_uplink": beat.get("uplink"),
    }


def _sentence(rows: list[dict[str, Any]]) -> str:
    silent = sum(row["is_silent"] for row in rows)
    if silent:
        text = ngettext(
            "%(n)s collector is silent: what it watches is unknown.",
            "%(n)s collectors are silent: what they watch is unknown.",
            silent,
        )
        return text % {"n": silent}
    if any(row["icmp"].get("method") == "none" for row in rows):
        return _("A collector cannot send ICMP: its ICMP checks are unknown until that is mended.")
    return _("All collectors report.")
