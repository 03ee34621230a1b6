"""Every indicator of a contract in a period, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from opspact.contracts.models import Contract
from opspact.core.instants import to_us
from opspact.core.intervals import Interval
from opspact.core.states import Verdict
from opspact.fulfilment import periods
from opspact.fulfilment.periods import Period, Term
from opspact.fulfilment.queries import Scope, extract_of, scope_of
from opspact.fulfilment.rules import Result, Source, compute


@dataclass(frozen=True)
class Assessment:
    """The contract's indicators in `period`, as known at `now`, in the order of annex 2."""

    contract: Contract
    period: Period
    now: datetime
    scope: Scope
    source: Source
    results: tuple[Result, ...]

    def of(self, code: str) -> Result | None:
        return next((result for result in self.results if result.kpi.code == code), None)

    def verdicts(self, verdict: Verdict) -> list[Result]:
        return [result for result in self.results if result.verdict is verdict]

    @property
    def unserved(self) -> list[Result]:
        return [result for result in self.results if not result.is_served]


def term_of(contract: Contract) -> Term:
    return Term.of(contract.starts_at, contract.ends_at, contract.terms.zone)


def span(period: Period) -> Interval:
    """The period as core takes it, µs."""
    return to_us(period.start), to_us(period.end)


def assess(contract: Contract, period: Period, now: datetime, *, window: Interval | None = None) -> Assessment:
    """Compute all indicators. `window` (µs) loads more than the period, for months beside it."""
    scope = scope_of(contract)
    start, end = span(period)
    wide = (start, end) if window is None else (min(start, window[0]), max(end, window[1]))
    source = Source(contract, extract_of(contract, scope, wide, now), scope.by_kpi)
    results = tuple(compute(source, kpi, (start, end)) for kpi in contract.kpis.order_by("position"))
    return Assessment(contract, period, now, scope, source, results)


def assess_with_months(
    contract: Contract, period: Period, now: datetime
) -> tuple[Assessment, dict[str, list[Fraction | None]]]:
    """The assessment, and by indicator code its figure in each local month of the term that has begun."""
    term = term_of(contract)
    months = [periods.month(first, term.zone) for first in term.months()]
    months = [month for month in months if month.start < now]
    window = (to_us(months[0].start), to_us(months[-1].end)) if months else None
    assessment = assess(contract, period, now, window=window)
    served = [result for result in assessment.results if result.is_served]
    return assessment, {result.kpi.code: _by_month(assessment.source, result, months) for result in served}


def _by_month(source: Source, result: Result, months: Sequence[Period]) -> list[Fraction | None]:
    figures = [compute(source, result.kpi, span(month)).figure for month in months]
    return [None if figure is None else figure.value for figure in figures]
