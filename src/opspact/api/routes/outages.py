"""Outages from the observed ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from opspact.api.access import contract_for
from opspact.api.paging import Page, Paging, page_of
from opspact.monitoring.models import ObservedInterval

router = Router(tags=["outages"])


class OutageOut(Schema):
    id: int
    check: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    confirmed_at: dt.datetime

    @staticmethod
    def resolve_check(row: ObservedInterval) -> str:
        return row.checked.key


class Period(Schema):
    """Half-open, aware; an outage counts when it overlaps."""

    start: dt.datetime | None = None
    end: dt.datetime | None = None


@router.get("/contracts/{contract}/outages", response=Page[OutageOut], summary="Outages, the newest first")
def outages(request: HttpRequest, contract: str, paging: Query[Paging], period: Query[Period]) -> dict[str, Any]:
    found = contract_for(request, contract, "monitoring.target.view")
    rows = ObservedInterval.objects.filter(checked__target__contract=found, seen="down").select_related(
        "checked__target"
    )
    if period.start:
        rows = rows.filter(Q(ends_at=None) | Q(ends_at__gt=period.start))
    if period.end:
        rows = rows.filter(starts_at__lt=period.end)
    return page_of(rows, paging, newest_first=True)
