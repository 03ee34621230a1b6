"""What the answer holds: figures, verdicts, the records behind them, projections, the score."""

from __future__ import annotations

from opspact.calc.language import Explained
from opspact.calc.values import Part


class FigureOut(Part):
    """A share as an exact fraction "a/b", or a number; null where nothing was there to measure."""

    value: str | None
    best: str | None
    worst: str | None
    shown: str | None
    """The value for people: per cent cut off to two decimals, or the number."""


class RecordOut(Part):
    """One record and why it has its role."""

    id: str
    why: str


class RecordsOut(Part):
    """The records by what they did to the figure."""

    counted_for: list[RecordOut]
    counted_against: list[RecordOut]
    pending: list[RecordOut]
    left_out: list[RecordOut]


class ProjectionOut(Part):
    """What must hold from now on to meet the objective at the end of the term. Keys that do not apply are null."""

    outlook: str
    """safe, at_risk or lost."""
    reason: str
    budget_used: str | None
    """Share of the budget that is used, exact; null without a budget."""
    term_elapsed: str
    burn_rate: str | None
    """Share used ÷ share elapsed, exact; above 1 the budget ends before the term."""
    needed: int | None = None
    """Good ratings (or points) that must come of those expected; tickets without a further complaint."""
    may_be_bad: int | None = None
    """Bad ratings (or points), complaints or cases that may still come; below 0 lost by that many."""
    hold: str | None = None
    """Availability that every system must hold from now on, exact."""
    hold_shown: str | None = None
    """The same in per cent, rounded up to two decimals: a limit is never shown as less."""
    downtime_left: dict[str, str] = {}
    """By system, alone, h:mm:ss."""


class CutOut(Part):
    """One contract month or quarter by itself, and the term up to its end."""

    number: int
    first_on: str
    last_on: str
    figure: FigureOut
    verdict: str
    cumulative: FigureOut
    cumulative_verdict: str


class IndicatorOut(Part):
    """One indicator in the period."""

    code: str
    name: str
    rule: str
    objective: str
    figure: FigureOut
    verdict: str
    reason: str
    """Why there is no clear verdict."""
    beside: dict[str, FigureOut]
    """Figures that are shown and judge nothing: the other method, each system, other kinds."""
    alerts: list[str]
    records: RecordsOut
    projection: ProjectionOut | None
    """Null without a term, or without the number expected to come."""
    series: list[CutOut]
    """The parts of the term that have begun; none for systems given by durations, which belong to one period."""


class ScoreOut(Part):
    """Points of 100, exact as "a/b" and cut off for display."""

    best: str
    worst: str
    shown: str
    """One number once it is decided, else "worst – best"."""


class RowOut(Part):
    """One indicator in the scorecard."""

    code: str
    verdict: str
    judged: str
    """The verdict that scores: as the client adjudicated, else as measured."""
    weight: str
    points: dict[str, ScoreOut] | None
    why_not_scored: str


class ReviewOut(Part):
    """The client's review, and whether its silence passed the period. No measured value changes by it."""

    due_on: str
    is_over: bool
    deemed_passed: bool
    provisional_years: list[int]


class ScorecardOut(Part):
    """The assessment. `grade` is null while it is not decided."""

    score: ScoreOut | None
    grade: str | None
    best_grade: str | None
    worst_grade: str | None
    passed: str
    """By measurement and marks: met, missed, undecidable or not_applicable."""
    vetoed: list[str]
    veto_open: list[str]
    overall_only: list[str]
    """Indicators that missed although each of their sub-rows met."""
    parts: dict[str, ScoreOut]
    rows: list[RowOut]
    review: ReviewOut | None


class Output(Part):
    """All indicators in their order, then the scorecard."""

    contract: str
    period: tuple[str, str]
    now: str
    indicators: list[IndicatorOut]
    scorecard: ScorecardOut | None
    explain: list[Explained]
