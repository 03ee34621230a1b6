"""The document's parts as core takes them."""

from __future__ import annotations

from opspact.calc.calendars import WEEK
from opspact.calc.kinds.deadline.document import DateIn, ObligationIn, RecordIn, RuleIn, SpanIn
from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.chains import After, Fixed, InterestFrom, Link, NoticeBy, PaidUntil, Shifted
from opspact.core.calendars.deadlines import Counting
from opspact.core.calendars.matching import Record
from opspact.core.calendars.recurring import (
    Daily,
    EveryMonths,
    Grace,
    Monthly,
    Obligation,
    PerYear,
    Rule,
    Term,
    Weekly,
)


def link(written: DateIn, counting: Counting) -> Link:
    """A date of the chain; `counting` where it does not say its own."""
    name, clause = written.name, written.clause
    if (after := written.after) is not None:
        own = after.counting or counting
        return After(name, after.of, after.amount, after.unit, own, after.roll, after.day_end, clause)
    if (shifted := written.shifted) is not None:
        return Shifted(name, shifted.of, shifted.days, clause)
    if (interest := written.interest) is not None:
        return InterestFrom(name, interest.of, interest.overdue_working_days, interest.on_the_day, clause)
    if (notice := written.notice) is not None:
        return NoticeBy(name, notice.of, notice.amount, notice.unit, notice.ahead, notice.roll, clause)
    if (paid := written.paid) is not None:
        return PaidUntil(name, paid.of, paid.cap, paid.price, paid.price_days, clause)
    assert written.on is not None
    return Fixed(name, written.on, clause)


def term(written: SpanIn, counting: Counting, calendar: WorkCalendar) -> Term:
    """The term obligations recur in. Raises CoreError."""
    if written.last is not None:
        return Term(written.start, written.last, counting, written.until)
    assert written.amount is not None
    return Term.lasting(written.start, written.amount, written.unit, calendar, counting=counting, until=written.until)


def obligation(written: ObligationIn) -> Obligation:
    """What is owed. Raises CoreError."""
    return Obligation(
        rule=_rule(written.rule),
        grace=Grace(written.grace.amount, written.grace.unit) if written.grace else None,
        partial=written.partial,
        roll=written.roll,
        day_end=written.day_end,
        remind_days=written.remind_days,
        late_counts=written.late_counts,
    )


def record(written: RecordIn, calendar: WorkCalendar) -> Record:
    """A record; one that only gives a day counts from its first instant. Raises CoreError."""
    if written.done_at is not None:
        return Record(written.id, written.done_at, written.number)
    assert written.done_on is not None
    return Record(written.id, calendar.day_start(written.done_on), written.number)


def _rule(written: RuleIn) -> Rule:
    if written.daily is not None:
        return Daily(working_days=written.daily == "working_days")
    if written.weekly is not None:
        return Weekly(WEEK.index(written.weekly))
    if written.monthly is not None:
        return Monthly(written.monthly.day, written.monthly.working_day, written.monthly.months_later)
    if written.every_months is not None:
        return EveryMonths(written.every_months, natural=written.natural)
    assert written.times_a_year is not None
    return PerYear(written.times_a_year, natural=written.natural)
