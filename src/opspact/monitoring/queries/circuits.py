"""How available the leased circuits of a contract were, each and by carrier, from the ledgers of their checks.

A circuit is up when all active checks of the targets linked to it are; time that nobody looked is unknown, and so is
time before it was watched. What was granted to its checks and targets is taken out, as for the business systems.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from django.utils.timezone import get_default_timezone, localtime

from opspact.assets.models import Carrier, Circuit
from opspact.contracts.models import Contract
from opspact.core.availability import Availability, measure
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.explain import Explanation, Step
from opspact.core.instants import to_us
from opspact.core.intervals import Interval
from opspact.core.words import N_
from opspact.monitoring.models import Check
from opspact.monitoring.queries.ledgers import granted_in, observed

TERM = "term"
RULE = N_("(service time − excluded − unknown − down) ÷ (service time − excluded − unknown), all circuits together")


@dataclass(frozen=True)
class CircuitFigures:
    """One circuit; `availability` None: nothing watches it, or it was not in service."""

    circuit: Circuit
    checks: tuple[Check, ...]
    availability: Availability | None


@dataclass(frozen=True)
class CarrierFigures:
    """A carrier's circuits (`carrier` None: circuits without one), and their time added up, µs."""

    carrier: Carrier | None
    circuits: tuple[CircuitFigures, ...]

    @property
    def measured(self) -> list[Availability]:
        return [each.availability for each in self.circuits if each.availability is not None]

    @property
    def seen_us(self) -> int:
        return sum(each.ast_us - each.excluded_us - each.unknown_us for each in self.measured)

    @property
    def counted_down_us(self) -> int:
        return sum(each.counted_down_us for each in self.measured)

    @property
    def outage_count(self) -> int:
        return sum(each.outage_count for each in self.measured)

    @property
    def availability(self) -> Fraction | None:
        return Fraction(self.seen_us - self.counted_down_us, self.seen_us) if self.seen_us else None

    @property
    def observed_fraction(self) -> Fraction | None:
        whole = sum(each.ast_us - each.excluded_us for each in self.measured)
        return Fraction(self.seen_us, whole) if whole else None

    @property
    def excluded_fraction(self) -> Fraction | None:
        whole = sum(each.ast_us for each in self.measured)
        return Fraction(sum(each.excluded_us for each in self.measured), whole) if whole else None

    def explain(self) -> Explanation:
        """The sums behind the carrier's figure."""
        parts = self.measured
        steps = (
            Step(N_("Circuits measured: %(measured)s of %(circuits)s."),
                 {"measured": len(parts), "circuits": len(self.circuits)}),
            Step(N_("Agreed service time: %(ast_us)s."), {"ast_us": sum(each.ast_us for each in parts)}),
            Step(N_("Excluded by approval: %(excluded_us)s."),
                 {"excluded_us": sum(each.excluded_us for each in parts)}),
            Step(N_("Unknown: %(unknown_us)s, never counted as up."),
                 {"unknown_us": sum(each.unknown_us for each in parts)}),
            Step(N_("Down: %(down_us)s in %(outages)s outages."),
                 {"down_us": self.counted_down_us, "outages": self.outage_count}),
        )  # fmt: skip
        return Explanation(RULE, "", {}, steps)


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
