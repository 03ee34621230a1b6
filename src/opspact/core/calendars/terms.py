"""What a term is counted in, and the day such a count ends on before any rest day moves it. `docs/why/deadlines.md`."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from opspact.core.calendars.work import WorkCalendar
from opspact.core.errors import BadTerm, OutOfReach
from opspact.core.instants import Instant

DAY = timedelta(days=1)
REACH_YEARS = 100
FIRST_YEAR, LAST_YEAR = 1000, 9000


class Unit(StrEnum):
    """What a term is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Counting(StrEnum):
    """Whether the start day is the first day of the term."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"


class DayEnd(StrEnum):
    """When the last day is over (Civil Code 203 ¶2): at 24:00, or when business closes where there are such hours."""

    MIDNIGHT = "midnight"
    CLOSING = "closing"


class Counted(NamedTuple):
    """A last day, whether its month has the corresponding day, and the unpublished years the count depends on."""

    on: date
    corresponds: bool
    provisional_years: tuple[int, ...]


_MOST = {
    Unit.CALENDAR_DAYS: REACH_YEARS * 366,
    Unit.WORKING_DAYS: REACH_YEARS * 366,
    Unit.WEEKS: REACH_YEARS * 53,
    Unit.MONTHS: REACH_YEARS * 12,
    Unit.YEARS: REACH_YEARS,
}


def check_day(day: date, calendar: WorkCalendar) -> None:
    """Raises OutOfReach for a day so near the ends of the calendar that a count from it may leave it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfReach(calendar=calendar.code, years=REACH_YEARS)


def check_amount(day: date, amount: int, unit: Unit, calendar: WorkCalendar) -> None:
    """Raises BadTerm for less than one unit and OutOfReach for more than 100 years, or from a day out of reach."""
    check_day(day, calendar)
    if amount < 1:
        raise BadTerm(amount=amount, unit=str(unit))
    if amount > _MOST[unit]:
        raise OutOfReach(calendar=calendar.code, years=REACH_YEARS)


def add_months(day: date, months: int) -> tuple[date, bool]:
    """The corresponding day so many months on, and whether that month has it; else its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length)), day.day <= length


def count(start: date, amount: int, unit: Unit, calendar: WorkCalendar, counting: Counting) -> Counted:
    """The last day of `amount` units from the local date `start`, not moved. Raises BadTerm, OutOfReach."""
    check_amount(start, amount, unit, calendar)
    inclusive = counting is Counting.INCLUSIVE
    if unit is Unit.WORKING_DAYS:
        on, years = calendar.nth_working_day(start - DAY if inclusive else start, amount)
        return Counted(on, True, years)
    if unit in (Unit.CALENDAR_DAYS, Unit.WEEKS):
        days = amount * (7 if unit is Unit.WEEKS else 1)
        return Counted(start + (days - inclusive) * DAY, True, ())
    on, corresponds = add_months(start, amount * (12 if unit is Unit.YEARS else 1))
    return Counted(on - DAY if inclusive and corresponds else on, corresponds, ())


def end_of(day: date, calendar: WorkCalendar, day_end: DayEnd) -> Instant:
    """The instant a local date is over: its 24:00, or its last closing where the calendar has hours that day.

    Raises OutOfReach.
    """
    check_day(day, calendar)
    midnight = calendar.day_start(day + DAY)
    if day_end is DayEnd.CLOSING and calendar.is_working_day(day):
        return calendar.working_intervals(calendar.day_start(day), midnight)[-1][1]
    return midnight


def merged(*years: tuple[int, ...]) -> tuple[int, ...]:
    """Several tuples of years as one, sorted, each once."""
    return tuple(sorted({year for some in years for year in some}))
