"""Terms in days, working days, months and years, by Civil Code 201–203, and by the inclusive alternative.

Civil Code: the day it starts on is not counted (201); a term in months or years ends on the corresponding day, or on
the last day of a month that has none (202); a last day that is a legal rest day moves to the next working day (203).
Inclusive: the start day is the first day, so a term ends one day earlier. Worked table: `docs/why/calendars.md`.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from opspact.core.calendars.work import WorkCalendar
from opspact.core.errors import BadTerm
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a term is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class Counting(StrEnum):
    """Whether the start day is the first day of the term."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"


@dataclass(frozen=True)
class Deadline:
    """The last day of a term. `computed_on`: before rest days moved it; `ends_at`: the instant of its 24:00."""

    start: date
    amount: int
    unit: Unit
    counting: Counting
    computed_on: date
    on: date
    ends_at: Instant
    provisional_years: tuple[int, ...]

    def explain(self, clause: str = "") -> Explanation:
        """How the day was counted; `clause` is the contract's, the rule is the Civil Code's."""
        exclusive = self.counting is Counting.EXCLUSIVE
        counted = N_("The start day is not counted.") if exclusive else N_("The start day is the first day.")
        steps = [
            Step(counted, {"start_on": self.start.isoformat()}),
            Step(N_("The term ends on %(computed_on)s."), {"computed_on": self.computed_on.isoformat()}),
        ]
        if self.on != self.computed_on:
            steps.append(
                Step(N_("That is a rest day; the last day becomes %(moved_on)s."), {"moved_on": self.on.isoformat()})
            )
        steps += [
            Step(N_("The holidays of %(year)s are not published yet; this day is provisional."), {"year": year})
            for year in self.provisional_years
        ]
        return Explanation(
            rule=N_("Civil Code, articles 201 to 203") if exclusive else N_("Inclusive counting"),
            clause=clause,
            inputs={
                "start_on": self.start.isoformat(),
                "amount": self.amount,
                "unit": str(self.unit),
                "counting": str(self.counting),
            },
            steps=tuple(steps),
        )


def deadline(
    start: date,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    counting: Counting = Counting.EXCLUSIVE,
    roll: bool = True,
) -> Deadline:
    """The last day of `amount` units from the local date `start`.

    `roll` False keeps a last day that is no working day, as for the end of a service term. Raises BadTerm, OutOfReach.
    """
    if amount < 1:
        raise BadTerm(amount=amount, unit=str(unit))
    inclusive = counting is Counting.INCLUSIVE
    computed, years = _last_day(start, amount, unit, calendar, inclusive=inclusive)
    on = computed
    if roll:
        on, rolled_years = calendar.first_working_day(computed)
        years = tuple(sorted({*years, *rolled_years}))
    return Deadline(start, amount, unit, counting, computed, on, calendar.day_start(on + _DAY), years)


def interest_from(due: date, overdue_working_days: int, calendar: WorkCalendar, *, on_the_day: bool = False) -> date:
    """The first day of interest when it runs from `overdue_working_days` working days after the due day.

    By default the calendar day after the last of them; `on_the_day` that day itself. Raises OutOfReach.
    """
    last = calendar.nth_working_day(due, overdue_working_days).on
    return last if on_the_day else last + _DAY


def add_months(day: date, months: int) -> tuple[date, bool]:
    """The corresponding day so many months on, and whether that month has it; else its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length)), day.day <= length


def _last_day(
    start: date, amount: int, unit: Unit, calendar: WorkCalendar, *, inclusive: bool
) -> tuple[date, tuple[int, ...]]:
    if unit is Unit.WORKING_DAYS:
        on, years = calendar.nth_working_day(start - _DAY if inclusive else start, amount)
        return on, years
    if unit is Unit.CALENDAR_DAYS:
        on = start + amount * _DAY
        return (on - _DAY if inclusive else on), ()
    on, corresponds = add_months(start, amount * (12 if unit is Unit.YEARS else 1))
    return (on - _DAY if inclusive and corresponds else on), ()
