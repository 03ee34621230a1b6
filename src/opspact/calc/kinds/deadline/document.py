"""What a document about deadlines may ask for."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from opspact.calc.calendars import CalendarRef
from opspact.calc.values import Amount, Day, Duration, Instant, Name, Part
from opspact.core.calendars.deadlines import Counting, DayEnd, Unit
from opspact.core.calendars.notices import Ahead
from opspact.core.calendars.recurring import Partial
from opspact.core.inputs import Wrong
from opspact.core.words import N_

Some: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=40_000)]
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_ONE = N_("write exactly one of %(names)s")


def _exactly_one(part: Part, *names: str) -> None:
    if sum(getattr(part, name) is not None for name in names) != 1:
        raise Wrong(_ONE, names=", ".join(names))


class Counted(Part):
    """A term in days, weeks, months or years."""

    amount: Some
    unit: Unit
    counting: Counting | None = None
    """`exclusive` (Civil Code 201) or `inclusive`; absent: the document's."""
    roll: bool = True
    """Whether a last day that is a rest day moves to the next working day (Civil Code 203)."""
    day_end: DayEnd = DayEnd.MIDNIGHT
    """When the last day is over: at 24:00, or at the calendar's `closing` (Civil Code 203 ¶2)."""


class TermIn(Part):
    """One term by itself: of days (`start`, `days`), or of hours (`start_at`, `hours`)."""

    name: Name
    clause: str = ""
    start: Day | None = None
    days: Counted | None = None
    """In days, working days, weeks, months or years from `start`."""
    start_at: Instant | None = None
    hours: Duration | None = None
    """From the instant `start_at` (Civil Code 201 ¶2); rest days do not move its end."""
    working: bool = False
    """Count the calendar's working hours only."""

    @model_validator(mode="after")
    def _one_way(self) -> TermIn:
        of_days, of_hours = (self.start, self.days), (self.start_at, self.hours)
        if not (None not in of_days and of_hours == (None, None)) and not (
            None not in of_hours and of_days == (None, None)
        ):
            raise Wrong(N_("write start and days, or start_at and hours"))
        return self


class AfterIn(Counted):
    """The last day of a term counted from the date `of`."""

    of: Name


class ShiftedIn(Part):
    """So many calendar days after the date `of`, before it when negative."""

    of: Name
    days: Annotated[int, Field(strict=True, ge=-36_600, le=36_600)]


class InterestIn(Part):
    """The first day of interest on what was due on the date `of`."""

    of: Name
    overdue_working_days: Annotated[int, Field(strict=True, ge=0, le=36_600)]
    on_the_day: bool = False
    """From the last of these working days itself; otherwise from the calendar day after it."""


class NoticeIn(Part):
    """The latest day for notice of what happens on the date `of`."""

    of: Name
    amount: Some
    unit: Unit
    ahead: Ahead = Ahead.EXCLUSIVE
    """How days are counted back: the event's day not counted, counted as the first, or only days wholly between."""
    roll: bool = False
    """Whether a latest day that is a rest day moves back to a working day."""
    given_on: Day | None = None
    """When notice was given: the answer says whether that was in time."""


class PaidIn(Part):
    """The last day after the date `of` that a capped fee pays for, a day costing `price` / `price_days`."""

    of: Name
    cap: Annotated[Amount, Field(ge=0)]
    price: Annotated[Amount, Field(gt=0)]
    price_days: Some = 365


class DateIn(Part):
    """A date of the chain: fixed (`on`), or counted from another by its name."""

    name: Name
    clause: str = ""
    on: Day | None = None
    after: AfterIn | None = None
    shifted: ShiftedIn | None = None
    interest: InterestIn | None = None
    notice: NoticeIn | None = None
    paid: PaidIn | None = None

    @model_validator(mode="after")
    def _one_way(self) -> DateIn:
        _exactly_one(self, "on", "after", "shifted", "interest", "notice", "paid")
        return self


class VolumesIn(Part):
    """Two days, both included, to count what lies between."""

    name: Name
    first: Day
    last: Day


class SpanIn(Part):
    """The term of a contract: from `start` for `amount` `unit`, or to `last`."""

    start: Day
    amount: Some | None = None
    unit: Unit = Unit.MONTHS
    last: Day | None = None
    """The last day."""
    until: Day | None = None
    """The last day of a service that went on after the end."""

    @model_validator(mode="after")
    def _one_way(self) -> SpanIn:
        _exactly_one(self, "amount", "last")
        return self


class MonthlyIn(Part):
    """A day of the month (31: the last) or its nth working day (-1: the last)."""

    day: Annotated[int, Field(strict=True, ge=1, le=31)] | None = None
    working_day: Annotated[int, Field(strict=True, ge=-31, le=31)] | None = None
    months_later: Annotated[int, Field(strict=True, ge=0, le=12)] = 0
    """In a later month than the one it is for."""


class RuleIn(Part):
    """How an obligation comes back: exactly one of the first five."""

    daily: Literal["all", "working_days"] | None = None
    weekly: Weekday | None = None
    monthly: MonthlyIn | None = None
    every_months: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    """3: a quarter, 6: half a year, 12: a year; of the contract, or `natural`."""
    times_a_year: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    """Missed only when the year is over."""
    natural: bool = False
    """By the year on the wall instead of the contract's start."""

    @model_validator(mode="after")
    def _one_way(self) -> RuleIn:
        _exactly_one(self, "daily", "weekly", "monthly", "every_months", "times_a_year")
        return self


class GraceIn(Part):
    """Time after the period's end until its occurrence is due."""

    amount: Some
    unit: Unit


class RecordIn(Part):
    """Something that was done, at an instant or on a day; `number` names the occurrence it was done for."""

    id: Name
    done_at: Instant | None = None
    done_on: Day | None = None
    number: Annotated[int, Field(strict=True, ge=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> RecordIn:
        _exactly_one(self, "done_at", "done_on")
        return self


class ObligationIn(Part):
    """What is owed again and again in a term, and what was done."""

    name: Name
    clause: str = ""
    rule: RuleIn
    term: SpanIn | None = None
    """Absent: the document's."""
    counting: Counting | None = None
    grace: GraceIn | None = None
    partial: Partial | None = None
    """What a period cut short is owed; absent: `in_proportion` for so many a year, else `due`."""
    roll: bool | None = None
    """Absent: due days move off rest days, but for daily duties."""
    day_end: DayEnd = DayEnd.MIDNIGHT
    remind_days: tuple[Annotated[int, Field(strict=True, ge=0, le=366)], ...] = ()
    """Reminders, calendar days before the due day."""
    late_counts: bool = True
    """Whether what was missed can be made good later."""
    records: tuple[RecordIn, ...] = ()


class Input(Part):
    """Terms, a chain of dates, volumes, recurring obligations: at least one of them."""

    calendar: CalendarRef = "cn"
    """Named, or written out; with `known_on` only what was published by that day is known."""
    counting: Counting = Counting.EXCLUSIVE
    """`exclusive` (Civil Code 201) or `inclusive`, where nothing else is said."""
    now: Instant | None = None
    """Says how each occurrence stands; needed where there are records."""
    term: SpanIn | None = None
    """The term that obligations recur in."""
    terms: tuple[TermIn, ...] = ()
    dates: tuple[DateIn, ...] = ()
    """May be listed in any order."""
    volumes: tuple[VolumesIn, ...] = ()
    obligations: tuple[ObligationIn, ...] = ()
