"""The instalments of a price, and what a price cut (按质论价) does to them. `docs/why/penalties.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, exact, in_yuan
from opspact.core.money.errors import NotTheWhole
from opspact.core.money.rounding import split
from opspact.core.words import N_


class Instalment(NamedTuple):
    code: str
    amount: Decimal


class Spread(StrEnum):
    """What a price cut is taken from: the last unpaid instalment first, the next one first, or all unpaid by share."""

    LAST = "last"
    NEXT = "next"
    SHARE = "share"


@dataclass(frozen=True)
class Reduced:
    """The instalments after a price cut. `to_return`: what was paid already beyond the new price."""

    instalments: tuple[Instalment, ...]
    cut: Decimal
    to_return: Decimal
    spread: Spread

    def explain(self, clause: str = "") -> Explanation:
        """What each instalment comes to, and what is to be returned."""
        steps = [
            Step(N_("%(instalment)s comes to %(amount)s."), {"instalment": item.code, "amount": str(item.amount)})
            for item in self.instalments
        ]
        if self.to_return:
            returned: dict[str, Plain] = {"to_return": str(self.to_return)}
            steps.append(
                Step(N_("The unpaid instalments cannot bear it all; %(to_return)s is to be returned."), returned)
            )
        return Explanation(
            rule=N_("A price cut is borne by the unpaid instalments"),
            clause=clause,
            inputs={"cut": str(self.cut), "taken_from": str(self.spread)},
            steps=tuple(steps),
        )


def payment_plan(price: Decimal, percents: Sequence[tuple[str, Decimal]]) -> list[Instalment]:
    """Instalments by percentage, whole cents, adding up to the price.

    Raises NotAnAmount, AmountTooFine, NegativeAmount, BadWeights, NotTheWhole when they are not 100 per cent together.
    """
    due_cents("price", price)
    total = sum((exact(percent) for _, percent in percents), Decimal(0))
    if total != 100:
        raise NotTheWhole(total=str(total))
    shares = split(price, [percent for _, percent in percents])
    return [Instalment(code, share) for (code, _), share in zip(percents, shares, strict=True)]


def cut_price(plan: Sequence[Instalment], paid: frozenset[str], cut: Decimal, spread: Spread = Spread.LAST) -> Reduced:
    """Lower the unpaid instalments by `cut`; what they cannot bear is to be returned from what was paid.

    Raises NotAnAmount, AmountTooFine, NegativeAmount (a cut above the whole price is one, too).
    """
    cents = {item.code: due_cents(item.code, item.amount) for item in plan}
    wanted = due_cents("cut", cut)
    due_cents("price after the cut", in_yuan(sum(cents.values()) - wanted))
    open_codes = [item.code for item in plan if item.code not in paid]
    bearable = min(wanted, sum(cents[code] for code in open_codes))
    for code, taken in _taken(open_codes, cents, bearable, spread):
        cents[code] -= taken
    instalments = tuple(Instalment(code, in_yuan(amount)) for code, amount in cents.items())
    return Reduced(instalments, cut, in_yuan(wanted - bearable), spread)


def _taken(codes: list[str], cents: dict[str, int], bearable: int, spread: Spread) -> list[tuple[str, int]]:
    if spread is Spread.SHARE and bearable:
        shares = split(in_yuan(bearable), [cents[code] for code in codes])
        return [(code, int(share * 100)) for code, share in zip(codes, shares, strict=True)]
    taken = []
    for code in codes if spread is Spread.NEXT else reversed(codes):
        part = min(bearable, cents[code])
        bearable -= part
        taken.append((code, part))
    return taken
