"""The periods that a rule cuts a term into, each with the local date its occurrence falls on."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from opspact.core.calendars.spans import Term
from opspact.core.calendars.term_errors import BadRecurrence
from opspact.core.calendars.terms import DAY, add_months, merged
from opspact.core.calendars.work import WorkCalendar


class Period(NamedTuple):
    """Local dates [start, end), the date `due` before rest days move it, and what the term did to the period.

    `clipped`: the term's start or end cut it, from `whole_days`; `extended`: it begins after the agreed end.
    `share` of `shares`: the place among the occurrences that one period asks for.
    """

    start: date
    end: date
    due: date
    clipped: bool
    extended: bool
    whole_days: int
    share: int = 1
    shares: int = 1
    provisional_years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Daily:
    """Every day, or every working day."""

    working_days: bool = False


@dataclass(frozen=True)
class Weekly:
    """Each week from Monday to Sunday, on a weekday (Monday = 0). Raises BadRecurrence."""

    weekday: int

    def __post_init__(self) -> None:
        _within("weekday", self.weekday, 0, 6)


@dataclass(frozen=True)
class Monthly:
    """For each natural month, on a day (the last of a month that has none) or on a working day of the month.

    `day` 31 is the last day; `working_day` counts from 1, or back from the last with -1. `months_later` 1: in the month
    after the one it is for. A month with fewer working days takes its last (or, counted back, its first).
    Raises BadRecurrence.
    """

    day: int | None = None
    working_day: int | None = None
    months_later: int = 0

    def __post_init__(self) -> None:
        if (self.day is None) == (self.working_day is None):
            raise BadRecurrence(field="day", value=str(self.day))
        _within("day", self.day or 1, 1, 31)
        _within("working_day", abs(1 if self.working_day is None else self.working_day), 1, 31)
        _within("months_later", self.months_later, 0, 12)


@dataclass(frozen=True)
class EveryMonths:
    """Every so many months (3: a quarter, 6: half a year, 12: a year), due on the last day.

    Of the contract, counted from its start; `natural`: of the year on the wall, then `months` divides 12.
    Raises BadRecurrence.
    """

    months: int
    natural: bool = False

    def __post_init__(self) -> None:
        _within("months", self.months, 1, 120)
        if self.natural and 12 % self.months:
            raise BadRecurrence(field="months", value=self.months)


@dataclass(frozen=True)
class PerYear:
    """So many times within each year, of the contract or `natural`; missed only when the year is over.

    Raises BadRecurrence.
    """

    times: int
    natural: bool = False

    def __post_init__(self) -> None:
        _within("times", self.times, 1, 366)


Rule: TypeAlias = Daily | Weekly | Monthly | EveryMonths | PerYear


def periods(rule: Rule, term: Term, calendar: WorkCalendar) -> Iterator[Period]:
    """The rule's periods that lie in the term or reach into it, in order, cut at the term's start and end."""
    match rule:
        case Daily():
            yield from _days(rule, term, calendar)
        case Weekly():
            yield from _weeks(rule, term)
        case Monthly():
            yield from _months(rule, term, calendar)
        case EveryMonths():
            yield from _every(rule.months, term, natural=rule.natural)
        case PerYear():
            for year in _every(12, term, natural=rule.natural):
                for share in range(1, rule.times + 1):
                    yield year._replace(share=share, shares=rule.times)


def _days(rule: Daily, term: Term, calendar: WorkCalendar) -> Iterator[Period]:
    for i in range((term.final - term.start).days + 1):
        day = term.start + DAY * i
        if not rule.working_days:
            yield _cut(day, day, day, term)
        elif calendar.is_working_day(day):
            yield _cut(day, day, day, term)._replace(provisional_years=calendar.provisional_days(day, day))


def _weeks(rule: Weekly, term: Term) -> Iterator[Period]:
    monday = term.start - DAY * term.start.weekday()
    while monday <= term.final:
        due = monday + DAY * rule.weekday
        if due >= term.start:  # before the start nothing was owed yet
            yield _cut(monday, monday + DAY * 6, due, term)
        monday += DAY * 7


def _months(rule: Monthly, term: Term, calendar: WorkCalendar) -> Iterator[Period]:
    first = term.start.replace(day=1)
    while first <= term.final:
        following = add_months(first, 1)[0]
        due, years = _day_of_month(rule, add_months(first, rule.months_later)[0], calendar)
        if due >= term.start:
            period = _cut(first, following - DAY, due, term)
            late = due if rule.months_later else period.due
            yield period._replace(due=late, provisional_years=merged(years))
        first = following


def _day_of_month(rule: Monthly, first: date, calendar: WorkCalendar) -> tuple[date, tuple[int, ...]]:
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if rule.day is not None:
        return min(last, first + DAY * (rule.day - 1)), ()
    nth = rule.working_day or 1
    if nth > 0:
        on, years = calendar.nth_working_day(first - DAY, nth)
        return (on, years) if on <= last else (calendar.nth_working_day(last + DAY, -1).on, years)
    on, years = calendar.nth_working_day(last + DAY, nth)
    return (on, years) if on >= first else (calendar.first_working_day(first).on, years)


def _every(months: int, term: Term, *, natural: bool) -> Iterator[Period]:
    if natural:
        start = date(term.start.year, (term.start.month - 1) // months * months + 1, 1)
        while start <= term.final:
            following = add_months(start, months)[0]
            yield _cut(start, following - DAY, following - DAY, term)
            start = following
        return
    done = 0
    while (start := term.month_end(done) + DAY) <= term.final:
        last = term.month_end(done + months)
        yield _cut(start, last, last, term)
        done += months


def _cut(start: date, last: date, due: date, term: Term) -> Period:
    """The days start … last within the term; an occurrence that would fall after the term falls on its last day."""
    first, final = max(start, term.start), min(last, term.final)
    return Period(
        start=first,
        end=final + DAY,
        due=min(due, term.final),
        clipped=(first, final) != (start, last),
        extended=first > term.last,
        whole_days=(last - start).days + 1,
    )


def _within(field: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not low <= value <= high:
        raise BadRecurrence(field=field, value=value)
