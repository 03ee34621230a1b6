"""Amounts of money in yuan, as Decimal. One rounding function, percentages, shares that add up."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from opspact.core.errors import BadWeights
from opspact.core.money.amounts import exact, in_yuan, whole_cents

CENT = Decimal("0.01")


class Mode(StrEnum):
    """How a half cent, or any part of one, is rounded."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    DOWN = ROUND_DOWN
    UP = ROUND_UP


class Rounding(StrEnum):
    """When daily sums are rounded: the running total (so that the cents of a sheet add up), or each day's sum."""

    AT_END = "at_end"
    PER_DAY = "per_day"


def round_money(amount: Decimal | Fraction, mode: Mode = Mode.HALF_UP) -> Decimal:
    """To the cent; the only place where money is rounded. Raises NotAnAmount."""
    if isinstance(amount, Fraction):
        return _round_fraction(amount, mode)
    amount = exact(amount)
    with localcontext() as context:
        context.prec = max(28, len(amount.as_tuple().digits) + abs(amount.adjusted()) + 3)
        return amount.quantize(CENT, rounding=str(mode))


def percent_of(base: Decimal, percent: Decimal | int, mode: Mode = Mode.HALF_UP) -> Decimal:
    """So many per cent of `base`, computed exactly and then rounded. Raises NotAnAmount."""
    return round_money(Fraction(exact(base)) * Fraction(exact(percent)) / 100, mode)


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Shares in proportion to the weights, whole cents, adding up to `total` exactly.

    Each share is cut to the cent; the cents left over go to the largest remainders, at a tie to the earlier share.
    Raises NotAnAmount, AmountTooFine for a total that is not whole cents, BadWeights.
    """
    cents = whole_cents(total)
    parts = [Fraction(exact(weight)) for weight in weights]
    for position, part in enumerate(parts):
        if part < 0:
            raise BadWeights(position=position, value=str(part))
    if not sum(parts):
        raise BadWeights(position=0, value="0")
    sign = -1 if cents < 0 else 1
    ideal = [abs(cents) * part / sum(parts) for part in parts]
    shares = [int(share) for share in ideal]
    left_over = abs(cents) - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda i: (shares[i] - ideal[i], i))
    for i in by_remainder[:left_over]:
        shares[i] += 1
    return [in_yuan(sign * share) for share in shares]


def _round_fraction(amount: Fraction, mode: Mode) -> Decimal:
    """Whole cents and the exact rest; the rest alone decides, by the mode."""
    cents, rest = divmod(abs(amount) * 100, 1)
    half = rest - Fraction(1, 2)
    up = {
        Mode.UP: rest > 0,
        Mode.DOWN: False,
        Mode.HALF_UP: half >= 0,
        Mode.HALF_EVEN: half > 0 or (half == 0 and cents % 2 == 1),
    }[mode]
    whole = int(cents) + up
    return in_yuan(-whole if amount < 0 else whole)
