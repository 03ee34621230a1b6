"""How available the leased circuits of a contract were, each and by carrier, from the ledgers of their checks.

A circuit is up when all active checks of the targets linked to it are; time that nobody looked is unknown, and so is
time before it was watched. What was granted to its checks and targets is taken out, as for the business systems.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import get_default_timezone, localtime

from opspact.assets.models import Circuit
from opspact.contracts.models import Contract
from opspact.core.availability import Availability, measure
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.instants import to_us
from opspact.core.intervals import Interval
from opspact.monitoring.models import Check
from opspact.monitoring.queries.carriers import CarrierFigures, CircuitFigures
from opspact.monitoring.queries.ledgers import granted_in, observed

TERM = "term"


def periods(contract: Contract, now: datetime) -> list[str]:
    """What may be asked for: the term so far, and the calendar years it touches, the newest first."""
    first, last = localtime(contract.starts_at).year, localtime(contract.as_of(now)).year
    return [*(str(year) for year in range(last, first - 1, -1)), TERM]


def period_of(contract: Contract, asked: str, now: datetime) -> Interval:
    """µs of the year asked for, or of the term; never outside the term, never after now."""
    start, end = contract.starts_at, max(contract.starts_at, contract.as_of(now))
    if asked == TERM:
        return to_us(start), to_us(end)
    year = int(asked)
    begin = min(max(start, _midnight(date(year, 1, 1))), end)
    return to_us(begin), to_us(max(begin, min(end, _midnight(date(year + 1, 1, 1)))))


def by_carrier(contract: Contract, period: Interval, now: datetime) -> list[CarrierFigures]:
    """Every carrier with its circuits, by code. Four queries, however many circuits there are."""
    circuits = Circuit.objects.filter(contract=contract, deleted_at=None).order_by("carrier__code", "code")
    found: dict[int | None, list[CircuitFigures]] = defaultdict(list)
    for each in figures(contract, list(circuits.select_related("carrier", "contract")), period, now):
        found[each.circuit.carrier_id].append(each)
    return [CarrierFigures(group[0].circuit.carrier, tuple(group)) for group in found.values()]


def figures(contract: Contract, circuits: Sequence[Circuit], period: Interval, now: datetime) -> list[CircuitFigures]:
    """These circuits in a period, in their order. Three queries."""
    rows = Check.objects.filter(target__circuit__in=circuits, is_active=True, target__is_active=True)
    checks: dict[Any, list[Check]] = defaultdict(list)
    for check in rows.select_related("target").order_by("target__code", "kind"):
        checks[check.target.circuit_id].append(check)
    every = [check for group in checks.values() for check in group]
    seen = observed({check.pk: check.key for check in every}, period)
    _systems, granted = granted_in(contract, every, period)
    found = []
    for circuit in circuits:
        mine = checks[circuit.pk]
        ledger = _ledger(circuit, mine, seen, granted, period)
        found.append(CircuitFigures(circuit, tuple(mine), _measured(ledger, period, now) if mine else None))
    return found


def _ledger(circuit: Circuit, checks: Iterable[Check], seen: Any, granted: Any, period: Interval) -> SystemLedger:
    keys = [check.key for check in checks]
    rule = Expression(need=len(keys), of=tuple(Expression(code=key) for key in keys))
    return SystemLedger(
        code=circuit.code,
        name=str(circuit),
        in_service=in_service(circuit, period),
        rules=((None, None, rule),) if keys else (),
        checks={key: seen.get(key, []) for key in keys},
        check_grants={key: tuple(granted[key]) for key in keys if key in granted},
    )


def _measured(ledger: SystemLedger, period: Interval, now: datetime) -> Availability | None:
    if not ledger.in_service:
        return None
    start, end = period
    line = ledger.seen(start, end)
    granted = ledger.grants(line, start, end, to_us(now))
    return measure(line, granted, period=period, in_service=ledger.in_service, now=to_us(now))


def in_service(circuit: Circuit, period: Interval) -> tuple[Interval, ...]:
    """The part of the period from the day the circuit was opened to the day it was closed, µs; local days."""
    start, end = period
    if circuit.opened_on:
        start = max(start, to_us(_midnight(circuit.opened_on)))
    if circuit.closed_on:
        end = min(end, to_us(_midnight(circuit.closed_on)))
    return ((start, end),) if start < end else ()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_default_timezone())
