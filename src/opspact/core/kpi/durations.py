"""Systems that were measured elsewhere, and when an observed share is enough to decide."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from opspact.core.availability import Rules
from opspact.core.kpi.errors import BadMeasure
from opspact.core.kpi.figures import Figure, judge_at_least
from opspact.core.kpi.measured import Measured, counted_down, ratio
from opspact.core.states import Verdict


@dataclass(frozen=True)
class MeasuredTime:
    """A system measured elsewhere: its durations in µs, from which the formulas of `docs/why/availability.md` follow.

    Raises BadMeasure when the parts do not fit into the agreed service time `ast_us`.
    """

    system: str
    ast_us: int
    excluded_us: int = 0
    unknown_us: int = 0
    down_us: int = 0
    degraded_us: int = 0
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        parts = (self.excluded_us, self.unknown_us, self.down_us, self.degraded_us)
        if min(self.ast_us, *parts) < 0 or sum(parts) > self.ast_us:
            raise BadMeasure(system=self.system)

    @property
    def availability(self) -> Fraction | None:
        if self.rules.unknown_is_down:
            return self.worst
        seen = self.ast_us - self.excluded_us - self.unknown_us
        return ratio(seen - counted_down(self), seen)

    @property
    def best(self) -> Fraction | None:
        left = self.ast_us - self.excluded_us
        return self.worst if self.rules.unknown_is_down else ratio(left - counted_down(self), left)

    @property
    def worst(self) -> Fraction | None:
        left = self.ast_us - self.excluded_us
        return ratio(left - self.unknown_us - counted_down(self), left)

    @property
    def observed_fraction(self) -> Fraction | None:
        left = self.ast_us - self.excluded_us
        return ratio(left - self.unknown_us, left)

    @property
    def excluded_fraction(self) -> Fraction | None:
        return ratio(self.excluded_us, self.ast_us)

    def judge(self, objective: Decimal | Fraction) -> Verdict:
        """By the bounds, or by the value itself from the agreed observed fraction on."""
        return judge_at_least(decided(figure_of(self), self.rules), objective)


def figure_of(one: Measured) -> Figure:
    """One system by itself."""
    return Figure(one.availability, one.best, one.worst, one.observed_fraction, one.excluded_fraction)


def decided(figure: Figure, rules: Rules) -> Figure:
    """The figure as the verdict rests on it."""
    return replace(figure, best=figure.value, worst=figure.value) if decides_itself(figure, rules) else figure


def decides_itself(figure: Figure, rules: Rules) -> bool:
    """Whether enough was observed for the value to stand by itself, as agreed."""
    threshold = rules.decide_on_observed_fraction
    if figure.value is None or figure.observed_fraction is None or threshold is None or rules.unknown_is_down:
        return False
    return figure.observed_fraction >= Fraction(threshold)
