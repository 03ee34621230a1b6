"""What counts as an exact amount of money."""

from decimal import Decimal
from fractions import Fraction

from opspact.core.errors import AmountTooFine, AmountTooLarge, NotAnAmount
from opspact.core.money.errors import BadPercent, NegativeAmount

_MOST_DIGITS = 40
LIMIT = 10**16
"""Yuan; more cannot be written in capitals."""


def exact(amount: object) -> Decimal:
    """`amount` as a finite Decimal of sensible size. Raises NotAnAmount for anything but Decimal and int."""
    if isinstance(amount, int) and not isinstance(amount, bool):
        amount = Decimal(amount)
    if not isinstance(amount, Decimal) or not amount.is_finite() or (amount and abs(amount.adjusted()) > _MOST_DIGITS):
        raise NotAnAmount(value=str(amount)[:_MOST_DIGITS], type=type(amount).__name__)
    return amount


def whole_cents(amount: Decimal) -> int:
    """The amount in cents, exact. Raises NotAnAmount, AmountTooFine."""
    cents = Fraction(exact(amount)) * 100
    if cents.denominator != 1:
        raise AmountTooFine(value=str(amount))
    return int(cents)


def in_yuan(cents: int) -> Decimal:
    """So many cents as an amount with two decimals, exact whatever the size."""
    sign, digits, _ = Decimal(cents).as_tuple()
    return Decimal((sign, digits, -2))


def due_cents(field: str, amount: Decimal) -> int:
    """`amount` in cents, not negative and below `LIMIT`, so that sums of such amounts stay exact as Decimals.

    Raises NotAnAmount, AmountTooFine, AmountTooLarge, NegativeAmount.
    """
    cents = whole_cents(amount)
    if cents >= LIMIT * 100:
        raise AmountTooLarge(value=str(amount))
    if cents < 0:
        raise NegativeAmount(field=field, value=str(amount))
    return cents


def percentage(field: str, percent: Decimal | int) -> Fraction:
    """`percent` as an exact fraction of 1. Raises NotAnAmount, BadPercent outside 0 to 100."""
    share = Fraction(exact(percent)) / 100
    if not 0 <= share <= 1:
        raise BadPercent(field=field, value=str(percent))
    return share
