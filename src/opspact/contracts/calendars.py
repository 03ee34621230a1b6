"""Work calendars of contracts: the hours come from the terms, the State Council's days from the database.

A year without a `CalendarYear` row is not published yet: what was computed over it is provisional, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from opspact.contracts.models import CalendarDay, CalendarYear
from opspact.contracts.queries import contract_by_code
from opspact.contracts.terms.service import Calendar, Weekday
from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.china import FIRST_YEAR, LAST_YEAR, china_days
from opspact.kit.actions import Caller, action

Stamp = tuple[tuple[int, datetime], ...]

WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def work_calendars(calendars: Iterable[Calendar]) -> dict[str, WorkCalendar]:
    """The terms' calendars by code, with the days published so far. One query; they are kept between calls."""
    stamp = published()
    return {calendar.code: _built(calendar, stamp) for calendar in calendars}


def published(country: str = "cn") -> Stamp:
    """The published years and when each was loaded: as long as it is the same, so are the calendars."""
    rows = CalendarYear.objects.filter(country=country).order_by("year")
    return tuple(rows.values_list("year", "loaded_at"))


@lru_cache(maxsize=64)
def _built(calendar: Calendar, stamp: Stamp) -> WorkCalendar:
    weekly = {number: calendar.minutes(day) for number, day in enumerate(WEEK)}
    if calendar.holidays == "none":
        return WorkCalendar(calendar.code, calendar.zone, weekly)
    free, extra = _days(stamp)
    years = frozenset(year for year, _ in stamp)
    return WorkCalendar(calendar.code, calendar.zone, weekly, free, extra, years)


@lru_cache(maxsize=4)
def _days(stamp: Stamp) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up working days of the published years."""
    years = {year for year, _ in stamp}
    rows = [row for row in CalendarDay.objects.filter(country="cn").values_list("day", "kind") if row[0].year in years]
    free = frozenset(day for day, kind in rows if kind == CalendarDay.Kind.HOLIDAY)
    return free, frozenset(day for day, kind in rows if kind == CalendarDay.Kind.WORKDAY)


@action("contracts.calendar.load")
def load_public_holidays(caller: Caller, _installation: None = None, *, years: Iterable[int] | None = None) -> int:
    """Load the days the State Council published, 2004 to 2026 or only `years`; how many days there are now.

    Loading a year again replaces its days, as when they were amended. Raises ValueError for a year not published.
    """
    wanted = sorted(set(years or range(FIRST_YEAR, LAST_YEAR + 1)))
    if missing := [year for year in wanted if not FIRST_YEAR <= year <= LAST_YEAR]:
        raise ValueError(f"no published days for {missing}")
    CalendarDay.objects.filter(country="cn", day__year__in=wanted).delete()
    days = [row for year in wanted for row in _departures(year)]
    CalendarDay.objects.bulk_create(days)
    for year in wanted:
        CalendarYear.objects.update_or_create(
            country="cn", year=year, defaults={"source": "chinesecalendar", "loaded_at": caller.now}
        )
    caller.note(years=wanted, days=len(days))
    return len(days)


def _departures(year: int) -> list[CalendarDay]:
    """The public holidays of a year, weekend days among them included, and its make-up working days."""
    known = china_days()
    return [
        CalendarDay(
            country="cn",
            day=day,
            kind=CalendarDay.Kind.HOLIDAY if day in known.holidays else CalendarDay.Kind.WORKDAY,
            name=name,
        )
        for day, name in sorted(known.names.items())
        if day.year == year
    ]


def calendar_of(contract: str, code: str) -> WorkCalendar | None:
    """A loaded contract's calendar, by the codes of both; None when there is none."""
    found = contract_by_code(contract)
    wanted = [calendar for calendar in found.terms.calendars if calendar.code == code] if found else []
    return work_calendars(wanted)[code] if wanted else None
