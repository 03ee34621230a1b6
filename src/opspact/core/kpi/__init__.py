"""Figures of indicators, their verdicts and what they add up to. `docs/why/indicators.md`, `docs/why/scorecard.md`."""

from opspact.core.kpi.answers import Answer, Asked, Role, Used
from opspact.core.kpi.durations import MeasuredTime, decided, figure_of
from opspact.core.kpi.figures import (
    Figure,
    count_figure,
    from_percent,
    judge_at_least,
    judge_at_most,
    mean_availability,
    ratio_figure,
)
from opspact.core.kpi.groups import METHODS, Member, combined, verdict_of_each, verdict_of_group
from opspact.core.kpi.measured import Measured
from opspact.core.kpi.objectives import Direction, Objective

__all__ = [
    "METHODS",
    "Answer",
    "Asked",
    "Direction",
    "Figure",
    "Measured",
    "MeasuredTime",
    "Member",
    "Objective",
    "Role",
    "Used",
    "combined",
    "count_figure",
    "decided",
    "figure_of",
    "from_percent",
    "judge_at_least",
    "judge_at_most",
    "mean_availability",
    "ratio_figure",
    "verdict_of_each",
    "verdict_of_group",
]
