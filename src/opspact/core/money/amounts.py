"""What counts as an exact amount of money."""

from decimal import Decimal
from fractions import Fraction

from opspact.core.errors import AmountTooFine, NotAnAmount

_MOST_DIGITS = 40


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
