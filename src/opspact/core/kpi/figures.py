"""Figures of a group, and their verdicts. A figure carries its bounds: the best and the worst it could be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from opspact.core.errors import NoSample
from opspact.core.kpi.measured import Measured
from opspact.core.states import Verdict


@dataclass(frozen=True)
class Figure:
    """`value` in its own unit (a ratio: 1 is 100%), None when nothing was there to measure; the truth lies in between.

    `best` and `worst` are the bounds that missing data leaves; both None means not applicable.
    """

    value: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    observed_fraction: Fraction | None = None
    excluded_fraction: Fraction | None = None


def mean_availability(systems: Sequence[Measured]) -> Figure:
    """Equal weight for each system with something to measure; best and worst are the means of theirs.

    A system that was never seen has no value of its own, but widens the bounds.
    """
    return Figure(
        value=_mean(system.availability for system in systems),
        best=_mean(system.best for system in systems),
        worst=_mean(system.worst for system in systems),
        observed_fraction=_mean(system.observed_fraction for system in systems),
        excluded_fraction=_mean(system.excluded_fraction for system in systems),
    )


def count_figure(confirmed: int, pending: int = 0) -> Figure:
    """A number of things; `pending` more may yet be judged to count. Raises NoSample for a negative number."""
    if confirmed < 0 or pending < 0:
        raise NoSample(part=confirmed, whole=pending)
    return Figure(Fraction(confirmed), Fraction(confirmed), Fraction(confirmed + pending))


def ratio_figure(part: int, whole: int, enough: int = 1) -> Figure:
    """`part` of `whole`; with fewer than `enough` the bounds are 0 and 1, so a person decides (样本不足).

    A whole of 0 is not applicable. Raises NoSample for a part below 0 or above the whole.
    """
    if not 0 <= part <= whole:
        raise NoSample(part=part, whole=whole)
    if whole == 0:
        return Figure(None, None, None)
    value = Fraction(part, whole)
    if whole < enough:
        return Figure(value, Fraction(1), Fraction(0))
    return Figure(value, value, value)


def judge_at_least(figure: Figure, objective: Decimal | Fraction | int) -> Verdict:
    """Met when even the lower bound reaches the objective, missed when not even the upper one does. Exact."""
    bounds = _bounds(figure)
    if bounds is None:
        return Verdict.NOT_APPLICABLE
    low, high = bounds
    if low >= Fraction(objective):
        return Verdict.MET
    return Verdict.MISSED if high < Fraction(objective) else Verdict.UNDECIDABLE


def judge_at_most(figure: Figure, objective: Decimal | Fraction | int) -> Verdict:
    """Met when even the upper bound stays within the objective, missed when not even the lower one does. Exact."""
    bounds = _bounds(figure)
    if bounds is None:
        return Verdict.NOT_APPLICABLE
    low, high = bounds
    if high <= Fraction(objective):
        return Verdict.MET
    return Verdict.MISSED if low > Fraction(objective) else Verdict.UNDECIDABLE


def from_percent(percent: Decimal) -> Decimal:
    """The fraction of an objective written in per cent: 96 is 0.96."""
    return percent.scaleb(-2)


def _bounds(figure: Figure) -> tuple[Fraction, Fraction] | None:
    if figure.best is None or figure.worst is None:
        return None
    return min(figure.best, figure.worst), max(figure.best, figure.worst)


def _mean(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
