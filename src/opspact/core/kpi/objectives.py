"""What an indicator has to reach, in the figure's own unit: 24/25 for ≥ 96%, 0 for no case at all."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from opspact.core.kpi.figures import Figure, judge_at_least, judge_at_most
from opspact.core.states import Verdict


class Direction(StrEnum):
    """Which side of the objective is good."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True)
class Objective:
    """`value` is a ratio (1 is 100%) or a number of cases."""

    direction: Direction
    value: Fraction

    @classmethod
    def at_least(cls, value: Decimal | Fraction | int | str) -> "Objective":
        """From an exact number: `Objective.at_least("0.96")`."""
        return cls(Direction.AT_LEAST, Fraction(value))

    @classmethod
    def at_most(cls, value: Decimal | Fraction | int | str) -> "Objective":
        """From an exact number: `Objective.at_most(0)`."""
        return cls(Direction.AT_MOST, Fraction(value))

    def judge(self, figure: Figure) -> Verdict:
        """Against the figure's bounds, exact and unrounded."""
        judge = judge_at_least if self.direction is Direction.AT_LEAST else judge_at_most
        return judge(figure, self.value)
