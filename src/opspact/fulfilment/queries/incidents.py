"""Incidents as figures count them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from opspact.contracts.models import Contract
from opspact.servicedesk.models import Incident


@dataclass(frozen=True)
class CountedIncident:
    """An incident that occurred in the period. `is_closed`: its level is final."""

    number: str
    title: str
    level: str
    state: str
    occurred_at: datetime
    is_closed: bool
    cause_domain: str


def incidents_of(contract: Contract, levels: Iterable[str], start: datetime, end: datetime) -> list[CountedIncident]:
    """The incidents of those levels that occurred in [start, end), without cancelled ones. One query."""
    rows = Incident.objects.filter(
        contract=contract, level__in=list(levels), occurred_at__gte=start, occurred_at__lt=end
    ).exclude(state=Incident.State.CANCELLED)
    return [
        CountedIncident(
            row.number,
            row.title,
            row.level,
            row.state,
            row.occurred_at,
            row.state == Incident.State.CLOSED,
            row.cause_domain,
        )
        for row in rows.order_by("occurred_at", "id")
    ]
