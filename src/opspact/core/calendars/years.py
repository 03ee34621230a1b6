"""One local year of a work calendar as sorted columns, so that every question is a bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, from_us, to_us
from opspact.core.intervals import Interval, intersect, normalise

_LOOK_EVERY = 6 * HOUR


@dataclass(frozen=True)
class CalendarYear:
    """Working intervals [starts[i], ends[i]) in [start, end); worked[i] is the working time before the ith, µs."""

    number: int
    start: Instant
    end: Instant
    starts: list[Instant]
    ends: list[Instant]
    worked: list[int]
    total: int
    working_days: list[date]
    spans: list[tuple[Instant, Instant, int]]

    def worked_until(self, at: Instant) -> int:
        """Working time from the year's start to `at`."""
        position = bisect_right(self.starts, at) - 1
        if position < 0:
            return 0
        return self.worked[position] + min(at, self.ends[position]) - self.starts[position]

    def when_worked(self, target: int) -> Instant:
        """The earliest instant by which `target` (0 < target ≤ total) has been worked since the year's start."""
        position = bisect_left(self.worked, target) - 1
        return self.starts[position] + target - self.worked[position]

    def opening(self, at: Instant) -> Instant | None:
        """The first working instant from `at` on, None when the year has none left."""
        position = bisect_right(self.ends, at)
        return max(at, self.starts[position]) if position < len(self.starts) else None

    def day_start(self, day: date) -> Instant:
        """The first instant whose wall clock shows `day`; where the zone skips the day, the first one after it."""
        wall = _wall(day)
        for start, end, offset in self.spans:
            if wall < end + offset:
                return max(start, wall - offset)
        return self.end


def build_year(number: int, zone: ZoneInfo, hours_on: Callable[[date], Sequence[tuple[int, int]]]) -> CalendarYear:
    """Lay the wall-clock hours of each date over the spans of constant offset, and keep what each span really shows."""
    first, after = _wall(date(number, 1, 1)), _wall(date(number + 1, 1, 1))
    days = [date(number, 1, 1) + timedelta(days=i) for i in range((after - first) // DAY)]
    hours = [(day, hours_on(day)) for day in days]
    walls = normalise(
        (_wall(day) + start * MINUTE, _wall(day) + end * MINUTE) for day, shifts in hours for start, end in shifts
    )
    spans = _spans(first, after, zone)
    shown: list[Interval] = []
    for start, end, offset in spans:
        shown += [(a - offset, b - offset) for a, b in intersect(walls, [(start + offset, end + offset)])]
    working = normalise(shown)
    worked = list(accumulate((end - start for start, end in working), initial=0))
    return CalendarYear(
        number=number,
        start=spans[0][0],
        end=spans[-1][1],
        starts=[start for start, _ in working],
        ends=[end for _, end in working],
        worked=worked[:-1],
        total=worked[-1],
        working_days=[day for day, shifts in hours if shifts],
        spans=spans,
    )


def _spans(first: int, after: int, zone: ZoneInfo) -> list[tuple[Instant, Instant, int]]:
    """(start, end, offset) of each constant UTC offset, from the first instant showing the year to the last."""
    at, stop = first - DAY, after + DAY
    spans: list[tuple[Instant, Instant, int]] = []
    since, offset = at, _offset(at, zone)
    while at < stop:
        ahead = min(at + _LOOK_EVERY, stop)
        if _offset(ahead, zone) != offset:
            change = _change(at, ahead, zone)
            spans.append((since, change, offset))
            since, offset = change, _offset(change, zone)
        at = ahead
    spans.append((since, stop, offset))
    shown = [(max(a, first - o), min(b, after - o), o) for a, b, o in spans]
    return [span for span in shown if span[0] < span[1]]


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


def _offset(at: Instant, zone: ZoneInfo) -> int:
    offset = from_us(at).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _wall(day: date) -> int:
    """Local midnight as if the wall clock were UTC, µs."""
    return to_us(datetime(day.year, day.month, day.day, tzinfo=UTC))
