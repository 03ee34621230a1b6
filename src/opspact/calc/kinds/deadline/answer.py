"""What `opspact calc deadline` answers. Days are local dates of the calendar's zone, instants ISO 8601 on its wall."""

from __future__ import annotations

from datetime import date

from opspact.calc.language import Explained
from opspact.calc.values import Part
from opspact.core.calendars.matching import Fulfilment


class TermOut(Part):
    """The end of a term."""

    name: str
    computed_on: date | None
    """The last day before rest days moved it; nothing for a term in hours."""
    on: date
    ends_at: str
    provisional_years: list[int]


class DateOut(Part):
    """A date of the chain."""

    name: str
    computed_on: date
    on: date
    ends_at: str
    provisional_years: list[int]
    """Years whose holidays were not published, its own and those of the dates it was counted from."""
    in_time: bool | None = None
    """Whether notice was given in time, where the document says when it was given."""
    earliest_event: date | None = None
    """For a notice that was late: the earliest day that the event may have instead."""


class RunOut(Part):
    """Consecutive holidays, both days included."""

    first: date
    last: date
    days: int


class VolumesOut(Part):
    """What lies between two days, both included."""

    name: str
    calendar_days: int
    working_days: int
    iso_weeks: int
    natural_months: int
    contract_months: int
    """Months begun since the first day."""
    holidays: list[RunOut]
    holiday_days: int
    provisional_years: list[int]


class OccurrenceOut(Part):
    """One time that something is owed."""

    number: int
    period: tuple[date, date]
    """From the first day up to, not including, the second."""
    computed_on: date
    due_on: date
    opens_at: str
    ends_at: str
    reminders: list[date]
    clipped: bool
    """The start or end of the term cut the period short."""
    extended: bool
    """The period begins after the agreed end."""
    provisional_years: list[int]
    fulfilment: Fulfilment | None
    """Nothing when the document does not say what time it is."""
    record: str | None


class ObligationOut(Part):
    """An obligation's occurrences, in order."""

    name: str
    occurrences: list[OccurrenceOut]
    unused: list[str]
    """Records that were credited to no occurrence."""
    counts: dict[Fulfilment, int]


class Output(Part):
    """Everything in the order it was asked for."""

    terms: list[TermOut]
    dates: list[DateOut]
    volumes: list[VolumesOut]
    obligations: list[ObligationOut]
    provisional_years: list[int]
    """Of all answers together."""
    explain: list[Explained]
