"""One figure of several systems: which one is a reading of the contract, see `docs/why/kpi-figures.md`."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from opspact.core.availability import Rules
from opspact.core.kpi.durations import decided
from opspact.core.kpi.figures import Figure, judge_at_least, mean_availability
from opspact.core.kpi.measured import Measured, counted_down, ratio
from opspact.core.states import Verdict


class Member(NamedTuple):
    """A system's availability and its weight in a mean by importance."""

    availability: Measured
    weight: int = 1
    code: str = ""


def combined(method: str, members: Sequence[Member], rules: Rules) -> Figure:
    """The group's figure: `equal`, `time`, `importance` (means), or `minimum`. Raises KeyError for another method.

    Where the observed fraction reaches the agreed one, the figure decides itself: best and worst collapse onto it.
    """
    return decided(METHODS[method](members), rules)


def verdict_of_each(members: Sequence[Member], objective: Fraction) -> Verdict:
    """Missed as soon as one system misses, met when each one that was measured meets, else undecidable."""
    verdicts = {member.availability.judge(objective) for member in members} - {Verdict.NOT_APPLICABLE}
    if not verdicts:
        return Verdict.NOT_APPLICABLE
    if Verdict.MISSED in verdicts:
        return Verdict.MISSED
    return Verdict.UNDECIDABLE if Verdict.UNDECIDABLE in verdicts else Verdict.MET


def verdict_of_group(method: str, members: Sequence[Member], rules: Rules, objective: Fraction) -> Verdict:
    """The figure as a whole against the objective."""
    return judge_at_least(combined(method, members, rules), objective)


def equal(members: Sequence[Member]) -> Figure:
    """The same weight for each system with something to measure; one never seen widens the bounds."""
    return mean_availability([member.availability for member in members])


def by_time(members: Sequence[Member]) -> Figure:
    """Σ up ÷ Σ measured: a system in service longer weighs more."""
    each = [member.availability for member in members]
    agreed = sum(one.ast_us for one in each)
    excluded = sum(one.excluded_us for one in each)
    unknown = sum(one.unknown_us for one in each)
    seen = agreed - excluded - unknown
    down = sum(counted_down(one) for one in each)
    is_down = any(one.rules.unknown_is_down for one in each)
    return Figure(
        value=ratio(seen - down, seen + unknown if is_down else seen),
        best=ratio(seen - down if is_down else seen + unknown - down, seen + unknown),
        worst=ratio(seen - down, seen + unknown),
        observed_fraction=ratio(seen, seen + unknown),
        excluded_fraction=ratio(excluded, agreed),
    )


def by_importance(members: Sequence[Member]) -> Figure:
    """The mean weighted by each member's weight; all weights 0: not applicable."""
    return Figure(*(_weighted(members, name) for name in _FIELDS))


def minimum(members: Sequence[Member]) -> Figure:
    """The worst system; its bounds, the smallest share observed and the largest excluded of any system."""
    value, best, worst, observed = (min(_known(members, name), default=None) for name in _FIELDS[:-1])
    return Figure(value, best, worst, observed, max(_known(members, _FIELDS[-1]), default=None))


METHODS: dict[str, Callable[[Sequence[Member]], Figure]] = {
    "equal": equal,
    "time": by_time,
    "importance": by_importance,
    "minimum": minimum,
}


_FIELDS = ("availability", "best", "worst", "observed_fraction", "excluded_fraction")


def _known(members: Sequence[Member], name: str) -> list[Fraction]:
    return [value for member in members if (value := getattr(member.availability, name)) is not None]


def _weighted(members: Sequence[Member], name: str) -> Fraction | None:
    known = [(value, one.weight) for one in members if (value := getattr(one.availability, name)) is not None]
    total = sum(weight for _, weight in known)
    return sum((value * weight for value, weight in known), Fraction(0)) / total if total else None
