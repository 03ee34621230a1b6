"""Figures of indicators, their verdicts and what they add up to. `docs/why/kpi-figures.md`."""

from opspact.core.kpi.figures import (
    Figure,
    count_figure,
    from_percent,
    judge_at_least,
    judge_at_most,
    mean_availability,
    ratio_figure,
)

__all__ = [
    "Figure",
    "count_figure",
    "from_percent",
    "judge_at_least",
    "judge_at_most",
    "mean_availability",
    "ratio_figure",
]
