"""How much there is in a term: days, working days, weeks and months touched, and its holidays in runs."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from opspact.core.calendars.term_errors import TermOutOfRange, TermReversed, TermTooLong
from opspact.core.calendars.terms import DAY, FIRST_YEAR, LAST_YEAR, REACH_YEARS, add_months
from opspact.core.calendars.work import WorkCalendar


class Volumes(NamedTuple):
    """Counts over the local dates first … last, both included; weeks run from Monday (ISO 8601).

    `contract_months` counts the months from `first` that have begun before `last`, so 07-06 to 07-06 is 12.
    """

    calendar_days: int
    working_days: int
    iso_weeks: int
    natural_months: int
    contract_months: int
    provisional_years: tuple[int, ...]


def check_days(first: date, last: date) -> None:
    """Raises TermReversed, TermTooLong, TermOutOfRange."""
    if last < first:
        raise TermReversed(field="last_on", day=last.isoformat(), before=first.isoformat())
    if (last - first).days > REACH_YEARS * 366:
        raise TermTooLong(start=first.isoformat(), end=last.isoformat(), years=REACH_YEARS)
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        days = {"start": first.isoformat(), "end": last.isoformat()}
        raise TermOutOfRange(**days, first=FIRST_YEAR, last=LAST_YEAR)


def volumes(first: date, last: date, calendar: WorkCalendar) -> Volumes:
    """What the days from `first` to `last` amount to. Raises TermReversed, TermTooLong, TermOutOfRange."""
    check_days(first, last)
    days = (last - first).days + 1
    working = calendar.working_days_between(first - DAY, last)
    monday = first.toordinal() - first.weekday()
    months = (last.year - first.year) * 12 + last.month - first.month
    return Volumes(
        calendar_days=days,
        working_days=working.days,
        iso_weeks=(last.toordinal() - monday) // 7 + 1,
        natural_months=months + 1,
        contract_months=max(1, months + (add_months(first, months)[0] < last)),
        provisional_years=working.provisional_years,
    )


def runs(days: Iterable[date], first: date, last: date) -> list[tuple[date, date]]:
    """The days from `first` to `last` as runs of consecutive dates (from, to), both included, in order.

    With a calendar's `holidays` these are the State Council's holidays, their weekends included.
    """
    found: list[tuple[date, date]] = []
    for day in sorted(day for day in set(days) if first <= day <= last):
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
