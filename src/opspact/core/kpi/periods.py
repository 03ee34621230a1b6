"""A term cut into contract months or quarters, each with the term so far (ambiguity 14: assess by contract quarter)."""

from dataclasses import dataclass
from datetime import date, timedelta

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import add_months
from opspact.core.errors import BadTerm
from opspact.core.intervals import Interval

LEAST_REST_MONTHS = 1


@dataclass(frozen=True)
class Cut:
    """Part `number` (from 1) of a term: its first and last local day, and [start, end) in µs UTC."""

    number: int
    first_on: date
    last_on: date
    span: Interval
    cumulative: Interval
    """From the term's first day to the end of this part."""


def cut_term(first_on: date, last_on: date, months: int, calendar: WorkCalendar) -> list[Cut]:
    """Parts of `months` months, each beginning on the day that corresponds to the term's first (Civil Code 202).

    A rest of less than a month belongs to the last part. Days are those of the calendar's zone. Raises BadTerm.
    """
    if months < 1 or last_on < first_on:
        raise BadTerm(amount=months, unit="months")
    after = last_on + timedelta(days=1)
    starts = [first_on]
    while _start(first_on, months * len(starts) + LEAST_REST_MONTHS) <= after:
        starts.append(_start(first_on, months * len(starts)))
    ends = [*starts[1:], after]
    origin = calendar.day_start(first_on)
    return [
        Cut(
            number,
            start,
            end - timedelta(days=1),
            (calendar.day_start(start), calendar.day_start(end)),
            (origin, calendar.day_start(end)),
        )
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def natural_months(first_on: date, last_on: date, calendar: WorkCalendar) -> list[Cut]:
    """The natural months that the term touches, the first and last cut to the term. Raises BadTerm."""
    if last_on < first_on:
        raise BadTerm(amount=0, unit="months")
    origin = calendar.day_start(first_on)
    cuts: list[Cut] = []
    start = first_on
    while start <= last_on:
        end = min(_start(start.replace(day=1), 1), last_on + timedelta(days=1))
        edge = calendar.day_start(end)
        cuts.append(
            Cut(len(cuts) + 1, start, end - timedelta(days=1), (calendar.day_start(start), edge), (origin, edge))
        )
        start = end
    return cuts


def _start(first_on: date, months: int) -> date:
    return add_months(first_on, months)[0]
