"""A slow second reading of the calendar's rules: one wall clock, minute by minute. Shares no code with `core`."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import MINUTE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_BEFORE = timedelta(days=1)
# Each has a change of clocks, at midnight or by half an hour in some, or a whole day skipped, within reach of its date.
PLACES = [
    ("Asia/Shanghai", date(2022, 10, 6)),
    ("Asia/Shanghai", date(1990, 4, 14)),
    ("Europe/Berlin", date(2022, 3, 26)),
    ("Europe/Berlin", date(2022, 10, 29)),
    ("Australia/Lord_Howe", date(2022, 4, 2)),
    ("Antarctica/Troll", date(2022, 10, 29)),
    ("America/Havana", date(2022, 11, 5)),
    ("America/Sao_Paulo", date(2018, 11, 3)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Pacific/Enderbury", date(1994, 12, 30)),
    ("Asia/Kathmandu", date(2022, 12, 30)),
    ("America/Caracas", date(2007, 12, 8)),
]


def instant(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def wall_of(at: int, zone: str) -> datetime:
    return (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))


def hours_of(calendar: WorkCalendar, day: date):
    """Local hours before make-up days before holidays before the week."""
    if day in calendar.local_hours:
        return calendar.local_hours[day]
    weekday = 0 if day in calendar.workdays else day.weekday()
    return [] if day in calendar.holidays else calendar.weekly.get(weekday, [])


def works(calendar: WorkCalendar, at: int) -> bool:
    """Whether the wall clock shows working time: of a shift of this date, or of the night before's."""
    wall = wall_of(at, calendar.zone)
    minute = wall.hour * 60 + wall.minute
    own = any(start <= minute < end for start, end in hours_of(calendar, wall.date()))
    return own or any(start <= minute + 1440 < end for start, end in hours_of(calendar, wall.date() - DAY_BEFORE))


@lru_cache(maxsize=4096)
def shown(day: date, zone: str) -> bool:
    """Whether any clock of the zone ever showed the date."""
    start = instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return any(wall_of(start + minutes * MINUTE, zone).date() == day for minutes in range(-1440, 2880, 180))


def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    return bool(hours_of(calendar, day)) and shown(day, calendar.zone)


# Few and simple draws, since drawing costs more than the calendars: a bit mask says which days have what.
_SHIFTS = st.lists(st.integers(0, 1440 * 60 - 1), max_size=2)
_MASK = st.integers(0, 255)
_PLACES = st.sampled_from(PLACES)
_MINUTES = st.integers(-1440, 2880)


def _hours(drawn: list[int]) -> list[tuple[int, int]]:
    """Up to two shifts from any minute of the day, of 30 minutes to 30 hours."""
    return [(each % 1440, min(each % 1440 + (each // 1440 + 1) * 30, 2880)) for each in drawn]


def _days(mask: int, first: date) -> set[date]:
    return {first + timedelta(days=bit) for bit in range(8) if mask >> bit & 1}


@st.composite
def calendars(draw):
    """(calendar, its place's date): random hours, some over midnight, with days off and extra days near the date."""
    zone, day = draw(_PLACES)
    usual, other, week = _hours(draw(_SHIFTS)), _hours(draw(_SHIFTS)), draw(_MASK)
    weekly = {weekday: usual if week >> weekday & 1 else other for weekday in range(7)}
    weekly[day.weekday()] = usual or [(week, 1440)]
    near = day - timedelta(days=2)
    holidays = _days(draw(_MASK) & draw(_MASK), near)
    workdays = _days(draw(_MASK) & draw(_MASK), near) - holidays
    local = dict.fromkeys(_days(draw(_MASK) & week, near), other)
    return WorkCalendar("any", zone, weekly, frozenset(holidays), frozenset(workdays), None, local), day


@st.composite
def moments(draw):
    """(calendar, an instant near its place's date), to the minute."""
    calendar, day = draw(calendars())
    start = instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return calendar, start + draw(_MINUTES) * MINUTE
