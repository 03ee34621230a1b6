"""A contract's dates as data: each is fixed, or counted from another; all are computed, each with its explanation.

A date counted from one that moved off a rest day starts at the moved day, since that is when the thing is due. What is
provisional in one is provisional in all that follow. Links and a worked table: `docs/why/deadlines.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from opspact.core.calendars.allowances import allowance
from opspact.core.calendars.deadlines import deadline, interest
from opspact.core.calendars.notices import Ahead, latest_notice
from opspact.core.calendars.term_errors import NameInACircle, NameTwice, UnknownName
from opspact.core.calendars.terms import DAY, REACH_YEARS, Counting, DayEnd, Unit, end_of, merged
from opspact.core.calendars.work import WorkCalendar
from opspact.core.errors import OutOfReach
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_


@dataclass(frozen=True)
class Fixed:
    """A day that is known: a signature, a receipt, a confirmation."""

    name: str
    on: date
    clause: str = ""


@dataclass(frozen=True)
class After:
    """The last day of a term counted from the date `of`, as in `deadline`."""

    name: str
    of: str
    amount: int
    unit: Unit
    counting: Counting = Counting.EXCLUSIVE
    roll: bool = True
    day_end: DayEnd = DayEnd.MIDNIGHT
    clause: str = ""


@dataclass(frozen=True)
class Shifted:
    """So many calendar days after the date `of` (before it for negative `days`): the day after a term, and the like."""

    name: str
    of: str
    days: int
    clause: str = ""


@dataclass(frozen=True)
class InterestFrom:
    """The first day of interest on what was due on the date `of`, as in `interest`."""

    name: str
    of: str
    overdue_working_days: int
    on_the_day: bool = False
    clause: str = ""


@dataclass(frozen=True)
class NoticeBy:
    """The latest day for notice of what happens on the date `of`, as in `latest_notice`."""

    name: str
    of: str
    amount: int
    unit: Unit
    ahead: Ahead = Ahead.EXCLUSIVE
    roll: bool = False
    clause: str = ""


@dataclass(frozen=True)
class PaidUntil:
    """The last day after the date `of` that a capped fee pays for, as in `allowance`."""

    name: str
    of: str
    cap: Decimal
    price: Decimal
    price_days: int
    clause: str = ""


Link: TypeAlias = Fixed | After | Shifted | InterestFrom | NoticeBy | PaidUntil


class Dated(NamedTuple):
    """One date of a chain. `ends_at` is the instant it is over; `provisional_years` hold those of its ancestors too."""

    name: str
    on: date
    computed_on: date
    ends_at: Instant
    provisional_years: tuple[int, ...]
    explanation: Explanation


def resolve(links: Sequence[Link], calendar: WorkCalendar) -> list[Dated]:
    """Every date, in the order given, which need not be the order of counting.

    Raises NameTwice, UnknownName, NameInACircle, and what the links' own calculations raise.
    """
    done: dict[str, Dated] = {}
    for link in in_order(links):
        done[link.name] = dated(link, done, calendar)
    return [done[link.name] for link in links]


def dated(link: Link, done: Mapping[str, Dated], calendar: WorkCalendar) -> Dated:
    """The date of one link when the one it is counted from is `done`; with that one's provisional years."""
    if isinstance(link, Fixed):
        return _date(link, None, calendar)
    start = done[link.of]
    found = _date(link, start, calendar)
    return found._replace(provisional_years=merged(found.provisional_years, start.provisional_years))


def in_order(links: Sequence[Link]) -> list[Link]:
    """Each link after the one it is counted from. Raises NameTwice, UnknownName, NameInACircle."""
    positions: dict[str, int] = {}
    for position, link in enumerate(links):
        if (other := positions.setdefault(link.name, position)) != position:
            raise NameTwice(position=position, other=other, name=link.name)
    ordered: dict[str, Link] = {}
    for link in links:
        waiting: dict[str, Link] = {}
        while link.name not in ordered:
            position = positions[link.name]
            if link.name in waiting:
                raise NameInACircle(position=position, name=link.name)
            waiting[link.name] = link
            if isinstance(link, Fixed):
                break
            if link.of not in positions:
                raise UnknownName(position=position, name=link.name, of=link.of)
            link = links[positions[link.of]]
        ordered.update(reversed(waiting.items()))
    return list(ordered.values())


def _date(link: Link, start: Dated | None, calendar: WorkCalendar) -> Dated:
    if isinstance(link, Fixed):
        return _plain(link, link.on, calendar, Step(N_("The day is given: %(given_on)s."), {"given_on": str(link.on)}))
    assert start is not None
    if isinstance(link, Shifted):
        return _shifted(link, start.on, calendar)
    if isinstance(link, PaidUntil):
        paid = allowance(start.on, link.cap, link.price, link.price_days)
        explanation = paid.explain(link.clause)
        return Dated(link.name, paid.on, paid.on, end_of(paid.on, calendar, DayEnd.MIDNIGHT), (), explanation)
    if isinstance(link, InterestFrom):
        runs = interest(start.on, link.overdue_working_days, calendar, on_the_day=link.on_the_day)
        ends_at, years = end_of(runs.on, calendar, DayEnd.MIDNIGHT), runs.provisional_years
        return Dated(link.name, runs.on, runs.on, ends_at, years, runs.explain(link.clause))
    if isinstance(link, NoticeBy):
        notice = latest_notice(start.on, link.amount, link.unit, calendar, ahead=link.ahead, roll=link.roll)
        years, explanation = notice.provisional_years, notice.explain(link.clause)
        return Dated(link.name, notice.on, notice.computed_on, notice.ends_at, years, explanation)
    last = deadline(
        start.on,
        link.amount,
        link.unit,
        calendar,
        counting=link.counting,
        roll=link.roll,
        day_end=link.day_end,
    )
    return Dated(link.name, last.on, last.computed_on, last.ends_at, last.provisional_years, last.explain(link.clause))


def _shifted(link: Shifted, start: date, calendar: WorkCalendar) -> Dated:
    if (
        abs(link.days) > REACH_YEARS * 366
        or not date.min.toordinal() <= start.toordinal() + link.days <= date.max.toordinal()
    ):
        raise OutOfReach(calendar=calendar.code, years=REACH_YEARS)
    on = start + DAY * link.days
    text = N_("%(days)s days after %(start_on)s is %(shifted_on)s.")
    step = Step(text, {"days": link.days, "start_on": start.isoformat(), "shifted_on": on.isoformat()})
    return _plain(link, on, calendar, step)


def _plain(link: Fixed | Shifted, on: date, calendar: WorkCalendar, step: Step) -> Dated:
    explanation = Explanation(rule=N_("A day by agreement"), clause=link.clause, steps=(step,))
    return Dated(link.name, on, on, end_of(on, calendar, DayEnd.MIDNIGHT), (), explanation)
