"""What a measurement answers: figures with their bounds, the verdict, the budget, and the intervals behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from opspact.core.availability.explaining import explanation_of
from opspact.core.availability.outages import Outage
from opspact.core.availability.pieces import Pieces
from opspact.core.availability.rules import Rules, checked_objective
from opspact.core.explain import Explanation
from opspact.core.instants import Instant
from opspact.core.intervals import Interval
from opspact.core.states import State, Verdict
from opspact.core.timelines import StateTimeline


@dataclass(frozen=True)
class Availability:
    """One system in one period. Durations in µs of agreed service time, ratios exact or None where nothing was there.

    `down_us`, `degraded_us`, `unknown_us` are what was seen (`unusable_us` is the part of `down_us` that was seen
    degraded and called unusable by the client); `counted_down_us` is what the rules make of it. The raw figures are the
    same with nothing excluded. `horizon` is where counting stopped: the period's end, or now.
    """

    start: Instant
    horizon: Instant
    rules: Rules
    ast_us: int
    excluded_us: int
    unknown_us: int
    down_us: int
    degraded_us: int
    up_us: int
    unusable_us: int
    counted_down_us: int
    availability: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    raw: Fraction | None
    raw_best: Fraction | None
    raw_worst: Fraction | None
    observed_fraction: Fraction | None
    excluded_fraction: Fraction | None
    pieces: Pieces = field(repr=False, compare=False)
    time_to_come_us: Callable[[Instant, Instant], int] = field(repr=False, compare=False)

    @property
    def timeline(self) -> StateTimeline:
        """The six states, agreed service time only; made at the first use."""
        return self.pieces.timeline

    def intervals(self, state: State) -> list[Interval]:
        """The intervals that made one state's duration."""
        return [(start, end) for start, end, found in self.timeline if found is state]

    @property
    def excluded_intervals(self) -> list[Interval]:
        """Agreed service time taken out by an approval, of whichever kind."""
        return self.pieces.excluded.intervals()

    @property
    def counted_down_intervals(self) -> list[Interval]:
        """What made `counted_down_us`."""
        return self.pieces.counted_down

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The outages, oldest first; made at the first use."""
        return self.pieces.outages

    @property
    def outage_count(self) -> int:
        return len(self.outages)

    @property
    def longest_us(self) -> int:
        """Counted downtime of the longest outage; 0 without one."""
        return max((outage.down_us for outage in self.outages), default=0)

    @property
    def mttr_us(self) -> int | None:
        """Mean counted downtime of an outage, open ones up to the horizon; None without an outage."""
        return self.counted_down_us // len(self.outages) if self.outages else None

    @property
    def mtbf_us(self) -> int | None:
        """Mean counted uptime between outages: time seen in service and not down, by outages; None without one."""
        if not self.outages:
            return None
        return (self._measured_us - self.unknown_us - self._seen_down_us) // len(self.outages)

    def judge(self, objective: Decimal | Fraction) -> Verdict:
        """Against an objective as a fraction (96% is 0.96), exact and unrounded. Raises BadObjective."""
        goal = checked_objective(objective)
        if self.worst is None or self.best is None:
            return Verdict.NOT_APPLICABLE
        if self.availability is not None and self.decides_itself:
            return Verdict.MET if self.availability >= goal else Verdict.MISSED
        if self.worst >= goal:
            return Verdict.MET
        return Verdict.MISSED if self.best < goal else Verdict.UNDECIDABLE

    @property
    def decides_itself(self) -> bool:
        """Whether enough was observed for the verdict to rest on the availability alone."""
        return self.rules.rests_on_value(self._measured_us - self.unknown_us, self._measured_us)

    def budget_left(self, objective: Decimal | Fraction, term_end: Instant) -> int:
        """Downtime, µs, that may still happen until `term_end` with the objective met; below 0: met no more.

        All service time to come counts as observed, less what is excluded already. Unknown time is spent, unless
        enough will have been observed by then for the verdict to rest on the availability itself. Service time must be
        given up to `term_end`. Raises BadObjective.
        """
        goal = checked_objective(objective)
        to_come = self.time_to_come_us(self.horizon, term_end)
        measured = self._measured_us + to_come
        unknown = self.unknown_us
        if self.rules.rests_on_value(measured - unknown, measured):
            measured, unknown = measured - unknown, 0
        return (1 - goal) * measured // 1 - self._seen_down_us - unknown

    def explain(self, objective: Decimal | Fraction | None = None, clause: str = "") -> Explanation:
        """The arithmetic, step by step, with the verdict when an objective is given; `clause` is the contract's."""
        return explanation_of(self, None if objective is None else Fraction(objective), clause)

    @property
    def _measured_us(self) -> int:
        return self.ast_us - self.excluded_us

    @property
    def _seen_down_us(self) -> int:
        return self.down_us + (self.degraded_us if self.rules.degraded_is_down else 0)
