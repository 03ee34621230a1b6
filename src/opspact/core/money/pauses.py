"""Days on which a payment's clock stands still, and terms of working days that skip them."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from opspact.core.calendars import WorkCalendar
from opspact.core.errors import BadTerm
from opspact.core.intervals import Interval, normalise
from opspact.core.money.errors import PauseReversed

FOREVER = date.max.toordinal()


class PauseReason(StrEnum):
    """Why the client is not yet late. The first three are clause 4.2's."""

    FISCAL_FUNDS = "fiscal_funds"
    INVOICE_MISSING = "invoice_missing"
    INVOICE_WRONG = "invoice_wrong"
    FORCE_MAJEURE = "force_majeure"
    AGREED = "agreed"


class Pause(NamedTuple):
    """Both days stand still: `last_on` is the day the reason fell away (the day of an event is not counted).

    None: it still lasts.
    """

    reason: PauseReason
    first_on: date
    last_on: date | None = None


def held_days(pauses: Sequence[Pause], reasons: Iterable[PauseReason] = tuple(PauseReason)) -> list[Interval]:
    """Pauses of these reasons as a normal list of [ordinal of the first day, of the day after the last).

    Raises PauseReversed.
    """
    wanted = frozenset(reasons)
    days: list[Interval] = []
    for position, pause in enumerate(pauses):
        if pause.last_on is not None and pause.last_on < pause.first_on:
            raise PauseReversed(position=position, first_on=str(pause.first_on), last_on=str(pause.last_on))
        if pause.reason in wanted:
            after = FOREVER if pause.last_on is None else pause.last_on.toordinal() + 1
            days.append((pause.first_on.toordinal(), after))
    return normalise(days)


def working_days_needed(start: date, amount: int, calendar: WorkCalendar, held: Sequence[Interval]) -> int | None:
    """How many working days after `start` hold `amount` that are not held; None while a lasting pause forbids it.

    Raises BadTerm, OutOfReach.
    """
    if amount < 0:
        raise BadTerm(amount=amount, unit="working_days")
    needed = amount
    while needed:
        last = calendar.nth_working_day(start, needed).on.toordinal()
        if any(b == FOREVER for a, b in held if a <= last):
            return None
        reached = [(max(a, start.toordinal() + 1), min(b, last + 1)) for a, b in held if a <= last]
        paused = sum(calendar.is_working_day(date.fromordinal(day)) for a, b in reached for day in range(a, b))
        if amount + paused == needed:
            break
        needed = amount + paused
    return needed


def due_day(start: date, working_days: int, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> date | None:
    """The last of `working_days` working days after `start` that no pause holds; None while a pause lasts."""
    needed = working_days_needed(start, working_days, calendar, held_days(pauses))
    return None if needed is None else calendar.nth_working_day(start, needed).on
