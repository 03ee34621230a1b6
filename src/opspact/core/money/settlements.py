"""What work already done is worth when a contract ends early (clause 15.2). `docs/why/penalties.md`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, exact, in_yuan
from opspact.core.money.errors import BadDays, NegativeAmount, UnknownRate
from opspact.core.money.rounding import Mode, round_money
from opspact.core.words import N_


@dataclass(frozen=True)
class RateCard:
    """Prices by kind of work. It binds only when both parties signed it."""

    rates: Mapping[str, Decimal] = field(default_factory=dict)
    client_signed: bool = False
    vendor_signed: bool = False

    @property
    def binds(self) -> bool:
        return bool(self.rates) and self.client_signed and self.vendor_signed


class Work(NamedTuple):
    """So much of a kind of work, done and taken over."""

    item: str
    quantity: Decimal


class Line(NamedTuple):
    """One line of the settlement; each is rounded to the cent, so that the lines add up."""

    item: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Settlement:
    """`amount` None: undecidable, since no rate card binds both. `by_days` is only shown beside it, as an alternative.

    A negative `balance` (the alternative's too) is what the vendor gives back.
    """

    lines: tuple[Line, ...]
    amount: Decimal | None
    by_days: Decimal
    paid: Decimal
    price: Decimal
    days_served: int
    term_days: int
    clause: str = ""

    @property
    def balance(self) -> Decimal | None:
        """What the client still owes for work done."""
        return None if self.amount is None else self.amount - self.paid

    @property
    def balance_by_days(self) -> Decimal:
        return self.by_days - self.paid

    def explain(self) -> Explanation:
        """The lines, or why there is no answer; and the share of days."""
        steps = []
        for line in self.lines:
            text = N_("%(item)s: %(quantity)s at %(rate)s is %(amount)s.")
            steps.append(Step(text, {key: str(value) for key, value in line._asdict().items()}))
        if self.amount is None:
            steps.append(Step(N_("No rate card signed by both parties: what the work is worth cannot be decided."), {}))
        share: dict[str, Plain] = {
            "days_served": self.days_served,
            "term_days": self.term_days,
            "by_days": str(self.by_days),
        }
        steps.append(Step(N_("By days alone, %(days_served)s of %(term_days)s, it would be %(by_days)s."), share))
        return Explanation(
            rule=N_("Work done is paid by the rates both parties signed"),
            clause=self.clause,
            inputs={"price": str(self.price), "paid": str(self.paid)},
            steps=tuple(steps),
        )


def settle(
    price: Decimal,
    paid: Decimal,
    card: RateCard,
    work: Sequence[Work],
    *,
    days_served: int,
    term_days: int = 365,
    mode: Mode = Mode.HALF_UP,
    clause: str = "",
) -> Settlement:
    """The value of the work by the rate card, and by days for comparison.

    Raises NotAnAmount, AmountTooFine, NegativeAmount, UnknownRate, BadDays.
    """
    cents = due_cents("price", price)
    due_cents("paid", paid)
    if not 0 <= days_served <= term_days or term_days < 1:
        raise BadDays(days=days_served, term_days=term_days)
    lines = _lines(card, work, mode) if card.binds else []
    return Settlement(
        lines=tuple(lines),
        amount=sum((line.amount for line in lines), in_yuan(0)) if card.binds else None,
        by_days=round_money(Fraction(cents * days_served, 100 * term_days), mode),
        paid=paid,
        price=price,
        days_served=days_served,
        term_days=term_days,
        clause=clause,
    )


def _lines(card: RateCard, work: Sequence[Work], mode: Mode) -> list[Line]:
    lines = []
    for position, done in enumerate(work):
        rate = card.rates.get(done.item)
        if rate is None:
            raise UnknownRate(position=position, item=done.item)
        due_cents("rate", rate)
        if exact(done.quantity) < 0:
            raise NegativeAmount(field="quantity", value=str(done.quantity))
        amount = round_money(Fraction(done.quantity) * Fraction(rate), mode)
        due_cents("amount", amount)
        lines.append(Line(done.item, done.quantity, rate, amount))
    return lines
