"""Work calendars: when a zone's wall clock shows working time. Rules and a worked table: `docs/why/calendars.md`."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from opspact.core.calendars.years import CalendarYear, build_year
from opspact.core.errors import (
    BadHours,
    DayBothWays,
    IntervalReversed,
    NegativeDuration,
    NoWorkingTime,
    OutOfReach,
    UnknownZone,
)
from opspact.core.instants import Instant, from_us
from opspact.core.intervals import Interval, intersect

MONDAY = 0
MINUTES_A_DAY = 24 * 60
REACH_YEARS = 100


class Answer(NamedTuple):
    """An instant, and the years it depends on whose holidays were not published when the calendar was made."""

    at: Instant
    provisional_years: tuple[int, ...]


class DayAnswer(NamedTuple):
    """A local date, and the unpublished years it depends on."""

    on: date
    provisional_years: tuple[int, ...]


class Worked(NamedTuple):
    """A working duration in µs, and the unpublished years it depends on."""

    us: int
    provisional_years: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Weekly hours in an IANA zone, with holidays (no hours) and make-up working days (Monday's hours).

    `weekly` maps Monday = 0 … Sunday = 6 to half-open (from, to) minutes of the day, at most 1440. An instant is
    working time when the wall clock shows it, so a repeated hour counts twice and a skipped one not at all.
    `published_years` None: the calendar depends on no publication. Raises UnknownZone, BadHours, DayBothWays,
    NoWorkingTime.
    """

    code: str
    zone: str
    weekly: Mapping[int, Sequence[tuple[int, int]]]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    published_years: frozenset[int] | None = None
    _zone: ZoneInfo = field(init=False, repr=False)
    _years: dict[int, CalendarYear] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_zone", ZoneInfo(self.zone))
        except (KeyError, ValueError, OSError):
            raise UnknownZone(zone=self.zone) from None
        for weekday, hours in self.weekly.items():
            for position, (start, end) in enumerate(hours):
                if weekday not in range(7) or not 0 <= start < end <= MINUTES_A_DAY:
                    raise BadHours(calendar=self.code, weekday=weekday, position=position)
        if both := sorted(self.holidays & self.workdays):
            raise DayBothWays(calendar=self.code, day=both[0].isoformat())
        if not any(self.weekly.values()):
            raise NoWorkingTime(calendar=self.code)

    @classmethod
    def always(cls, zone: str, code: str = "24x7") -> "WorkCalendar":
        """7×24 without a lost second, whatever the clocks do."""
        return cls(code, zone, {weekday: [(0, MINUTES_A_DAY)] for weekday in range(7)})

    def hours_on(self, day: date) -> Sequence[tuple[int, int]]:
        """The working minutes of a local date, as in `weekly`."""
        if day in self.workdays:
            return self.weekly.get(MONDAY, ())
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Whether the local date has any working time."""
        return bool(self.hours_on(day))

    def nth_working_day(self, day: date, n: int) -> DayAnswer:
        """The nth working day after `day`, which itself is not counted; before it for negative n; for 0 `day` itself.

        Raises OutOfReach.
        """
        step = 1 if n > 0 else -1
        left, year, found = abs(n), day.year, day
        while left:
            days = self._year(year, day.year).working_days
            if step > 0:
                first = bisect_right(days, day) if year == day.year else 0
                available = days[first : first + left]
            else:
                last = bisect_left(days, day) if year == day.year else len(days)
                available = days[max(0, last - left) : last][::-1]
            left -= len(available)
            found = available[-1] if available else found
            year += step
        return DayAnswer(found, self.provisional(day.year, found.year))

    def first_working_day(self, day: date) -> DayAnswer:
        """`day` itself if it is a working day, else the next one. Raises OutOfReach."""
        answer = self.nth_working_day(day - timedelta(days=1), 1)
        return DayAnswer(answer.on, self.provisional(day.year, answer.on.year))

    def add_working(self, start: Instant, duration_us: int) -> Answer:
        """The earliest instant by which `duration_us` of working time has passed since `start`; `start` itself for 0.

        So eight hours from nine end when the day closes, not when the next opens. Raises NegativeDuration, OutOfReach.
        """
        if duration_us < 0:
            raise NegativeDuration(value=duration_us)
        if duration_us == 0:
            return Answer(start, ())
        first = year = self._year_of(start)
        target = year.worked_until(start) + duration_us
        while target > year.total:
            target -= year.total
            year = self._year(year.number + 1, first.number)
        at = year.when_worked(target)
        return Answer(at, self.provisional(first.number, year.number))

    def working_between(self, start: Instant, end: Instant) -> Worked:
        """The working time in [start, end), µs. Raises IntervalReversed, OutOfReach."""
        if end < start:
            raise IntervalReversed(position=0, start=start, end=end)
        first, last = self._year_of(start), self._year_of(end)
        us = last.worked_until(end) - first.worked_until(start)
        us += sum(self._year(number, first.number).total for number in range(first.number, last.number))
        return Worked(us, self.provisional(first.number, last.number))

    def working_intervals(self, start: Instant, end: Instant) -> list[Interval]:
        """The working time in [start, end) as a normal list, such as the agreed service time of a period."""
        if end <= start:
            return []
        first, last = self._year_of(start).number, self._year_of(end).number
        intervals: list[Interval] = []
        for number in range(first, last + 1):
            year = self._year(number, first)
            for piece in zip(year.starts, year.ends, strict=True):
                if intervals and intervals[-1][1] == piece[0]:
                    intervals[-1] = (intervals[-1][0], piece[1])
                else:
                    intervals.append(piece)
        return intersect(intervals, [(start, end)])

    def next_opening(self, at: Instant) -> Answer:
        """`at` itself in working time, else the next instant that is. Raises OutOfReach."""
        first = year = self._year_of(at)
        while (opening := year.opening(at)) is None:
            year = self._year(year.number + 1, first.number)
        return Answer(opening, self.provisional(first.number, year.number))

    def local_date(self, at: Instant) -> date:
        """The date on the wall at an instant."""
        return from_us(at).astimezone(self._zone).date()

    def day_start(self, day: date) -> Instant:
        """The first instant of a local date; a date ends where the next one starts."""
        return self._year(day.year, day.year).day_start(day)

    def provisional(self, one: int, other: int) -> tuple[int, ...]:
        """The years from one to the other whose holidays were not published."""
        if self.published_years is None:
            return ()
        low, high = min(one, other), max(one, other)
        return tuple(year for year in range(low, high + 1) if year not in self.published_years)

    def _year(self, number: int, origin: int) -> CalendarYear:
        """The year `number`, made at its first use; `origin` is the year the question started in."""
        if abs(number - origin) > REACH_YEARS or not 1 < number < date.max.year:
            raise OutOfReach(calendar=self.code, years=REACH_YEARS)
        if (year := self._years.get(number)) is None:
            year = self._years[number] = build_year(number, self._zone, self.hours_on)
        return year

    def _year_of(self, at: Instant) -> CalendarYear:
        number = 1970 + at // 31_556_952_000_000
        year = self._year(number, number)
        while at < year.start:
            year = self._year(year.number - 1, number)
        while at >= year.end:
            year = self._year(year.number + 1, number)
        return year
