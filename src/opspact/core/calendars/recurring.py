"""Obligations that come back: rules as data, and the occurrences they have in a term. `docs/why/deadlines.md`.

An occurrence belongs to a period [start, end) of local dates; its due day moves off rest days as any last day does.
Contract periods are counted from the contract's start, natural ones follow the calendar on the wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from opspact.core.calendars.deadlines import deadline, provisional, rolling
from opspact.core.calendars.periods import Daily, EveryMonths, Monthly, Period, PerYear, Rule, Weekly, periods
from opspact.core.calendars.spans import Term
from opspact.core.calendars.term_errors import BadRecurrence
from opspact.core.calendars.terms import DAY, DayEnd, Unit, end_of, merged
from opspact.core.calendars.work import WorkCalendar
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_

__all__ = ["Daily", "EveryMonths", "Grace", "Monthly", "Obligation", "Occurrence", "Partial"]
__all__ += ["PerYear", "Rule", "Term", "Weekly", "occurrences"]


class Partial(StrEnum):
    """What a period that the term cuts short is owed: all of it by its last day, as many times as its part of the whole
    period asks for (rounded down), or nothing.
    """

    DUE = "due"
    IN_PROPORTION = "in_proportion"
    LEFT_OUT = "left_out"


class Grace(NamedTuple):
    """Time after a period's end until its occurrence is due, such as five working days for a report on it."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Obligation:
    """What is owed again and again.

    `partial` None: in proportion for `PerYear`, else due. `roll` None: due days move off rest days, but for `Daily`.
    `remind_days`: so many calendar days before the due day. `late_counts`: what was missed can be made good later, as a
    report can and a patrol cannot.
    Raises BadRecurrence.
    """

    rule: Rule
    grace: Grace | None = None
    partial: Partial | None = None
    roll: bool | None = None
    day_end: DayEnd = DayEnd.MIDNIGHT
    remind_days: tuple[int, ...] = ()
    late_counts: bool = True

    def __post_init__(self) -> None:
        for days in self.remind_days:
            if not 0 <= days <= 366:
                raise BadRecurrence(field="remind_days", value=days)

    @property
    def rolls(self) -> bool:
        """Whether the due day moves off rest days."""
        return not isinstance(self.rule, Daily) if self.roll is None else self.roll


@dataclass(frozen=True)
class Occurrence:
    """One time that something is owed; `number` counts from 1.

    `computed_on`: the due day before rest days moved it. It may be fulfilled from `opens_at` on and is late from
    `ends_at` on. `reminders` are local dates, none of them binding.
    """

    number: int
    period: Period
    computed_on: date
    due_on: date
    opens_at: Instant
    ends_at: Instant
    reminders: tuple[date, ...]
    provisional_years: tuple[int, ...]

    def explain(self, clause: str = "") -> Explanation:
        """How the due day was found."""
        period = self.period
        first_on, last_on = period.start.isoformat(), (period.end - DAY).isoformat()
        steps = [
            Step(N_("The period runs from %(first_on)s to %(last_on)s."), {"first_on": first_on, "last_on": last_on})
        ]
        if period.clipped:
            steps.append(Step(N_("The start or the end of the term cuts this period short."), {}))
        if period.extended:
            steps.append(Step(N_("The period lies after the agreed end; it is owed because the service goes on."), {}))
        if period.shares > 1:
            text = N_("It is number %(share)s of %(shares)s in this period; only the end of the period is binding.")
            steps.append(Step(text, {"share": period.share, "shares": period.shares}))
        steps.append(Step(N_("It is due on %(computed_on)s."), {"computed_on": self.computed_on.isoformat()}))
        steps += [*rolling(self.computed_on, self.due_on), *provisional(self.provisional_years)]
        return Explanation(
            rule=N_("Recurring obligation"),
            clause=clause,
            inputs={"number": self.number, "period_start_on": first_on, "period_end_on": period.end.isoformat()},
            steps=tuple(steps),
        )


def occurrences(obligation: Obligation, term: Term, calendar: WorkCalendar) -> list[Occurrence]:
    """Every time the obligation is owed in the term, in order. Raises OutOfReach."""
    partial = obligation.partial
    if partial is None:
        partial = Partial.IN_PROPORTION if isinstance(obligation.rule, PerYear) else Partial.DUE
    owed = (kept for period in periods(obligation.rule, term, calendar) if (kept := _kept(period, partial)))
    return [_occurrence(number, period, obligation, calendar) for number, period in enumerate(owed, start=1)]


def _kept(period: Period, partial: Partial) -> Period | None:
    """The period with as many shares as are owed in it, None for one too many."""
    if not period.clipped or partial is Partial.DUE:
        return period
    if partial is Partial.LEFT_OUT:
        return None
    shares = period.shares * (period.end - period.start).days // period.whole_days
    return period._replace(shares=shares) if period.share <= shares else None


def _occurrence(number: int, period: Period, obligation: Obligation, calendar: WorkCalendar) -> Occurrence:
    computed, years = period.due, period.provisional_years
    if grace := obligation.grace:
        after = deadline(computed, grace.amount, grace.unit, calendar, roll=False)
        computed, years = after.on, merged(years, after.provisional_years)
    due = computed
    if obligation.rolls:
        due, rolled = calendar.first_working_day(computed)
        years = merged(years, rolled)
    elif obligation.day_end is DayEnd.CLOSING:
        years = merged(years, calendar.provisional_days(due, due))
    opens = period.end - DAY if computed >= period.end else period.start
    return Occurrence(
        number=number,
        period=period,
        computed_on=computed,
        due_on=due,
        opens_at=calendar.day_start(opens),
        ends_at=end_of(due, calendar, obligation.day_end),
        reminders=tuple(sorted({*_reminders(period, due, obligation)})),
        provisional_years=years,
    )


def _reminders(period: Period, due: date, obligation: Obligation) -> Iterator[date]:
    """The fixed lead times; and for several in one period the day that its even share of the period is over."""
    for days in obligation.remind_days:
        yield due - DAY * days
    if period.shares > 1:
        yield period.start + DAY * ((period.end - period.start).days * period.share // period.shares - 1)
