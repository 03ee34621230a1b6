"""The local years of a zone, and the working time of each: wall-clock hours laid over spans of constant UTC offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, from_us
from opspact.core.intervals import Interval, intersect, normalise

MONDAY = 0
MINUTES_A_DAY = 24 * 60
FIRST_YEAR, LAST_YEAR = 2, date.max.year - 1

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LOOK_EVERY = 6 * HOUR

Span = tuple[Instant, Instant, int]
Hours = Callable[[date], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class CalendarYear:
    """The working intervals (normal) in [start, end), the instants of one local year, and its working days."""

    start: Instant
    end: Instant
    working: list[Interval]
    working_days: list[date]


def build_year(number: int, zone: str, hours_on: Hours) -> CalendarYear:
    """Lay the hours of each date over the wall, and keep what the wall clock really shows in the year.

    Hours may reach into the next date, so those of the last day of the year before count too.
    """
    spans = zone_spans(zone, number)
    start, end = day_start(zone, date(number, 1, 1)), day_start(zone, date(number + 1, 1, 1))
    first, after = date(number - 1, 12, 30), date(number + 1, 1, 2)
    hours = [(day, hours_on(day)) for day in map(date.fromordinal, range(first.toordinal(), after.toordinal()))]
    walls = normalise(
        (midnight + begin * MINUTE, midnight + until * MINUTE)
        for midnight, (_, shifts) in zip(count(_wall(first), DAY), hours, strict=False)
        for begin, until in shifts
    )
    shown: list[Interval] = []
    for a, b, offset in spans:
        window = (max(a, start) + offset, min(b, end) + offset)
        shown += [(begin - offset, until - offset) for begin, until in intersect(walls, [window])]
    skipped = _skipped(spans)
    return CalendarYear(
        start=start,
        end=end,
        working=normalise(shown),
        working_days=[day for day, shifts in hours if shifts and day.year == number and day not in skipped],
    )


def day_start(zone: str, day: date) -> Instant:
    """The first instant whose wall clock shows `day`; where the zone skips the day, the first one after it."""
    wall = _wall(day)
    return next(max(start, wall - offset) for start, end, offset in zone_spans(zone, day.year) if wall < end + offset)


@lru_cache(maxsize=2048)
def zone_spans(zone: str, number: int) -> tuple[Span, ...]:
    """(start, end, offset) of each constant UTC offset, µs, from a day before the local year to a day after it."""
    at = _wall(date(number, 1, 1)) - DAY
    stop = _wall(date(number + 1, 1, 1)) + DAY
    wall = ZoneInfo(zone)
    spans: list[Span] = []
    since, offset = at, _offset(at, wall)
    while at < stop:
        ahead = min(at + _LOOK_EVERY, stop)
        if _offset(ahead, wall) != offset:
            change = _change(at, ahead, wall)
            spans.append((since, change, offset))
            since, offset = change, _offset(change, wall)
        at = ahead
    return (*spans, (since, stop, offset))


def _change(low: Instant, high: Instant, zone: ZoneInfo) -> Instant:
    """The instant in (low, high] at which the offset changes; zones change on whole seconds."""
    before = _offset(low, zone)
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _skipped(spans: Sequence[Span]) -> set[date]:
    """Dates that no wall clock of the zone ever showed, such as 2011-12-30 in Samoa."""
    dates: set[date] = set()
    for (_, change, before), (_, _, after) in pairwise(spans):
        wall = -(-(change + before) // DAY) * DAY
        while wall + DAY <= change + after:
            dates.add(from_us(wall).date())
            wall += DAY
    return dates


def _offset(at: Instant, zone: ZoneInfo) -> int:
    offset = from_us(at).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _wall(day: date) -> int:
    """Local midnight as if the wall clock were UTC, µs."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY
