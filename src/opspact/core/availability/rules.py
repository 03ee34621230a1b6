"""The readings the parties may choose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from opspact.core.availability.errors import BadGap, BadThreshold
from opspact.core.errors import BadObjective
from opspact.core.instants import MINUTE
from opspact.core.states import Observed


@dataclass(frozen=True)
class Rules:
    """The readings the parties may choose; the defaults are those of the platform.

    `decide_on_observed_fraction`: from this observed fraction on (such as 0.95) the verdict rests on the availability
    itself, not on best and worst. `merge_gap_us` only counts outages, it never adds downtime.
    Raises BadThreshold, BadGap.
    """

    decide_on_observed_fraction: Decimal | Fraction | None = None
    unknown_is_down: bool = False
    degraded_is_down: bool = False
    merge_gap_us: int = 5 * MINUTE

    def __post_init__(self) -> None:
        threshold = self.decide_on_observed_fraction
        if threshold is not None and not 0 < threshold <= 1:
            raise BadThreshold(value=str(threshold))
        if self.merge_gap_us < 0:
            raise BadGap(value=self.merge_gap_us)

    @property
    def faulty(self) -> tuple[Observed, ...]:
        """The observed states that count as down."""
        states = [Observed.DOWN]
        if self.degraded_is_down:
            states.append(Observed.DEGRADED)
        if self.unknown_is_down:
            states.append(Observed.UNKNOWN)
        return tuple(states)

    def rests_on_value(self, observed_us: int, measured_us: int) -> bool:
        """Whether enough was observed for the verdict to rest on the availability itself."""
        threshold = self.decide_on_observed_fraction
        if threshold is None or self.unknown_is_down or not observed_us:
            return False
        return observed_us >= Fraction(threshold) * measured_us


def checked_objective(objective: Decimal | Fraction) -> Fraction:
    """The objective as an exact fraction. Raises BadObjective."""
    goal = Fraction(objective)
    if not 0 < goal <= 1:
        raise BadObjective(value=str(objective))
    return goal
