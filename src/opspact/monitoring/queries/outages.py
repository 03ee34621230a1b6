"""Outages of a contract's checks, and the results that made each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from opspact.contracts.models import Contract
from opspact.monitoring.models import Alert, Check, Coverage, KeptResult, ObservedInterval, Result
from opspact.monitoring.retention import AROUND

MOST = 1_000


@dataclass(frozen=True)
class Observation:
    """A result as stored. `makes` is True for the failures that the outage rests on."""

    at: datetime
    seen: str
    value: float | None
    detail: str
    makes: bool = False


def outages(contract: Contract) -> QuerySet[ObservedInterval]:
    """Every interval in which a check of the contract was seen down, open ones included."""
    return ObservedInterval.objects.filter(checked__target__contract=contract, seen="down")


def alert_of(outage: ObservedInterval) -> Alert | None:
    """The alert of an outage: the last that began no later and was not over before."""
    alerts = Alert.objects.filter(checked=outage.checked_id, opened_at__lte=outage.starts_at)
    found = alerts.select_related("incident", "acknowledged_by").order_by("-opened_at").first()
    if found is None or (found.resolved_at and found.resolved_at <= outage.starts_at):
        return None
    return found


def results_between(check: Check, start: datetime, end: datetime, most: int = MOST) -> list[Observation]:
    """Results in [start, end), oldest first, from the last days or from those kept for good; `most` at most."""
    found: dict[datetime, Observation] = {}
    for model in (KeptResult, Result):
        rows = model.objects.filter(checked=check, at__gte=start, at__lt=end).order_by("at")
        for at, seen, value, detail in rows.values_list("at", "seen", "value", "detail")[:most]:
            found[at] = Observation(at, seen, value, detail)
    return [found[at] for at in sorted(found)][:most]


def results_around(outage: ObservedInterval) -> tuple[list[Observation], list[Observation]]:
    """The results around the beginning and around the end of an outage ([] while it lasts), ten intervals each side.

    Marked are those it rests on: the failures from its start to its confirmation.
    """
    check = outage.checked
    margin = timedelta(seconds=AROUND * check.interval_s)
    first = outage.starts_at + margin
    begin = [
        Observation(each.at, each.seen, each.value, each.detail, outage.starts_at <= each.at <= outage.confirmed_at)
        for each in results_between(check, outage.starts_at - margin, first)
    ]
    if outage.ends_at is None:
        return begin, []
    return begin, results_between(check, max(first, outage.ends_at - margin), outage.ends_at + margin)


def missed_around(outage: ObservedInterval) -> list[Coverage]:
    """Time around the outage's beginning in which its collector did not look, and why."""
    margin = timedelta(seconds=AROUND * outage.checked.interval_s)
    rows = Coverage.objects.filter(checked=outage.checked_id, starts_at__lt=outage.starts_at + margin)
    return list(rows.filter(ends_at__gt=outage.starts_at - margin).order_by("starts_at")[:50])
