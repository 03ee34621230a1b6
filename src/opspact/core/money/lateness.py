"""What interest for late payment is made from, and what it says. `docs/why/penalties.md`; computed in `accruing`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from opspact.core.calendars.deadlines import provisional
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import in_yuan
from opspact.core.money.pauses import PauseReason
from opspact.core.money.rounding import Mode, Rounding, round_money
from opspact.core.words import N_


class PaymentDay(StrEnum):
    """Whether the day of a payment still bears interest on what was paid."""

    FREE = "free"
    COUNTS = "counts"


class CapBase(StrEnum):
    """The late sum that the cap is a percentage of: unpaid at the end of the due day, or when interest begins."""

    OVERDUE = "overdue"
    ACCRUING = "accruing"


@dataclass(frozen=True)
class LateTerms:
    """A contract's clause on late payment; the defaults are the readings of clause 5.2 that `docs/why` gives."""

    percent_per_day: Decimal
    cap_percent: Decimal
    overdue_working_days: int = 30
    on_the_day: bool = False
    payment_day: PaymentDay = PaymentDay.FREE
    cap_base: CapBase = CapBase.OVERDUE
    rounding: Rounding = Rounding.AT_END
    mode: Mode = Mode.HALF_UP
    pausing: frozenset[PauseReason] = frozenset(PauseReason)
    clause: str = ""


class Paid(NamedTuple):
    """A payment received, on the local date."""

    on: date
    amount: Decimal


class Run(NamedTuple):
    """Days from `first_on` to `last_on` (both counted) with the same sum unpaid; `cents_a_day` is exact."""

    first_on: date
    last_on: date
    unpaid: Decimal
    paused: bool
    cents_a_day: Fraction

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1


class AccrualDay(NamedTuple):
    """One line of the sheet. `amount` adds up to `total` line by line, to the cent."""

    on: date
    unpaid: Decimal
    paused: bool
    amount: Decimal
    total: Decimal


@dataclass(frozen=True)
class Accrual:
    """Interest up to and with `through_on`. `interest_on` None: a lasting pause keeps it from beginning.

    `capped_on` is the day whose interest was the first to be cut or to reach the cap; `unpaid` is what is still open.
    """

    terms: LateTerms
    due: Decimal
    due_on: date
    interest_on: date | None
    through_on: date
    runs: tuple[Run, ...]
    cap: Decimal
    capped_on: date | None
    total: Decimal
    unpaid: Decimal
    provisional_years: tuple[int, ...]

    @property
    def days(self) -> int:
        """Days that bear interest."""
        return sum(run.days for run in self.runs if not run.paused)

    @property
    def paused_days(self) -> int:
        """Days without interest since it began, because of a pause."""
        return sum(run.days for run in self.runs if run.paused)

    def sheet(self) -> Iterator[AccrualDay]:
        """Day by day."""
        cap, exact_cents, shown = Fraction(self.cap) * 100, Fraction(0), in_yuan(0)
        for run in self.runs:
            for passed in range(run.days):
                exact_cents = min(cap, exact_cents + run.cents_a_day)
                total = round_money(exact_cents / 100, self.terms.mode)
                yield AccrualDay(run.first_on + timedelta(passed), run.unpaid, run.paused, total - shown, total)
                shown = total

    def explain(self) -> Explanation:
        """When it began, each run of days, and where it stopped."""
        steps = [_beginning(self)]
        for run in self.runs:
            params: dict[str, Plain] = {"first_on": str(run.first_on), "last_on": str(run.last_on), "days": run.days}
            if run.paused:
                steps.append(
                    Step(N_("From %(first_on)s to %(last_on)s the clock stood still (%(days)s days)."), params)
                )
            else:
                a_day: dict[str, Plain] = {"unpaid": str(run.unpaid), "a_day": _exact_text(run.cents_a_day / 100)}
                text = N_("From %(first_on)s to %(last_on)s, %(days)s days at %(a_day)s a day on %(unpaid)s unpaid.")
                steps.append(Step(text, {**params, **a_day}))
        if self.capped_on is not None:
            capped: dict[str, Plain] = {"capped_on": str(self.capped_on), "cap": str(self.cap)}
            steps.append(Step(N_("The cap of %(cap)s is reached on %(capped_on)s."), capped))
        steps += provisional(self.provisional_years)
        steps.append(Step(N_("Interest up to %(through_on)s: %(total)s."), _standing(self)))
        return Explanation(
            rule=N_("Interest for each day on what is unpaid, up to a cap"),
            clause=self.terms.clause,
            inputs={
                "due": str(self.due),
                "due_on": str(self.due_on),
                "percent_per_day": str(self.terms.percent_per_day),
                "cap_percent": str(self.terms.cap_percent),
                "overdue_working_days": self.terms.overdue_working_days,
                "on_the_day": self.terms.on_the_day,
                "payment_day": str(self.terms.payment_day),
                "cap_base": str(self.terms.cap_base),
                "rounding": str(self.terms.rounding),
                "mode": str(self.terms.mode),
                "pausing": ", ".join(sorted(self.terms.pausing)),
            },
            steps=tuple(steps),
        )


def other_readings(terms: LateTerms) -> list[tuple[str, str, LateTerms]]:
    """Each other reading of the clause, one setting changed at a time: the setting, its other value, the terms."""
    other_day = PaymentDay.COUNTS if terms.payment_day is PaymentDay.FREE else PaymentDay.FREE
    other_base = CapBase.ACCRUING if terms.cap_base is CapBase.OVERDUE else CapBase.OVERDUE
    other_rounding = Rounding.PER_DAY if terms.rounding is Rounding.AT_END else Rounding.AT_END
    pausing = terms.pausing ^ {PauseReason.FISCAL_FUNDS}
    start = "day-after" if terms.on_the_day else "same-day"
    funds = "pauses" if PauseReason.FISCAL_FUNDS in pausing else "runs"
    return [
        (
            "interest_start",
            start,
            replace(terms, on_the_day=not terms.on_the_day),
        ),
        ("fiscal_funds", funds, replace(terms, pausing=pausing)),
        ("payment_day", str(other_day), replace(terms, payment_day=other_day)),
        ("cap_base", str(other_base), replace(terms, cap_base=other_base)),
        ("rounding", str(other_rounding), replace(terms, rounding=other_rounding)),
    ]


def _standing(accrual: Accrual) -> dict[str, Plain]:
    return {"through_on": str(accrual.through_on), "total": str(accrual.total)}


def _beginning(accrual: Accrual) -> Step:
    if accrual.interest_on is None:
        return Step(N_("A pause that still lasts keeps interest from beginning."), {})
    params: dict[str, Plain] = {
        "due_on": str(accrual.due_on),
        "days": accrual.terms.overdue_working_days,
        "interest_on": str(accrual.interest_on),
    }
    if accrual.terms.on_the_day:
        return Step(N_("Due on %(due_on)s; interest from working day %(days)s overdue, %(interest_on)s."), params)
    return Step(
        N_("Due on %(due_on)s; interest from the day after working day %(days)s overdue, %(interest_on)s."), params
    )


def _exact_text(yuan: Fraction) -> str:
    """A day's interest, to its last decimal where it is finer than a cent; rate and sum are decimals, so it has one."""
    cents = round_money(yuan)
    return str(cents if cents == yuan else Decimal(yuan.numerator) / Decimal(yuan.denominator))
