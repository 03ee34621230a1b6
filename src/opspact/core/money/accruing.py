"""Interest for late payment, day by day. Rules and worked tables: `docs/why/penalties.md`.

A day's interest is the sum unpaid on it times the rate; paused days bear none; the total stops at the cap. Days on
which nothing changes are kept as one run, so the work grows with the payments and pauses, not with the days.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import interest
from opspact.core.intervals import Interval
from opspact.core.money.amounts import due_cents, exact, in_yuan, percentage
from opspact.core.money.errors import PaidTooMuch
from opspact.core.money.lateness import Accrual, CapBase, LateTerms, Paid, PaymentDay, Run
from opspact.core.money.pauses import Pause, held_days, working_days_needed
from opspact.core.money.rounding import Mode, Rounding, round_money


def accrue(
    due: Decimal,
    due_on: date,
    paid: Sequence[Paid],
    through_on: date,
    terms: LateTerms,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
) -> Accrual:
    """Interest on `due`, payable until the end of `due_on`, as it stands at the end of `through_on`.

    Raises NotAnAmount, AmountTooFine, NegativeAmount, BadPercent, PaidTooMuch, PauseReversed, BadTerm, OutOfReach.
    """
    payments = _payments(due, paid)
    rate = percentage("percent_per_day", terms.percent_per_day)
    percentage("cap_percent", terms.cap_percent)
    held = held_days(pauses, terms.pausing)
    needed = working_days_needed(due_on, terms.overdue_working_days, calendar, held)
    begins = None if needed is None else interest(due_on, needed, calendar, on_the_day=terms.on_the_day)
    start = begins.on if begins else None
    cents = due_cents("due", due)
    base_on = due_on if terms.cap_base is CapBase.OVERDUE or start is None else start - timedelta(1)
    late = cents - sum(amount for on, amount in payments if on <= base_on)
    cap = round_money(Fraction(late, 100) * Fraction(exact(terms.cap_percent)) / 100, Mode.DOWN)
    runs = [] if start is None else _runs(cents, payments, start, through_on, terms, rate, held)
    kept, total, capped_on = _capped(runs, Fraction(cap) * 100)
    return Accrual(
        terms=terms,
        due=due,
        due_on=due_on,
        interest_on=start,
        through_on=through_on,
        runs=tuple(kept),
        cap=cap,
        capped_on=capped_on,
        total=round_money(total / 100, terms.mode),
        unpaid=in_yuan(cents - sum(amount for on, amount in payments if on <= through_on)),
        provisional_years=begins.provisional_years if begins else (),
    )


def _payments(due: Decimal, paid: Sequence[Paid]) -> list[tuple[date, int]]:
    """Payments in cents, in the order of their days; together no more than is due."""
    left, sofar = due_cents("due", due), 0
    for position, payment in enumerate(paid):
        sofar += due_cents("paid", payment.amount)
        if sofar > left:
            raise PaidTooMuch(position=position, paid=f"{in_yuan(sofar)}", due=f"{due:.2f}")
    return sorted((payment.on, due_cents("paid", payment.amount)) for payment in paid)


def _runs(
    cents: int,
    payments: Sequence[tuple[date, int]],
    start: date,
    through_on: date,
    terms: LateTerms,
    rate: Fraction,
    held: Sequence[Interval],
) -> list[Run]:
    """From the first day of interest to the last day asked for, cut where a payment or a pause changes anything."""
    first, after = start.toordinal(), through_on.toordinal() + 1
    lag = 1 if terms.payment_day is PaymentDay.COUNTS else 0
    effective = [(on.toordinal() + lag, amount) for on, amount in payments]
    edges = {first, after} | {on for on, _ in effective} | {edge for piece in held for edge in piece}
    cuts = sorted(edge for edge in edges if first <= edge <= after)
    runs = []
    for a, b in pairwise(cuts):
        unpaid = cents - sum(amount for on, amount in effective if on <= a)
        if unpaid == 0:
            break
        paused = any(begin <= a < end for begin, end in held)
        a_day = Fraction(0) if paused else unpaid * rate
        if terms.rounding is Rounding.PER_DAY:
            a_day = Fraction(round_money(a_day / 100, terms.mode)) * 100
        runs.append(Run(date.fromordinal(a), date.fromordinal(b - 1), in_yuan(unpaid), paused, a_day))
    return runs


def _capped(runs: Sequence[Run], cap: Fraction) -> tuple[list[Run], Fraction, date | None]:
    """The runs up to the day that reaches the cap, their exact cents, and that day."""
    kept: list[Run] = []
    total = Fraction(0)
    for run in runs:
        if run.cents_a_day and total + run.cents_a_day * run.days >= cap:
            days = max(1, ceil((cap - total) / run.cents_a_day))
            last = run.first_on + timedelta(days - 1)
            return [*kept, run._replace(last_on=last)], cap, last
        kept.append(run)
        total += run.cents_a_day * run.days
    return kept, total, None
