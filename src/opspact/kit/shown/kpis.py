"""The KPI card: figure, objective, the range from worst to best, verdict, months, and the budget that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from opspact.core.explain import Explanation
from opspact.kit.shown import formats


@dataclass(frozen=True)
class KpiCard:
    """Fractions are exact (0.96 is 96%); None: nothing was measured. `months` make a line, None is a gap."""

    title: str
    value: Fraction | None
    objective: Fraction
    verdict: str
    best: Fraction | None = None
    worst: Fraction | None = None
    observed: Fraction | None = None
    excluded: Fraction | None = None
    budget_left_us: int | None = None
    months: Sequence[Fraction | None] = ()
    explanation: Explanation | None = None
    url: str = ""

    @property
    def scale(self) -> Scale:
        return Scale.for_figures([self.value, self.best, self.worst, self.objective])

    @property
    def objective_words(self) -> str:
        """96%, as contracts write it."""
        return formats.percent(self.objective).rstrip("%").rstrip("0").rstrip(".") + "%"

    @property
    def sparkline(self) -> list[str]:
        """Point lists for polylines in a box of 100 × 20; a month without a figure breaks the line."""
        figures = [figure for figure in self.months if figure is not None]
        if len(self.months) < 2 or not figures:
            return []
        low = min(figures)
        span = max(figures) - low or Fraction(1)
        runs: list[list[str]] = [[]]
        for index, figure in enumerate(self.months):
            if figure is None:
                runs.append([])
                continue
            x = 100 * index / (len(self.months) - 1)
            runs[-1].append(f"{x:.2f},{19 - 18 * float((figure - low) / span):.2f}")
        return [" ".join(run if len(run) > 1 else run * 2) for run in runs if run]  # one point alone is a dot


@dataclass(frozen=True)
class Scale:
    """A line from `low` to 100%; `at` gives places on it in per cent of its width."""

    low: Fraction

    @classmethod
    def for_figures(cls, figures: Sequence[Fraction | None]) -> Scale:
        """Begins a step of 5 points (above 90%: of 1) below the lowest figure; the page writes where."""
        lowest = min((figure for figure in figures if figure is not None), default=Fraction(0))
        step = Fraction(1, 100) if lowest > Fraction(9, 10) else Fraction(5, 100)
        return cls(max(Fraction(0), (lowest // step) * step - step))

    @property
    def low_words(self) -> str:
        return formats.percent(self.low)

    def at(self, figure: Fraction | None) -> str:
        if figure is None or self.low >= 1:
            return "0"
        return f"{100 * float((figure - self.low) / (1 - self.low)):.3f}"
