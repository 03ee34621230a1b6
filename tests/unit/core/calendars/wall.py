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


@st.composite
def calendars(draw):
    """(calendar, its place's date): random hours, some over midnight, with days off and extra days near the date."""
    zone, day = draw(st.sampled_from(PLACES))
    shifts = st.lists(
        st.tuples(st.integers(0, 1439), st.integers(1, 1800)).map(lambda s: (s[0], min(s[0] + s[1], 2880))), max_size=2
    )
    weekly = draw(st.dictionaries(st.integers(0, 6), shifts, min_size=2, max_size=7))
    weekly[draw(st.integers(0, 6))] = [(draw(st.integers(0, 600)), 1440)]
    near = st.sampled_from([day + timedelta(days=i) for i in range(-2, 6)])
    holidays = draw(st.frozensets(near, max_size=2))
    workdays = draw(st.frozensets(near, max_size=2)) - holidays
    local = draw(st.dictionaries(near, shifts, max_size=2))
    return WorkCalendar("any", zone, weekly, holidays, workdays, None, local), day


@st.composite
def moments(draw):
    """(calendar, an instant near its place's date), to the minute."""
    calendar, day = draw(calendars())
    start = instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return calendar, start + draw(st.integers(-1440, 2880)) * MINUTE
