"""Work calendars: when a zone's wall clock shows working time. Rules and worked tables: `docs/why/calendars.md`."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from opspact.core.calendars.errors import BadLocalHours, DaysReversed
from opspact.core.calendars.pages import REACH, REACH_DAYS, Pages
from opspact.core.calendars.published import settled_span, unpublished
from opspact.core.calendars.years import FIRST_YEAR, LAST_YEAR, MINUTES_A_DAY, MONDAY, day_start
from opspact.core.errors import BadHours, DayBothWays, NegativeDuration, NoWorkingTime, UnknownZone
from opspact.core.instants import DAY, Instant, from_us
from opspact.core.intervals import Interval

_DATE = timedelta(days=1)

Shifts = Sequence[tuple[int, int]]


class Answer(NamedTuple):
    """An instant, and the years it depends on whose holidays were not published when the calendar was made."""

    at: Instant
    provisional_years: tuple[int, ...]


class DayAnswer(NamedTuple):
    """A local date, and the unpublished years it depends on."""

    on: date
    provisional_years: tuple[int, ...]


class DayCount(NamedTuple):
    """A number of working days, and the unpublished years it depends on."""

    days: int
    provisional_years: tuple[int, ...]


class Worked(NamedTuple):
    """A working duration in µs, and the unpublished years it depends on."""

    us: int
    provisional_years: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Weekly hours in an IANA zone, with holidays (no hours), make-up working days (Monday's hours) and local days.

    `weekly` maps Monday = 0 … Sunday = 6 to half-open (from, to) minutes from midnight, 0 ≤ from < 1440 and to ≤ 2880:
    (1200, 1920) is 20:00 to 08:00, and belongs to the day it starts on. `local_hours` gives single dates hours of their
    own, or none, above holidays and make-up days. An instant is working time when the wall clock shows it, so a
    repeated hour counts twice and a skipped one not at all. `published_years` None: the calendar depends on no
    publication. Raises UnknownZone, BadHours, BadLocalHours, DayBothWays, NoWorkingTime.
    """

    code: str
    zone: str
    weekly: Mapping[int, Shifts]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    published_years: frozenset[int] | None = None
    local_hours: Mapping[date, Shifts] = field(default_factory=dict)
    _zone: ZoneInfo = field(init=False, repr=False)
    _pages: Pages = field(init=False, repr=False)
    _settled: tuple[Instant, Instant] = field(init=False, repr=False)
    _overnight: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_zone", ZoneInfo(self.zone))
        except (KeyError, ValueError, OSError):
            raise UnknownZone(zone=self.zone) from None
        for weekday, shifts in self.weekly.items():
            for position, shift in enumerate(shifts):
                if weekday not in range(7) or not _fits(shift):
                    raise BadHours(calendar=self.code, weekday=weekday, position=position)
        for day, shifts in self.local_hours.items():
            for position, shift in enumerate(shifts):
                if not _fits(shift):
                    raise BadLocalHours(calendar=self.code, day=day.isoformat(), position=position)
        if both := sorted(self.holidays & self.workdays):
            raise DayBothWays(calendar=self.code, day=both[0].isoformat())
        if not any(self.weekly.values()) and not any(self.local_hours.values()):
            raise NoWorkingTime(calendar=self.code)
        every = [*self.weekly.values(), *self.local_hours.values()]
        object.__setattr__(self, "_overnight", any(end > MINUTES_A_DAY for shifts in every for _, end in shifts))
        object.__setattr__(self, "_settled", settled_span(self.zone, self.published_years))
        object.__setattr__(self, "_pages", Pages(self.code, self.zone, self.hours_on))

    @classmethod
    def always(cls, zone: str, code: str = "24x7") -> "WorkCalendar":
        """7×24 without a lost second, whatever the clocks do."""
        return cls(code, zone, {weekday: [(0, MINUTES_A_DAY)] for weekday in range(7)})

    def hours_on(self, day: date) -> Shifts:
        """The shifts that start on a local date, as in `weekly`."""
        if (shifts := self.local_hours.get(day)) is not None:
            return shifts
        if day in self.workdays:
            return self.weekly.get(MONDAY, ())
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Whether a shift starts on the local date, and the zone did not skip it. Raises OutOfReach."""
        held, ordinal = self._pages.with_years(day.year, day.year), day.toordinal()
        return held.days_before(ordinal) < held.days_before(ordinal + 1)

    def nth_working_day(self, day: date, n: int) -> DayAnswer:
        """The nth working day after `day`, which itself is not counted; before it for negative n; for 0 `day` itself.

        Raises OutOfReach.
        """
        if n == 0:
            return DayAnswer(day, ())
        held = self._pages.columns
        if held is None or not held.first <= day.year <= held.last:
            held = self._pages.with_years(day.year, day.year)
        ordinal = day.toordinal()
        while (found := held.nth_day(ordinal, n)) is None:
            if n > 0:
                held = self._pages.later(held, (held.end_ordinal - ordinal) * DAY)
            else:
                held = self._pages.earlier(held, (ordinal - held.first_ordinal) * DAY)
        if abs(found.toordinal() - ordinal) > REACH_DAYS:
            raise self._pages.out_of_reach()
        if self.published_years is None:
            return DayAnswer(found, ())
        first, last = (day + _DATE, found) if n > 0 else (found, day - _DATE)
        return DayAnswer(found, self.provisional_days(first, last))

    def first_working_day(self, day: date) -> DayAnswer:
        """`day` itself if it is a working day, else the next one. Raises OutOfReach."""
        on = day if self.is_working_day(day) else self.nth_working_day(day, 1).on
        return DayAnswer(on, self.provisional_days(day, on))

    def last_working_day(self, day: date) -> DayAnswer:
        """`day` itself if it is a working day, else the one before. Raises OutOfReach."""
        on = day if self.is_working_day(day) else self.nth_working_day(day, -1).on
        return DayAnswer(on, self.provisional_days(on, day))

    def working_days_between(self, start: date, end: date) -> DayCount:
        """The working days after `start` up to and with `end`, so n for the nth working day.

        The start day is not counted, as in a term; give the day before to count both ends. Raises DaysReversed,
        OutOfReach.
        """
        if end < start:
            raise DaysReversed(first=start.isoformat(), last=end.isoformat())
        if (end - start).days > REACH_DAYS:
            raise self._pages.out_of_reach()
        held = self._pages.with_years(start.year, end.year)
        days = held.days_before(end.toordinal() + 1) - held.days_before(start.toordinal() + 1)
        return DayCount(days, self.provisional_days(start + _DATE, end))

    def add_working(self, start: Instant, duration_us: int) -> Answer:
        """The earliest instant by which `duration_us` of working time has passed since `start`; `start` itself for 0.

        So eight hours from nine end when the day closes, not when the next opens. Raises NegativeDuration, OutOfReach.
        """
        at = self.after_us(start, duration_us)
        return Answer(at, self.provisional_us(start, at))

    def subtract_working(self, end: Instant, duration_us: int) -> Answer:
        """The latest instant from which `duration_us` of working time pass until `end`; `end` itself for 0.

        So eight hours before the close begin when that day opens, not when the day before closes. Raises
        NegativeDuration, OutOfReach.
        """
        at = self.before_us(end, duration_us)
        return Answer(at, self.provisional_us(at, end))

    def working_between(self, start: Instant, end: Instant) -> Worked:
        """The working time in [start, end), µs. Raises IntervalReversed, OutOfReach."""
        us = self.worked_us(start, end)
        settled = self._settled
        if settled[0] <= start and end <= settled[1]:
            return Worked(us, ())
        return Worked(us, self.provisional_us(start, end))

    def worked_us(self, start: Instant, end: Instant) -> int:
        """`working_between` as a plain number of µs, for bulk."""
        held = self._pages.columns
        if held is None or not held.start <= start <= end < held.end:
            held = self._pages.with_instants(start, end)
        starts, ends, worked = held.starts, held.ends, held.worked
        i = bisect_right(starts, start) - 1
        j = bisect_right(starts, end, i) - 1
        until = ends[j]
        done = worked[j] + (end if end < until else until) - starts[j]
        until = ends[i]
        return done - worked[i] - (start if start < until else until) + starts[i]

    def after_us(self, start: Instant, duration_us: int) -> Instant:
        """`add_working` as a plain instant, for bulk."""
        if duration_us <= 0:
            if duration_us == 0:
                return start
            raise NegativeDuration(value=duration_us)
        held = self._pages.columns
        if held is None or not held.start <= start < held.end:
            held = self._pages.with_instants(start, start)
        target = held.worked_until(start) + duration_us
        while target > held.worked[-1]:
            held = self._pages.later(held, held.end - start)
            target = held.worked_until(start) + duration_us
        at = held.earliest(target)
        if at - start > REACH:
            raise self._pages.out_of_reach()
        return at

    def before_us(self, end: Instant, duration_us: int) -> Instant:
        """`subtract_working` as a plain instant, for bulk."""
        if duration_us <= 0:
            if duration_us == 0:
                return end
            raise NegativeDuration(value=duration_us)
        held = self._pages.with_instants(end, end)
        while (target := held.worked_until(end) - duration_us) < 0:
            held = self._pages.earlier(held, end - held.start)
        at = held.latest(target)
        if end - at > REACH:
            raise self._pages.out_of_reach()
        return at

    def working_intervals(self, start: Instant, end: Instant) -> list[Interval]:
        """The working time in [start, end) as a normal list, such as the agreed service time of a period.

        Raises OutOfReach.
        """
        return self._pages.with_instants(start, end).between(start, end) if start < end else []

    def next_opening(self, at: Instant) -> Answer:
        """`at` itself in working time, else the next instant that is. Raises OutOfReach."""
        held = self._pages.with_instants(at, at)
        while (opening := held.opening(at)) is None:
            held = self._pages.later(held, held.end - at)
        if opening - at > REACH:
            raise self._pages.out_of_reach()
        return Answer(opening, self.provisional_us(at, opening + 1))

    def previous_closing(self, at: Instant) -> Answer:
        """`at` itself when working time reaches up to it, else the last instant before that ended some.

        The mirror of `next_opening`: the closing instant itself is no working time. Raises OutOfReach.
        """
        held = self._pages.with_instants(at, at)
        while (closing := held.closing(at)) is None:
            held = self._pages.earlier(held, at - held.start)
        if at - closing > REACH:
            raise self._pages.out_of_reach()
        return Answer(closing, self.provisional_us(closing - 1, at))

    def local_date(self, at: Instant) -> date:
        """The date on the wall at an instant."""
        return from_us(at).astimezone(self._zone).date()

    def day_start(self, day: date) -> Instant:
        """The first instant of a local date; a date ends where the next one starts. Raises OutOfReach."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self._pages.out_of_reach()
        return day_start(self.zone, day)

    def provisional_days(self, first: date, last: date) -> tuple[int, ...]:
        """The unpublished years that may still change a date from `first` to `last`, both included."""
        return unpublished(first, last, self.published_years)

    def provisional_us(self, start: Instant, end: Instant) -> tuple[int, ...]:
        """The unpublished years that may still change the working time in [start, end); none when it is empty."""
        settled = self._settled
        if start >= end or (settled[0] <= start and end <= settled[1]):
            return ()
        # The day before `start` may reach into it.
        return self.provisional_days(self.local_date(start) - self._overnight * _DATE, self.local_date(end - 1))


def _fits(shift: tuple[int, int]) -> bool:
    """Starts on its day, ends by the end of the next."""
    return 0 <= shift[0] < MINUTES_A_DAY and shift[0] < shift[1] <= 2 * MINUTES_A_DAY
