"""Availability with what is missing beside it. Formulas, settings and a worked table: `docs/why/availability.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from opspact.core.availability.columns import NOWHERE, Columns, Spans
from opspact.core.availability.errors import PieceReversed
from opspact.core.availability.grants import Granted, Judged, judged
from opspact.core.availability.pieces import Pieces
from opspact.core.availability.result import Availability
from opspact.core.availability.rules import Rules
from opspact.core.instants import Instant
from opspact.core.intervals import Interval
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

__all__ = ["Availability", "Basis", "Granted", "Rules", "measure", "percent", "series"]

Bounds: TypeAlias = tuple[Fraction | None, Fraction | None, Fraction | None]


@dataclass(frozen=True, eq=False)
class Basis:
    """One system's ledgers made ready once, to be measured over any number of periods, by bisection.

    `service_time` None is 7×24. Nothing after `now` counts, no approval after it either.
    """

    columns: Columns
    granted: Judged
    unusable: Spans
    in_service: Spans
    service_time: Spans | None
    now: Instant
    rules: Rules

    @classmethod
    def of(
        cls,
        observed: ObservedTimeline | Columns,
        granted: Iterable[Granted],
        *,
        in_service: Iterable[Interval],
        service_time: Iterable[Interval] | Spans | None = None,
        now: Instant,
        rules: Rules | None = None,
    ) -> Basis:
        """As `measure`. For many systems, make the `Spans` of their common service time once."""
        columns = observed if isinstance(observed, Columns) else Columns.of(observed)
        grants = judged(granted, now)
        if service_time is not None and not isinstance(service_time, Spans):
            service_time = Spans.of(service_time, "service_time")
        unusable = columns[Observed.DEGRADED].both(grants.unusable) if grants.unusable else NOWHERE
        served = Spans.of(in_service, "in_service")
        return cls(columns.marked_down(unusable), grants, unusable, served, service_time, now, rules or Rules())

    def agreed(self, start: Instant, end: Instant) -> Spans:
        """The agreed service time in [start, end)."""
        served = self.in_service.within(start, end)
        return served if self.service_time is None else served.both(self.service_time)

    def time_to_come_us(self, start: Instant, end: Instant) -> int:
        """Agreed service time in [start, end) that no approval has taken out."""
        agreed = self.agreed(start, max(start, end))
        return agreed.total_us - agreed.common_us(self.granted.excluded)

    def measure(self, period: Interval) -> Availability:
        """The availability in one period. Raises PieceReversed."""
        start, end = period
        if end < start:
            raise PieceReversed(element="period", position=0, start=start, end=end)
        horizon = max(start, min(end, self.now))
        agreed = self.agreed(start, horizon)
        pieces = Pieces(
            start, horizon, agreed, agreed.both(self.granted.excluded), self.columns, self.granted, self.rules
        )
        raw = {state: agreed.common_us(self.columns[state]) for state in _NOT_UP}
        return self._answer(pieces, raw)

    def _answer(self, pieces: Pieces, raw: dict[Observed, int]) -> Availability:
        ast, excluded = pieces.agreed.total_us, pieces.excluded.total_us
        us = {state: raw[state] - pieces.excluded.common_us(self.columns[state]) for state in _NOT_UP}
        measured, unknown = ast - excluded, us[Observed.UNKNOWN]
        value, best, worst = _bounds(measured, us, self.rules)
        raw_value, raw_best, raw_worst = _bounds(ast, raw, self.rules)
        return Availability(
            start=pieces.start,
            horizon=pieces.horizon,
            rules=self.rules,
            ast_us=ast,
            excluded_us=excluded,
            unknown_us=unknown,
            down_us=us[Observed.DOWN],
            degraded_us=us[Observed.DEGRADED],
            up_us=measured - sum(us.values()),
            unusable_us=pieces.left.common_us(self.unusable) if self.unusable else 0,
            counted_down_us=sum(us[state] for state in self.rules.faulty),
            availability=value,
            best=best,
            worst=worst,
            raw=raw_value,
            raw_best=raw_best,
            raw_worst=raw_worst,
            observed_fraction=_ratio(measured - unknown, measured),
            excluded_fraction=_ratio(excluded, ast),
            pieces=pieces,
            time_to_come_us=self.time_to_come_us,
        )


_NOT_UP = (Observed.DOWN, Observed.DEGRADED, Observed.UNKNOWN)


def measure(
    observed: ObservedTimeline | Columns,
    granted: Iterable[Granted],
    *,
    period: Interval,
    in_service: Iterable[Interval],
    service_time: Iterable[Interval] | Spans | None = None,
    now: Instant,
    rules: Rules | None = None,
) -> Availability:
    """The availability of one system in `period`, nothing later than `now`.

    `in_service`: when the system was in service; `service_time`: the agreed hours (None: 7×24). What `observed` leaves
    open is unknown. `Granted` says what counts; time in maintenance and in an excuse counts once, as maintenance.
    Raises PieceReversed, PiecesOverlap, PieceUnknownState, BadGrant: each names the element and its position.
    """
    basis = Basis.of(observed, granted, in_service=in_service, service_time=service_time, now=now, rules=rules)
    return basis.measure(period)


def series(basis: Basis, periods: Iterable[Interval]) -> list[Availability]:
    """Many periods of one ledger, such as the months of a year: the ledger is read once. Raises PieceReversed."""
    return [basis.measure(period) for period in periods]


def percent(fraction: Fraction, places: int = 2) -> Decimal:
    """For display only: per cent, cut off and not rounded, so that 95.996 shows as 95.99 and never as met."""
    return Decimal(int(fraction * 100 * 10**places)).scaleb(-places)


def _bounds(measured: int, us: Mapping[Observed, int], rules: Rules) -> Bounds:
    """Availability, best and worst; `measured` is the time not excluded, unknown included."""
    unknown = us[Observed.UNKNOWN]
    down = us[Observed.DOWN] + (us[Observed.DEGRADED] if rules.degraded_is_down else 0)
    worst = _ratio(measured - unknown - down, measured)
    if rules.unknown_is_down or not unknown:
        return worst, worst, worst
    return _ratio(measured - unknown - down, measured - unknown), _ratio(measured - down, measured), worst


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
