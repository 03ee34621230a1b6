"""Terms in days, working days, weeks, months and years, by Civil Code 201–203, and by the inclusive alternative.

Civil Code: the day it starts on is not counted (201); a term in months or years ends on the corresponding day, or on
the last day of a month that has none (202); a last day that is a legal rest day moves to the next working day, and it
ends at 24:00, or at closing where there are business hours (203). Inclusive: the start day is the first day, so a term
ends one day earlier (204 lets the parties agree so). Worked tables: `docs/why/deadlines.md`.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from opspact.core.calendars.terms import DAY, Counting, DayEnd, Unit, add_months, check_day, count, end_of, merged
from opspact.core.calendars.work import WorkCalendar
from opspact.core.errors import BadTerm
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_

__all__ = ["Counting", "DayEnd", "Deadline", "Interest", "Unit", "add_months", "deadline", "interest", "interest_from"]


@dataclass(frozen=True)
class Deadline:
    """The last day of a term. `computed_on`: before rest days moved it; `ends_at`: the instant it is over.

    `corresponds` False: the last month has no corresponding day, so its last day was taken.
    `closed_at_hours`: `ends_at` is the closing of business, not 24:00.
    """

    start: date
    amount: int
    unit: Unit
    counting: Counting
    computed_on: date
    on: date
    ends_at: Instant
    provisional_years: tuple[int, ...]
    roll: bool = True
    corresponds: bool = True
    closed_at_hours: bool = False

    def explain(self, clause: str = "") -> Explanation:
        """How the day was counted; `clause` is the contract's, the rule is the Civil Code's."""
        exclusive = self.counting is Counting.EXCLUSIVE
        return Explanation(
            rule=N_("Civil Code, articles 201 to 203") if exclusive else N_("Inclusive counting"),
            clause=clause,
            inputs={
                "start_on": self.start.isoformat(),
                "amount": self.amount,
                "unit": str(self.unit),
                "counting": str(self.counting),
                "roll": self.roll,
            },
            steps=(*self._counted(), *rolling(self.computed_on, self.on), *self._ending()),
        )

    def _counted(self) -> list[Step]:
        start, on = {"start_on": self.start.isoformat()}, {"computed_on": self.computed_on.isoformat()}
        steps = [
            Step(N_("The start day %(start_on)s is not counted (article 201)."), {**start})
            if self.counting is Counting.EXCLUSIVE
            else Step(N_("The start day %(start_on)s is the first day, as agreed (article 204)."), {**start})
        ]
        if self.unit is Unit.WORKING_DAYS:
            first = self.start + DAY * (self.counting is Counting.EXCLUSIVE)
            text = N_("Of the %(days)s days from %(first_on)s to %(computed_on)s, %(amount)s are working days.")
            days = (self.computed_on - first).days + 1
            steps.append(Step(text, {"days": days, "first_on": first.isoformat(), **on, "amount": self.amount}))
        elif not self.corresponds:
            text = N_("The last month has no such day; the term ends on its last day, %(computed_on)s (article 202).")
            steps.append(Step(text, {**on}))
        elif self.unit in (Unit.MONTHS, Unit.YEARS) and self.counting is Counting.EXCLUSIVE:
            steps.append(Step(N_("The term ends on the corresponding day, %(computed_on)s (article 202)."), {**on}))
        else:
            steps.append(Step(N_("The term ends on %(computed_on)s."), {**on}))
        return steps

    def _ending(self) -> list[Step]:
        text = N_("The last day ends when business closes, %(ends_at)s (article 203).")
        closing = [Step(text, {"ends_at": self.ends_at})] if self.closed_at_hours else []
        return [*closing, *provisional(self.provisional_years)]


def rolling(computed: date, on: date) -> list[Step]:
    """The step for a last day that a rest day moved on."""
    if on == computed:
        return []
    text = N_("%(computed_on)s is a rest day; the last day becomes %(moved_on)s (article 203).")
    return [Step(text, {"computed_on": computed.isoformat(), "moved_on": on.isoformat()})]


def provisional(years: tuple[int, ...]) -> list[Step]:
    """One step for each year whose holidays were not published."""
    text = N_("The holidays of %(year)s are not published yet; this day is provisional.")
    return [Step(text, {"year": year}) for year in years]


def deadline(
    start: date,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    counting: Counting = Counting.EXCLUSIVE,
    roll: bool = True,
    day_end: DayEnd = DayEnd.MIDNIGHT,
) -> Deadline:
    """The last day of `amount` units from the local date `start`.

    `roll` False keeps a last day that is no working day, as for the end of a service term. Raises BadTerm, OutOfReach.
    """
    computed, corresponds, years = count(start, amount, unit, calendar, counting)
    on = computed
    if roll:
        on, rolled = calendar.first_working_day(computed)
        years = merged(years, rolled)
    ends_at = end_of(on, calendar, day_end)
    closed = ends_at != end_of(on, calendar, DayEnd.MIDNIGHT)
    if day_end is DayEnd.CLOSING:
        years = merged(years, calendar.provisional_days(on, on))
    return Deadline(start, amount, unit, counting, computed, on, ends_at, years, roll, corresponds, closed)


class Interest(NamedTuple):
    """The first day of interest on a late payment, and what it was counted from."""

    due: date
    overdue_working_days: int
    on_the_day: bool
    last: date
    on: date
    provisional_years: tuple[int, ...]

    def explain(self, clause: str = "") -> Explanation:
        """How the day was counted. Dates are ISO days of the calendar's zone."""
        taken = (
            N_("Interest runs from that day, %(interest_on)s.")
            if self.on_the_day
            else N_("Interest runs from the calendar day after it, %(interest_on)s.")
        )
        return Explanation(
            rule=N_("Interest on a late payment"),
            clause=clause,
            inputs={
                "due_on": self.due.isoformat(),
                "overdue_working_days": self.overdue_working_days,
                "on_the_day": self.on_the_day,
            },
            steps=(
                Step(
                    N_("Working day %(amount)s after the due day %(due_on)s is %(last_on)s."),
                    {
                        "amount": self.overdue_working_days,
                        "due_on": self.due.isoformat(),
                        "last_on": self.last.isoformat(),
                    },
                ),
                Step(taken, {"interest_on": self.on.isoformat()}),
                *provisional(self.provisional_years),
            ),
        )


def interest(due: date, overdue_working_days: int, calendar: WorkCalendar, *, on_the_day: bool = False) -> Interest:
    """The first day of interest when it runs from so many working days after the due day, 0 for at once.

    By default the calendar day after the last of them; `on_the_day` that day itself. Raises BadTerm, OutOfReach.
    """
    if overdue_working_days < 0:
        raise BadTerm(amount=overdue_working_days, unit=str(Unit.WORKING_DAYS))
    check_day(due, calendar)
    last, years = calendar.nth_working_day(due, overdue_working_days)
    return Interest(due, overdue_working_days, on_the_day, last, last if on_the_day else last + DAY, years)


def interest_from(due: date, overdue_working_days: int, calendar: WorkCalendar, *, on_the_day: bool = False) -> date:
    """The day of `interest` alone."""
    return interest(due, overdue_working_days, calendar, on_the_day=on_the_day).on
