"""The contract's nine people and a month of theirs, small problems, and the proofs, for the tests of the generator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import HOUR
from opspact.core.rosters import check, prove, prove_special
from opspact.core.rosters.generate import Clash, Fixed, Problem, Roster, Staffing, generate
from opspact.core.rosters.types import Assignment, Demand, HardRules, Need, Person, ShiftType, SpecialPeriod

ENGINEERS = frozenset({"host", "dba", "net", "terminal", "desk"})
SHANGHAI = WorkCalendar.always("Asia/Shanghai")
MONDAY = date(2022, 10, 10)
PEOPLE = (
    Person("manager", frozenset({"manager"})),
    Person("host", frozenset({"host"})),
    Person("dba", frozenset({"dba"})),
    *(Person(f"net{i}", frozenset({"net"})) for i in range(1, 5)),
    Person("terminal", frozenset({"terminal"})),
    Person("desk", frozenset({"desk"})),
)
DAY = ShiftType("day", 8 * 60, 12 * 60)
NIGHT = ShiftType("night", 20 * 60, 12 * 60)
OFFICE = ShiftType("office", 9 * 60, 8 * 60)
RULES = HardRules(
    min_rest_us=11 * HOUR,
    max_us_in_7_days=60 * HOUR,
    max_us_a_month=200 * HOUR,
    max_consecutive_days=7,
    max_consecutive_nights=3,
    forbidden_sequences=frozenset({("night", "day")}),
    clauses={"min_rest_us": "annex 1"},
)


def need(role: str, at_least: int = 1) -> Need:
    return Need(at_least, frozenset({role}) if role else frozenset())


def days_from(first: date, until: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=i) for i in range((until - first).days))


def month(calendar: WorkCalendar, first: date, until: date, **other: object) -> Problem:
    """Network watched round the clock; on working days one of each other role in the office, on rest days two hands.

    October 2022 has the National Day holiday, in which every engineer takes part.
    """
    days = frozenset(days_from(first, until))
    working = frozenset(day for day in days if calendar.is_working_day(day))
    start, end = calendar.day_start(first), calendar.day_start(until)
    office = tuple(need(role) for role in ("manager", "host", "dba", "terminal", "desk"))
    problem = Problem(
        code="october",
        calendar=calendar,
        first=first,
        until=until,
        people=PEOPLE,
        shifts=(DAY, NIGHT, OFFICE),
        staffings=(
            Staffing("office", "office", working, office),
            Staffing("by day", "day", days - working, (Need(2, ENGINEERS),), at_most=3),
            Staffing("by day, working", "day", working, ()),
            Staffing("by night", "night", days, (Need(1, ENGINEERS),)),
        ),
        demands=(Demand("watch", (need("net"),), [(start, end)], clause="A1 四"),),
        special=(SpecialPeriod("national day", start, calendar.day_start(date(2022, 10, 8)), (Need(1),), ENGINEERS),),
        rules=RULES,
        before=(Assignment("net1", "", start - 4 * HOUR, start + 8 * HOUR, shift="night"),),
    )
    return replace(problem, **other)


def small(people: int, days: int, /, **other: object) -> Problem:
    dates = frozenset(MONDAY + timedelta(days=i) for i in range(days))
    problem = Problem(
        code="small",
        calendar=SHANGHAI,
        first=MONDAY,
        until=MONDAY + timedelta(days=days),
        people=tuple(Person(code, frozenset({"net"})) for code in "abc"[:people]),
        shifts=(DAY, NIGHT),
        staffings=(Staffing("d", "day", dates, (Need(1),)), Staffing("n", "night", dates, (Need(1),))),
    )
    return replace(problem, **other)


def made(problem: Problem, seconds: int = 20) -> Roster:
    answer = generate(problem, seconds=seconds, seed=1)
    assert isinstance(answer, Roster), [rule.text % rule.params for rule in answer.rules]
    return answer


def clash(problem: Problem) -> list[str]:
    answer = generate(problem, seconds=20, seed=1)
    assert isinstance(answer, Clash)
    assert answer.minimal
    return [rule.text % rule.params for rule in answer.rules]


def keeps_every_rule(problem: Problem, duties: tuple[Assignment, ...]) -> bool:
    """By the general proofs alone: coverage, special periods, limits, each shift's needs, leave, fixed, no overlap."""
    start, end = problem.calendar.day_start(problem.first), problem.calendar.day_start(problem.until)
    served = [*problem.before, *duties]
    inside = [replace(d, times=[(max(a, start), min(b, end)) for a, b in d.times]) for d in problem.demands]
    return (
        all(proof.holds for proof in prove(inside, served, problem.people))
        and all(proof.holds for proof in prove_special(problem.special, served, problem.people))
        and not check(served, problem.people, problem.rules, problem.calendar, start, end, problem.shifts)
        and _staffed(problem, duties)
        and not any(d.person == a.person and d.start < a.end and a.start < d.end for d in duties for a in problem.leave)
        and all(_is_kept(problem, fixed, duties) for fixed in problem.fixed)
        and not any(
            a is not b and a.person == b.person and a.start < b.end and b.start < a.end for a in served for b in served
        )
    )


def starts(problem: Problem, shift: str, day: date) -> int:
    minute = next(kind.start_minute for kind in problem.shifts if kind.code == shift)
    return problem.calendar.day_start(day) + minute * 60_000_000


def _staffed(problem: Problem, duties: tuple[Assignment, ...]) -> bool:
    for staffing in problem.staffings:
        for day in staffing.days:
            at = starts(problem, staffing.shift, day)
            there = [duty for duty in duties if duty.shift == staffing.shift and duty.start == at]
            demand = Demand("x", staffing.needs or (), [(at, at + 1)])
            if not prove([demand], there, problem.people)[0].holds:
                return False
            if staffing.at_most is not None and len(there) > staffing.at_most:
                return False
    return True


def _is_kept(problem: Problem, fixed: Fixed, duties: tuple[Assignment, ...]) -> bool:
    at = starts(problem, fixed.shift, fixed.day)
    return fixed.serves == any((d.person, d.shift, d.start) == (fixed.person, fixed.shift, at) for d in duties)
