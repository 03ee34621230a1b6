"""The contract's nine people and a month of theirs, for the tests of the generator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import HOUR
from opspact.core.rosters.generate import Problem, Staffing
from opspact.core.rosters.types import Assignment, Demand, HardRules, Need, Person, ShiftType, SpecialPeriod

ENGINEERS = frozenset({"host", "dba", "net", "terminal", "desk"})
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
