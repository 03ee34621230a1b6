"""A month of the contract's nine people: the network watched round the clock, a holiday that all engineers serve in."""

from __future__ import annotations

from datetime import date, timedelta

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import HOUR
from opspact.core.rosters import Assignment, Demand, HardRules, Need, Person, ShiftType, SpecialPeriod
from opspact.core.rosters.generate import Problem, Staffing

FIRST, UNTIL = date(2022, 10, 1), date(2022, 11, 1)
OTHERS = ("manager", "host", "dba", "terminal", "desk")
ENGINEERS = frozenset({"host", "dba", "net", "terminal", "desk"})


def month(calendar: WorkCalendar) -> Problem:
    """October 2022 with a week of holiday, two make-up days, and a night duty reaching in from September."""
    days = frozenset(FIRST + timedelta(days=i) for i in range((UNTIL - FIRST).days))
    working = frozenset(day for day in days if calendar.is_working_day(day))
    start, end = calendar.day_start(FIRST), calendar.day_start(UNTIL)
    return Problem(
        code="2022-10",
        calendar=calendar,
        first=FIRST,
        until=UNTIL,
        people=(
            *(Person(role, frozenset({role})) for role in OTHERS),
            *(Person(f"net{i}", frozenset({"net"})) for i in range(1, 5)),
        ),
        shifts=(
            ShiftType("day", 8 * 60, 12 * 60),
            ShiftType("night", 20 * 60, 12 * 60),
            ShiftType("office", 9 * 60, 8 * 60),
        ),
        staffings=(
            Staffing("office", "office", working, tuple(Need(1, frozenset({role})) for role in OTHERS)),
            Staffing("by day", "day", days - working, (Need(2, ENGINEERS),), at_most=3),
            Staffing("by day, working", "day", working),
            Staffing("by night", "night", days, (Need(1, ENGINEERS),)),
        ),
        demands=(Demand("watch", (Need(1, frozenset({"net"})),), [(start, end)], clause="A1 四"),),
        special=(SpecialPeriod("National Day", start, calendar.day_start(date(2022, 10, 8)), (Need(1),), ENGINEERS),),
        rules=HardRules(
            min_rest_us=11 * HOUR,
            max_us_in_7_days=60 * HOUR,
            max_us_a_month=200 * HOUR,
            max_consecutive_days=7,
            max_consecutive_nights=3,
            forbidden_sequences=frozenset({("night", "day")}),
        ),
        before=(Assignment("net1", "", start - 4 * HOUR, start + 8 * HOUR, shift="night"),),
    )
