"""How many full days a capped fee pays for when a day costs a year's part of the price. `docs/why/deadlines.md`."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from opspact.core.calendars.term_errors import BadAllowance
from opspact.core.calendars.terms import DAY, REACH_YEARS
from opspact.core.explain import Explanation, Step
from opspact.core.words import N_


class Allowance(NamedTuple):
    """`on`: the last local date the cap pays for; `left` is what remains of the cap, exact, less than one day's fee."""

    after: date
    cap: Decimal
    price: Decimal
    price_days: int
    full_days: int
    left: Fraction
    on: date

    def explain(self, clause: str = "") -> Explanation:
        """How the days were counted; amounts in the currency they were given in."""
        return Explanation(
            rule=N_("Full days that a capped fee pays for"),
            clause=clause,
            inputs={
                "after_on": self.after.isoformat(),
                "cap": str(self.cap),
                "price": str(self.price),
                "price_days": self.price_days,
            },
            steps=(
                Step(
                    N_("A day costs %(price)s / %(price_days)s; the cap of %(cap)s pays for %(days)s full days."),
                    {
                        "price": str(self.price),
                        "price_days": self.price_days,
                        "cap": str(self.cap),
                        "days": self.full_days,
                    },
                ),
                Step(
                    N_("The allowance ends on %(allowance_on)s; the duty to serve does not."),
                    {"allowance_on": self.on.isoformat()},
                ),
            ),
        )


def allowance(after: date, cap: Decimal, price: Decimal, price_days: int) -> Allowance:
    """The full days after the local date `after` that `cap` pays for, a day costing `price` / `price_days`.

    Raises BadAllowance when a day is free, the cap is negative or pays for more than 100 years.
    """
    for name, value, wrong in (
        ("cap", cap, not cap.is_finite() or cap < 0),
        ("price", price, not price.is_finite() or price <= 0),
        ("price_days", price_days, price_days < 1),
    ):
        if wrong:
            raise BadAllowance(field=name, value=str(value))
    daily = Fraction(price) / price_days
    full_days = Fraction(cap) // daily
    if full_days > REACH_YEARS * 366 or full_days > (date.max - after).days:
        raise BadAllowance(field="cap", value=str(cap))
    left = Fraction(cap) - full_days * daily
    return Allowance(after, cap, price, price_days, full_days, left, after + DAY * full_days)
