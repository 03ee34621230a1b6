"""What stands behind the figures of one leased circuit: its outages, and the time that was excluded or not looked at,
each with the records it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from opspact.contracts.models import Contract
from opspact.core.instants import from_us, to_us
from opspact.core.intervals import Interval
from opspact.core.states import State
from opspact.core.timelines import StateTimeline
from opspact.monitoring.models import GrantedInterval, ObservedInterval
from opspact.monitoring.queries.carriers import CircuitFigures
from opspact.monitoring.queries.granted import EFFECTIVE

MOST = 200
"""Rows of a table; the figures are of all."""


@dataclass(frozen=True)
class Outage:
    """As counted, with what its checks saw. `down_us` is what counts of it."""

    start: datetime
    end: datetime
    is_open: bool
    down_us: int
    seen: tuple[ObservedInterval, ...]


@dataclass(frozen=True)
class Excluded:
    """Service time taken out, and what was granted then."""

    start: datetime
    end: datetime
    lasted_us: int
    granted: tuple[GrantedInterval, ...]


@dataclass(frozen=True)
class Unseen:
    """Service time in which nobody looked."""

    start: datetime
    end: datetime
    lasted_us: int


def outages(one: CircuitFigures) -> list[Outage]:
    """The newest first. One query."""
    if one.availability is None or not (found := one.availability.outages):
        return []
    first, last = from_us(found[0].start), from_us(max(each.end for each in found))
    rows = ObservedInterval.objects.filter(checked__in=one.checks, seen="down", starts_at__lt=last)
    rows = rows.filter(Q(ends_at=None) | Q(ends_at__gt=first)).select_related("checked__target__contract")
    downs = list(rows.order_by("starts_at", "id"))
    shown = []
    for each in reversed(found[-MOST:]):
        start, end = from_us(each.start), from_us(each.end)
        seen = tuple(row for row in downs if row.starts_at < end and (row.ends_at is None or row.ends_at > start))
        shown.append(Outage(start, end, each.open, each.down_us, seen))
    return shown


def excluded(contract: Contract, one: CircuitFigures) -> list[Excluded]:
    """The newest first. One query."""
    spans = [] if one.availability is None else one.availability.excluded_intervals[-MOST:]
    if not spans:
        return []
    of_circuit = Q(checked__in=one.checks) | Q(target__in={check.target_id for check in one.checks})
    rows = GrantedInterval.objects.filter(EFFECTIVE & of_circuit, contract=contract)
    rows = rows.filter(starts_at__lt=from_us(spans[-1][1]), ends_at__gt=from_us(spans[0][0]))
    granted = list(rows.select_related("approved_by").order_by("starts_at", "id"))
    return [Excluded(*_ends(span), span[1] - span[0], tuple(_then(granted, span))) for span in reversed(spans)]


def unseen(one: CircuitFigures) -> list[Unseen]:
    """The newest first."""
    spans = [] if one.availability is None else one.availability.intervals(State.UNKNOWN)[-MOST:]
    return [Unseen(*_ends(span), span[1] - span[0]) for span in reversed(spans)]


def timeline(one: CircuitFigures) -> StateTimeline:
    return [] if one.availability is None else one.availability.timeline


def _ends(span: Interval) -> tuple[datetime, datetime]:
    return from_us(span[0]), from_us(span[1])


def _then(granted: list[GrantedInterval], span: Interval) -> list[GrantedInterval]:
    return [row for row in granted if to_us(row.starts_at) < span[1] and to_us(row.ends_at) > span[0]]
