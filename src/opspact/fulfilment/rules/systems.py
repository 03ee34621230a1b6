"""What the availability rules share: each system's line, and the words for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from opspact.contracts.models import Kpi
from opspact.core.availability import Availability
from opspact.core.explain import Explanation, Step
from opspact.core.intervals import Interval
from opspact.core.kpi import Figure, Member
from opspact.core.states import Verdict
from opspact.core.words import N_
from opspact.fulfilment.readings import AVAILABILITY_QUESTIONS, Reading, readings
from opspact.fulfilment.rules.base import Source, SystemLine, objective_of

NOTHING_IN_SERVICE = N_("Nothing was in service in this period.")
NOT_WATCHED = N_("No check watches this system.")
NEVER_SEEN = N_("Nothing was seen of it in this period.")
DATA_IS_MISSING = N_("Data is missing that could turn the verdict; the client decides.")


def lines(source: Source, kpi: Kpi, period: Interval) -> tuple[SystemLine, ...]:
    """Each system that the indicator measures, in the order of the scope."""
    return tuple(line(source, [code], period, objective_of(kpi)) for code in source.codes(kpi))


def line(source: Source, codes: Sequence[str], period: Interval, objective: Fraction) -> SystemLine:
    """One system, or several in series under the name of all."""
    one = source.extract.measure(codes, period)
    systems = [source.extract.system(code) for code in codes]
    verdict = one.judge(objective)
    return SystemLine(
        code="+".join(codes),
        name=" + ".join(system.name for system in systems),
        availability=one,
        verdict=verdict,
        budget_left_us=budget_left(one, objective, period[1]),
        reason=_reason(one, verdict, is_watched=all(system.is_watched for system in systems)),
    )


def budget_left(one: Availability, objective: Fraction, until: int) -> int | None:
    """The downtime that may still happen, µs; None where too little was seen to say what was spent."""
    if one.availability is None or one.judge(objective) is Verdict.UNDECIDABLE:
        return None
    return one.budget_left(objective, until)


def _reason(one: Availability, verdict: Verdict, *, is_watched: bool) -> str:
    if not one.ast_us or verdict is Verdict.NOT_APPLICABLE:
        return NOTHING_IN_SERVICE
    if not is_watched:
        return NOT_WATCHED
    if one.availability is None:
        return NEVER_SEEN
    return DATA_IS_MISSING if verdict is Verdict.UNDECIDABLE else ""


def members(source: Source, systems: Sequence[SystemLine]) -> list[Member]:
    return [Member(each.availability, source.extract.system(each.code).weight) for each in systems]


def reason_of_group(verdict: Verdict, systems: Sequence[SystemLine]) -> str:
    if verdict is Verdict.NOT_APPLICABLE:
        return NOTHING_IN_SERVICE
    if verdict is not Verdict.UNDECIDABLE:
        return ""
    return next((each.reason for each in systems if each.reason == NOT_WATCHED), DATA_IS_MISSING)


def availability_readings(source: Source) -> tuple[Reading, ...]:
    return readings(source.contract.terms.kpi_rules, AVAILABILITY_QUESTIONS)


def explain(rule: str, kpi: Kpi, figure: Figure, verdict: Verdict, systems: Sequence[SystemLine]) -> Explanation:
    """The group's arithmetic: each system's value with its bounds, then the group's, then the verdict."""
    steps = [
        Step(
            N_("%(system)s: %(value_fraction)s (worst %(worst_fraction)s, best %(best_fraction)s)."),
            {"system": each.name} | _bounds(each.availability.availability, each.availability),
        )
        for each in systems
    ]
    steps.append(
        Step(
            N_("Together: %(value_fraction)s (worst %(worst_fraction)s, best %(best_fraction)s)."),
            _bounds(figure.value, figure),
        )
    )
    steps.append(
        Step(
            N_("Objective %(objective_fraction)s: %(verdict)s."),
            {"objective_fraction": str(objective_of(kpi)), "verdict": str(verdict)},
        )
    )
    return Explanation(rule=rule, clause=kpi.clause, steps=tuple(steps))


def _bounds(value: Fraction | None, bounds: Figure | Availability) -> dict[str, str | None]:
    return {
        "value_fraction": None if value is None else str(value),
        "worst_fraction": None if bounds.worst is None else str(bounds.worst),
        "best_fraction": None if bounds.best is None else str(bounds.best),
    }


def raw_of(systems: Sequence[SystemLine], *, mean: bool) -> Fraction | None:
    """With nothing excluded: the mean of the systems' raw values, or the lowest."""
    known = [each.availability.raw for each in systems if each.availability.raw is not None]
    if not known:
        return None
    return sum(known, Fraction(0)) / len(known) if mean else min(known)


def tightest_budget(systems: Sequence[SystemLine]) -> int | None:
    """The downtime that the system with the least of it may still have."""
    return min((each.budget_left_us for each in systems if each.budget_left_us is not None), default=None)
