"""The working time of consecutive local years as flat sorted columns, so that every question is one bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from opspact.core.calendars.years import CalendarYear, Hours, build_year
from opspact.core.instants import Instant
from opspact.core.intervals import Interval


@dataclass(frozen=True, slots=True)
class Columns:
    """Years `first` to `last`, the instants [start, end). Never changed: `widened` gives new ones.

    `worked[i]` is the working time, µs, before the interval [starts[i], ends[i]); it has one more for the total. The
    first interval is empty and stands at `start`, so that every instant has one at or before it. `ranks[i]` counts the
    working days before the date `first_ordinal + i`, and has one more for `end_ordinal`, the day after the last.
    """

    first: int
    last: int
    start: Instant
    end: Instant
    starts: list[Instant]
    ends: list[Instant]
    worked: list[int]
    days: list[date]
    ranks: list[int]
    first_ordinal: int
    end_ordinal: int

    def worked_until(self, at: Instant) -> int:
        """Working time from `start` to `at`, which lies in [start, end]."""
        position = bisect_right(self.starts, at) - 1
        return self.worked[position] + min(at, self.ends[position]) - self.starts[position]

    def earliest(self, worked: int) -> Instant:
        """The earliest instant by which so much (0 < worked ≤ total) has been worked since `start`."""
        position = bisect_left(self.worked, worked) - 1
        return self.starts[position] + worked - self.worked[position]

    def latest(self, worked: int) -> Instant:
        """The latest instant by which only so much (0 ≤ worked < total) has been worked since `start`."""
        position = bisect_right(self.worked, worked) - 1
        return self.starts[position] + worked - self.worked[position]

    def opening(self, at: Instant) -> Instant | None:
        """The first working instant from `at` on; None when these years have none left."""
        position = bisect_right(self.ends, at)
        return max(at, self.starts[position]) if position < len(self.starts) else None

    def closing(self, at: Instant) -> Instant | None:
        """The last instant up to `at` that ends working time; None when these years have none before."""
        position = bisect_left(self.starts, at) - 1
        return min(at, self.ends[position]) if position > 0 else None

    def between(self, start: Instant, end: Instant) -> list[Interval]:
        """The working intervals in [start, end), which lies in [start, end] of the columns; normal."""
        low, high = bisect_right(self.ends, start), bisect_left(self.starts, end)
        pieces = zip(self.starts[low:high], self.ends[low:high], strict=True)
        return [(max(a, start), min(b, end)) for a, b in pieces]

    def days_before(self, ordinal: int) -> int:
        """How many working days of these years lie before a date of theirs, or before the day after the last."""
        return self.ranks[ordinal - self.first_ordinal]

    def nth_day(self, ordinal: int, n: int) -> date | None:
        """The nth working day after a date of these years, for negative n before it; None when they have too few."""
        rank = self.ranks[ordinal - self.first_ordinal + (n > 0)]
        index = rank + n - (n > 0)
        return self.days[index] if 0 <= index < len(self.days) else None

    def widened(self, first: int, last: int, zone: str, hours_on: Hours) -> "Columns":
        """The same with the years from `first` to `last` too."""
        before = [build_year(number, zone, hours_on) for number in range(first, self.first)]
        after = [build_year(number, zone, hours_on) for number in range(self.last + 1, last + 1)]
        own = CalendarYear(self.start, self.end, list(zip(self.starts[1:], self.ends[1:], strict=True)), self.days)
        return _flat(min(first, self.first), max(last, self.last), [*before, own, *after])


def columns(first: int, last: int, zone: str, hours_on: Hours) -> Columns:
    """The years from `first` to `last`."""
    return _flat(first, last, [build_year(number, zone, hours_on) for number in range(first, last + 1)])


def _flat(first: int, last: int, years: Sequence[CalendarYear]) -> Columns:
    start = years[0].start
    starts, ends = [start], [start]
    for year in years:
        for a, b in year.working:
            if a == ends[-1] and len(ends) > 1:
                ends[-1] = b
            else:
                starts.append(a)
                ends.append(b)
    days = [day for year in years for day in year.working_days]
    first_ordinal, after = date(first, 1, 1).toordinal(), date(last + 1, 1, 1).toordinal()
    marks = bytearray(after - first_ordinal)
    for day in days:
        marks[day.toordinal() - first_ordinal] = 1
    return Columns(
        first=first,
        last=last,
        start=start,
        end=years[-1].end,
        starts=starts,
        ends=ends,
        worked=list(accumulate((b - a for a, b in zip(starts, ends, strict=True)), initial=0)),
        days=days,
        ranks=list(accumulate(marks, initial=0)),
        first_ordinal=first_ordinal,
        end_ordinal=after,
    )
