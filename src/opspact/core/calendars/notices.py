"""Terms counted backwards: by which day notice must be given for an event, and whether a given notice was in time.

The event's day stands where a start day stands (Civil Code 201), so by default it is not counted: "at least 5 calendar
days before the change" of the 20th is the 15th. Rest days do not shorten the notice; `roll` moves the latest day
*back* to a working day. Readings and a worked table: `docs/why/deadlines.md`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opspact.core.calendars.deadlines import provisional
from opspact.core.calendars.terms import (
    DAY,
    Counting,
    DayEnd,
    Unit,
    add_months,
    check_amount,
    count,
    end_of,
    merged,
)
from opspact.core.calendars.work import WorkCalendar
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_


class Ahead(StrEnum):
    """How days before an event are counted.

    `exclusive`: the event's day is not counted (5 days before the 20th: the 15th). `inclusive`: it is the first day
    (the 16th). `clear`: the days lie wholly between notice and event (the 14th).
    """

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"
    CLEAR = "clear"


@dataclass(frozen=True)
class Notice:
    """The latest day for a notice. `computed_on`: before `roll` moved it back; `ends_at`: the instant of its 24:00."""

    event: date
    amount: int
    unit: Unit
    ahead: Ahead
    computed_on: date
    on: date
    ends_at: Instant
    provisional_years: tuple[int, ...]

    def in_time(self, given_at: Instant) -> bool:
        """Whether notice given at that instant was in time."""
        return given_at < self.ends_at

    def explain(self, clause: str = "") -> Explanation:
        """How the day was counted."""
        counted = {
            Ahead.EXCLUSIVE: N_("Counting back, the event's day %(event_on)s is not counted (after article 201)."),
            Ahead.INCLUSIVE: N_("Counting back, the event's day %(event_on)s is the first day."),
            Ahead.CLEAR: N_("The days lie wholly between the notice and the event's day %(event_on)s."),
        }[self.ahead]
        steps = [
            Step(counted, {"event_on": self.event.isoformat()}),
            Step(N_("The latest day is %(computed_on)s, until 24:00."), {"computed_on": self.computed_on.isoformat()}),
        ]
        if self.on != self.computed_on:
            text = N_("%(computed_on)s is a rest day; notice is due by the working day before it, %(moved_on)s.")
            days = {"computed_on": self.computed_on.isoformat(), "moved_on": self.on.isoformat()}
            steps.append(Step(text, {**days}))
        return Explanation(
            rule=N_("Notice ahead of an event"),
            clause=clause,
            inputs={
                "event_on": self.event.isoformat(),
                "amount": self.amount,
                "unit": str(self.unit),
                "ahead": str(self.ahead),
            },
            steps=(*steps, *provisional(self.provisional_years)),
        )


def latest_notice(
    event: date,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    ahead: Ahead = Ahead.EXCLUSIVE,
    roll: bool = False,
) -> Notice:
    """The latest local date for notice of an event on the local date `event`. Raises BadTerm, OutOfReach."""
    check_amount(event, amount, unit, calendar)
    computed, years = _latest(event, amount, unit, calendar, ahead)
    on = computed
    if roll:
        on, rolled = calendar.last_working_day(computed)
        years = merged(years, rolled)
    return Notice(event, amount, unit, ahead, computed, on, end_of(on, calendar, DayEnd.MIDNIGHT), years)


def earliest_event(
    given: date,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    ahead: Ahead = Ahead.EXCLUSIVE,
    roll: bool = False,
) -> date:
    """The earliest local date an event may have for which notice on the local date `given` is in time."""

    def is_in_time(event: date) -> bool:
        return latest_notice(event, amount, unit, calendar, ahead=ahead, roll=roll).on >= given

    event = count(given, amount, unit, calendar, Counting.EXCLUSIVE).on
    while not is_in_time(event):
        event += DAY
    while is_in_time(event - DAY):
        event -= DAY
    return event


def _latest(event: date, amount: int, unit: Unit, calendar: WorkCalendar, ahead: Ahead) -> tuple[date, tuple[int, ...]]:
    """`clear` days end the evening before the event; `inclusive` ones are counted back from the day after it."""
    if unit is Unit.WORKING_DAYS:
        first = event + DAY * (ahead is Ahead.INCLUSIVE)
        on, years = calendar.nth_working_day(first, -amount)
        return on - DAY * (ahead is Ahead.CLEAR), years
    if unit in (Unit.CALENDAR_DAYS, Unit.WEEKS):
        shift = {Ahead.EXCLUSIVE: 0, Ahead.INCLUSIVE: 1, Ahead.CLEAR: -1}[ahead]
        return event + DAY * (shift - amount * (7 if unit is Unit.WEEKS else 1)), ()
    months = -amount * (12 if unit is Unit.YEARS else 1)
    if ahead is not Ahead.CLEAR:
        return add_months(event + DAY * (ahead is Ahead.INCLUSIVE), months)[0], ()
    eve = event - DAY
    on, _ = add_months(eve, months)
    if event.day == 1:  # every day of the month from the eve's number on corresponds to its last day
        return add_months(on.replace(day=1), 1)[0] - DAY, ()
    return on, ()
