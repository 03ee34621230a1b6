"""Calendars of a document: written out, or named.

    "calendars": {"office": {"weekly": {"mon-fri": ["09:00-12:00", "13:00-18:00"]}, "holidays": "cn"}, "all": "24x7"}

A name is `24x7`, `cn` (Monday to Friday 09:00-12:00 and 13:00-17:00 with the State Council's days), or
`CONTRACT/CALENDAR` of a contract loaded in this installation.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from opspact.calc.values import Day, Part, Zone
from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.china import china_days
from opspact.core.inputs import Wrong
from opspact.core.words import N_

SHANGHAI = "Asia/Shanghai"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
NAMES = ("cn", "24x7")
Elsewhere: TypeAlias = Callable[[str], WorkCalendar | None]
"""Finds a calendar of a loaded contract by `CONTRACT/CALENDAR`; None when there is none."""

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_DAYS = re.compile(rf"({'|'.join(WEEK)})(?:-({'|'.join(WEEK)}))?")


def read_span(span: str) -> tuple[int, int]:
    """`09:00-12:00` as minutes since midnight; an end not after its start lies on the next day: `20:00-08:00`."""
    match = _SPAN.fullmatch(span)
    if match:
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if int(match[2]) < 60 and int(match[4]) < 60 and start < 1440 and end <= 1440:
            return start, end if end > start else end + 1440
    raise Wrong(N_("expected hours such as 09:00-12:00 or, over midnight, 20:00-08:00, found %(found)s"), found=span)


def read_days(days: str) -> list[int]:
    """`mon`, or `mon-fri`, as weekdays from Monday = 0."""
    match = _DAYS.fullmatch(days)
    if not match:
        raise Wrong(N_("expected a weekday such as mon, or several such as mon-fri, found %(found)s"), found=days)
    first, last = WEEK.index(match[1]), WEEK.index(match[2] or match[1])
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _readable(weekly: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    seen: set[int] = set()
    for days, hours in weekly.items():
        for day in read_days(days):
            if day in seen:
                raise Wrong(N_("%(days)s has hours twice"), days=WEEK[day])
            seen.add(day)
        _hours(hours)
    return weekly


def _hours(spans: tuple[str, ...]) -> tuple[str, ...]:
    for span in spans:
        read_span(span)
    return spans


Hours: TypeAlias = Annotated[tuple[str, ...], AfterValidator(_hours)]


class CalendarIn(Part):
    """Working time written out."""

    zone: Zone = SHANGHAI
    weekly: Annotated[dict[str, tuple[str, ...]], AfterValidator(_readable)] = Field(
        examples=[{"mon-fri": ["09:00-12:00", "13:00-18:00"], "sat": ["20:00-08:00"]}]
    )
    """Hours by weekday or range of weekdays. A shift over midnight belongs to the day it starts on."""
    holidays: Literal["cn", "none"] | tuple[Day, ...] = "none"
    """`cn`: the days the State Council publishes, make-up days included; or the days themselves."""
    workdays: tuple[Day, ...] = ()
    """Make-up working days, with Monday's hours, when the holidays are listed."""
    extra: dict[Day, Hours] = {}
    """Days with hours of their own, above everything else; no hours make a day off."""
    known_on: Day | None = None
    """Only what was published by this day is known; years published later are provisional."""


CalendarRef: TypeAlias = str | CalendarIn


def build(code: str, calendar: CalendarRef, elsewhere: Elsewhere | None = None) -> WorkCalendar:
    """The calendar a document names or writes out. Raises Wrong for a name nobody knows, and CoreError."""
    if isinstance(calendar, CalendarIn):
        return _written(code, calendar)
    if calendar == "24x7":
        return WorkCalendar.always(SHANGHAI, code)
    if calendar == "cn":
        return _written(code, CalendarIn(weekly={"mon-fri": ("09:00-12:00", "13:00-17:00")}, holidays="cn"))
    if elsewhere and (found := elsewhere(calendar)):
        return found
    message = N_("no calendar is named %(found)s; there are cn, 24x7 and CONTRACT/CALENDAR of a loaded contract")
    raise Wrong(message, found=calendar)


def build_all(calendars: Mapping[str, CalendarRef], elsewhere: Elsewhere | None = None) -> dict[str, WorkCalendar]:
    """The calendars of a document by the names it gives them, and `cn` and `24x7` unless it means others by these."""
    named = {name: name for name in NAMES} | dict(calendars)
    return {code: build(code, calendar, elsewhere) for code, calendar in named.items()}


def _written(code: str, calendar: CalendarIn) -> WorkCalendar:
    weekly: dict[int, list[tuple[int, int]]] = {}
    for days, hours in calendar.weekly.items():
        for day in read_days(days):
            weekly[day] = [read_span(span) for span in hours]
    extra: dict[date, list[tuple[int, int]]] = {
        day: [read_span(span) for span in hours] for day, hours in calendar.extra.items()
    }
    if calendar.holidays == "cn":
        known = china_days(calendar.known_on)
        return WorkCalendar(code, calendar.zone, weekly, known.holidays, known.workdays, known.years, extra)
    free = frozenset() if calendar.holidays == "none" else frozenset(calendar.holidays)
    return WorkCalendar(code, calendar.zone, weekly, free, frozenset(calendar.workdays), None, extra)
