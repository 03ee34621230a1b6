"""Sums that may not go beyond a percentage of the price: continued service (续服) and supplements (补充协议).

`docs/why/penalties.md`. The two have counters of their own; together they only warn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from opspact.core.calendars.allowances import allowance
from opspact.core.errors import IntervalReversed
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, in_yuan, percentage
from opspact.core.money.errors import BadDays
from opspact.core.money.rounding import Mode, Rounding, percent_of, round_money
from opspact.core.words import N_


@dataclass(frozen=True)
class HoldOver:
    """Service after the term. `fee` for `days_paid` full days; `days_unpaid` are served and not paid.

    `allowance_ends_on` is the last day the cap pays in full (None: not even one); the service itself goes on.
    `left` is what the cap still holds, less than a day's rate once it is used up.
    """

    cap: Decimal
    day_rate: Decimal
    first_on: date
    through_on: date
    days_paid: int
    days_unpaid: int
    days_within_cap: int
    allowance_ends_on: date | None
    fee: Decimal
    left: Decimal
    clause: str = ""

    def explain(self) -> Explanation:
        """The day's rate, the days the cap pays, and the days beyond."""
        rate: dict[str, Plain] = {
            "day_rate": str(self.day_rate),
            "cap": str(self.cap),
            "days": self.days_within_cap,
        }
        fee: dict[str, Plain] = {"days": self.days_paid, "fee": str(self.fee)}
        steps = [
            Step(N_("A day is %(day_rate)s; the cap of %(cap)s pays %(days)s full days."), rate),
            Step(N_("%(days)s days are paid: %(fee)s."), fee),
        ]
        if self.days_unpaid:
            unpaid: dict[str, Plain] = {"days": self.days_unpaid}
            steps.append(
                Step(N_("%(days)s more days are served beyond the cap; the contract pays nothing for them."), unpaid)
            )
        return Explanation(
            rule=N_("Continued service is paid by the day, up to a percentage of the price"),
            clause=self.clause,
            inputs={"first_on": str(self.first_on), "through_on": str(self.through_on)},
            steps=tuple(steps),
        )


class Counter(NamedTuple):
    """One capped sum: what was spent, its cap, what is left of it, and what went beyond."""

    spent: Decimal
    cap: Decimal
    left: Decimal
    excess: Decimal


class Supplement(NamedTuple):
    code: str
    amount: Decimal


@dataclass(frozen=True)
class Allowances:
    """Continued service and supplements, each against its own cap, and both against one.

    `combined_warns`: together they exceed what one clause allows, which the contract does not forbid. `beyond` names
    the supplement with which the cap is passed.
    """

    hold_over: Counter
    supplements: Counter
    combined: Counter
    combined_warns: bool
    beyond: str | None

    def explain(self, clause: str = "") -> Explanation:
        """Each counter against its cap, and the warning."""
        steps = [
            Step(N_("Continued service: %(spent)s of %(cap)s, %(excess)s beyond."), _shown(self.hold_over)),
            Step(N_("Supplements: %(spent)s of %(cap)s, %(excess)s beyond."), _shown(self.supplements)),
        ]
        if self.beyond is not None:
            steps.append(Step(N_("Supplement %(supplement)s passes the cap."), {"supplement": self.beyond}))
        if self.combined_warns:
            text = N_(
                "Together they are %(spent)s, above %(cap)s; each clause is counted by itself, so this only warns."
            )
            steps.append(Step(text, _shown(self.combined)))
        return Explanation(
            rule=N_("Continued service and supplements have a cap each"), clause=clause, steps=tuple(steps)
        )


def _shown(counter: Counter) -> dict[str, Plain]:
    return {name: str(value) for name, value in counter._asdict().items()}


def hold_over(
    price: Decimal,
    service_ends_on: date,
    through_on: date,
    *,
    term_days: int = 365,
    cap_percent: Decimal = Decimal(10),
    rounding: Rounding = Rounding.AT_END,
    mode: Mode = Mode.HALF_UP,
    clause: str = "",
) -> HoldOver:
    """Continued service from the day after `service_ends_on` through `through_on`, at price / term_days a day.

    Only full days are paid. Raises NotAnAmount, AmountTooFine, NegativeAmount, BadPercent, BadDays, IntervalReversed,
    BadAllowance for a price of nothing.
    """
    cents = due_cents("price", price)
    percentage("cap_percent", cap_percent)
    if term_days < 1:
        raise BadDays(days=term_days, term_days=term_days)
    days = (through_on - service_ends_on).days
    if days < 0:
        raise IntervalReversed(position=0, start=str(service_ends_on), end=str(through_on))
    cap = percent_of(price, cap_percent, Mode.DOWN)
    day_rate = round_money(Fraction(cents, 100 * term_days), mode)
    whole, parts = (day_rate, 1) if rounding is Rounding.PER_DAY else (price, term_days)
    within = allowance(service_ends_on, cap, whole, parts).full_days
    paid = min(days, within)
    fee = min(cap, round_money(Fraction(whole) * paid / parts, mode))
    return HoldOver(
        cap=cap,
        day_rate=day_rate,
        first_on=service_ends_on + timedelta(1),
        through_on=through_on,
        days_paid=paid,
        days_unpaid=days - paid,
        days_within_cap=within,
        allowance_ends_on=service_ends_on + timedelta(within) if within else None,
        fee=fee,
        left=cap - fee,
        clause=clause,
    )


def allowances(
    price: Decimal,
    hold_over_spent: Decimal,
    supplements: Sequence[Supplement],
    *,
    hold_over_percent: Decimal = Decimal(10),
    supplement_percent: Decimal = Decimal(10),
) -> Allowances:
    """Both counters; the combined one is held against the larger of the two caps.

    Raises NotAnAmount, AmountTooFine, NegativeAmount, BadPercent.
    """
    due_cents("price", price)
    shares = [percentage("hold_over_percent", hold_over_percent), percentage("supplement_percent", supplement_percent)]
    caps = [due_cents("cap", round_money(Fraction(price) * share, Mode.DOWN)) for share in shares]
    spent, added, beyond = due_cents("hold_over_spent", hold_over_spent), 0, None
    for supplement in supplements:
        added += due_cents("supplement", supplement.amount)
        if added > caps[1] and beyond is None:
            beyond = supplement.code
    combined = _counter(spent + added, max(caps))
    return Allowances(
        hold_over=_counter(spent, caps[0]),
        supplements=_counter(added, caps[1]),
        combined=combined,
        combined_warns=combined.excess > 0,
        beyond=beyond,
    )


def _counter(spent: int, cap: int) -> Counter:
    return Counter(in_yuan(spent), in_yuan(cap), in_yuan(max(0, cap - spent)), in_yuan(max(0, spent - cap)))
