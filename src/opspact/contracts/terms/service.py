"""When service is owed and how fast: calendars, service levels, priorities, escalation."""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Day, Flag, Name, Part, Percent, Text
from opspact.contracts.terms.durations import Duration, Unit
from opspact.core.inputs import Wrong
from opspact.core.words import N_

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_SPAN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Wrong(N_("%(found)s is no time zone, write it like Asia/Shanghai"), found=name) from None
    return name


def minutes_of(span: str) -> tuple[int, int]:
    """`09:00-12:00` as minutes since midnight, half-open: (540, 720). Midnight at the end is 24:00."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return start, end


def _ordered(spans: tuple[str, ...]) -> tuple[str, ...]:
    last = 0
    for start, end in map(minutes_of, spans):
        if start >= end or start < last:
            raise Wrong(N_("hours must be in order and not overlap: %(found)s"), found=", ".join(spans))
        last = end
    return spans


Zone = Annotated[str, AfterValidator(_known_zone)]
Hours = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=_SPAN)], ...], AfterValidator(_ordered), Field(min_length=1)
]
"""Spans of a local day, such as `09:00-12:00`, in order; a day's end is 24:00."""


class Week(Part):
    """Weekdays that share their hours."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    hours: Hours


class Calendar(Agreed):
    """Working time: the hours of the week without public holidays; make-up days (调休上班) have Monday's hours."""

    code: Code
    name: Name
    zone: Zone = "Asia/Shanghai"
    weekly: tuple[Week, ...] = Field(min_length=1)
    holidays: Literal["cn", "none"]
    """`cn`: the days the State Council of China publishes each year; `none`: holidays count as any other day."""
    clause: Clause = ""

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        days = [day for week in self.weekly for day in week.days]
        twice = sorted({day for day in days if days.count(day) > 1})
        if twice:
            raise Wrong(N_("%(days)s has hours twice"), days=", ".join(twice))
        return self

    def minutes(self, day: Weekday) -> tuple[tuple[int, int], ...]:
        """Working spans of an ordinary week's day: half-open (from, to) in minutes since local midnight."""
        return tuple(minutes_of(span) for week in self.weekly if day in week.days for span in week.hours)


class Goal(Part):
    """A time to keep, on its calendar."""

    within: Duration
    """In minutes, hours or working days."""
    calendar: Code
    pausable: Flag = False
    """Whether a pause with a reason stops the clock."""

    @model_validator(mode="after")
    def _a_clock_can_run_it(self) -> Self:
        if self.within.unit not in (Unit.MINUTES, Unit.HOURS, Unit.WORKING_DAYS):
            raise Wrong(N_("a service clock runs in min, h or WD, not in %(found)s"), found=self.within.unit.value)
        return self


class Arrival(Part):
    """Time to be on the spot, by whether the incident was opened within `hours`."""

    hours: Code
    """The calendar that tells the two apart."""
    in_hours: Goal
    out_of_hours: Goal


class Report(Part):
    """How an incident of this level is reported."""

    first: Goal | None = None
    """`0 min` is at once."""
    written: Goal | None = None
    deliverable: Code | None = None
    """The periodic report that covers it when there is none of its own."""


class ServiceLevel(Agreed):
    """What an incident of one priority is owed."""

    priority: Code
    level: Code
    name: Name
    definition: Text
    response: Goal
    arrival: Arrival | None = None
    restore: Goal
    report: Report = Report()
    clause: Clause = ""


class Rank(Part):
    code: Code
    name: Name


class Priorities(Agreed):
    """How impact and urgency make a priority."""

    impacts: tuple[Rank, ...] = Field(min_length=1)
    urgencies: tuple[Rank, ...] = Field(min_length=1)
    matrix: dict[Code, dict[Code, Code]]
    """Impact code → urgency code → priority."""
    raised_for: tuple[Rank, ...] = ()
    """Circumstances (VIP, 重保) that raise the priority by one."""
    clause: Clause = ""


class PauseRules(Agreed):
    """What may stop a pausable clock. Each pause needs one of these reasons."""

    reasons: tuple[Rank, ...] = ()
    clause: Clause = ""


class EscalationStep(Part):
    percent: Annotated[Percent, Field(gt=0)]
    """Of the time to keep that is used up."""
    to: tuple[Name, ...] = Field(min_length=1)


class Escalation(Agreed):
    steps: tuple[EscalationStep, ...] = ()
    immediate_levels: tuple[Code, ...] = ()
    """Levels that are told to everybody at once."""
    clause: Clause = ""


class SecurityGrading(Agreed):
    """The scale of security incidents in force from a day on."""

    standard: Name
    since: Day | None = None
    until: Day | None = None
    """The day the next scale takes over."""
    levels: tuple[Rank, ...] = Field(min_length=1)
    """The most severe first."""
    clause: Clause = ""


class Coverage(Agreed):
    """How many people serve when."""

    code: Code
    name: Name
    calendar: Code
    at_least: Count
    clause: Clause = ""
