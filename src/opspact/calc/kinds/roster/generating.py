"""The document's question to the generator, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opspact.calc.kinds.roster.answer import GeneratedOut
from opspact.calc.kinds.roster.people import GenerateIn, StaffingIn
from opspact.calc.kinds.roster.reading import Reading, needs
from opspact.calc.language import Words
from opspact.calc.running import at
from opspact.core.explain import Explanation
from opspact.core.inputs import Wrong
from opspact.core.rosters import Assignment, Days
from opspact.core.rosters.generate import generate
from opspact.core.rosters.generate_types import Clash, Fixed, Problem, Staffing, Wish
from opspact.core.rosters.laying import admits
from opspact.core.rosters.walls import wall_of
from opspact.core.words import N_


@dataclass(frozen=True)
class Generated:
    """The generator's answer, its duties (none if rules clash) and how it came about."""

    out: GeneratedOut
    duties: list[Assignment]
    explanation: Explanation


def generated(reading: Reading, asked: GenerateIn, before: list[Assignment], words: Words) -> Generated:
    """A roster for the local days of the period, after the duties `before` that reach into it.

    Raises Refused, also if the solver is not installed.
    """
    first, until = _days(reading)
    days = [date.fromordinal(n) for n in range(first.toordinal(), until.toordinal())]
    with at("generate"):
        if any((duty.start if duty.shift_at is None else duty.shift_at) >= reading.start for duty in before):
            raise Wrong(N_("duties that begin in the period are given under fixed, not as duties or rotations"))
        problem = Problem(
            code="generated",
            calendar=reading.calendar,
            first=first,
            until=until,
            people=tuple(reading.people),
            shifts=tuple(reading.shifts),
            staffings=tuple(_staffing(reading, staffing, days) for staffing in asked.staffings),
            demands=tuple(reading.demands()),
            special=tuple(reading.special_periods()),
            rules=reading.rules(),
            leave=tuple(reading.leave()),
            fixed=tuple(Fixed(f.code, f.person, f.day, f.shift, f.serves) for f in asked.fixed),
            wishes=tuple(Wish(w.code, w.person, w.day, w.shift, w.serves, w.weight) for w in asked.wishes),
            before=tuple(before),
        )
        answer = generate(problem, seconds=asked.seconds, seed=asked.seed)
    if isinstance(answer, Clash):
        clash = [words.sentence(rule.text, rule.params) for rule in answer.rules]
        out = GeneratedOut(
            found=False,
            best=False,
            cost=None,
            bound=None,
            refused_wishes=[],
            clash=clash,
            clash_is_minimal=answer.minimal,
        )
        return Generated(out, [], answer.explanation)
    out = GeneratedOut(
        found=True,
        best=answer.best,
        cost=answer.cost,
        bound=answer.bound,
        refused_wishes=list(answer.refused_wishes),
        clash=[],
        clash_is_minimal=None,
    )
    return Generated(out, list(answer.assignments), answer.explanation)


def _days(reading: Reading) -> tuple[date, date]:
    """The local days of the period, which must be whole."""
    wall = wall_of(reading.calendar.zone)
    first, until = wall.day_of(reading.start), wall.day_of(reading.end)
    with at("period"):
        if (wall.at(first), wall.at(until)) != (reading.start, reading.end):
            raise Wrong(N_("a roster is generated for whole days"))
    return first, until


def _staffing(reading: Reading, given: StaffingIn, days: list[date]) -> Staffing:
    admitted = [day for day in days if admits(Days(given.on), reading.calendar, day)]
    on = frozenset(admitted if given.days is None else given.days)
    wanted = None if given.needs is None else needs(given.needs)
    return Staffing(given.code, given.shift, on, wanted, given.at_most, given.clause)
