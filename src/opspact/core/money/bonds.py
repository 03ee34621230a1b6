"""What is kept of a performance bond (履约保证金), period by period, and what goes back. `docs/why/penalties.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, in_yuan, percentage
from opspact.core.money.errors import DoublePenalty
from opspact.core.money.rounding import Mode, percent_of
from opspact.core.words import N_


class FailedPeriod(NamedTuple):
    """A period whose assessment was failed, with the percentage kept for it."""

    code: str
    percent: Decimal


class Deduction(NamedTuple):
    """`asked` by the clause, `taken` as far as the bond lasts, `left` of it, and the rest as a `further_claim`."""

    period: str
    percent: Decimal
    asked: Decimal
    taken: Decimal
    left: Decimal
    further_claim: Decimal


@dataclass(frozen=True)
class BondAccount:
    """The bond after all deductions; `left` is what acceptance sets free. Proposals, until the client decides."""

    bond: Decimal
    base: Decimal
    deductions: tuple[Deduction, ...]
    left: Decimal
    further_claim: Decimal
    clause: str = ""

    def explain(self) -> Explanation:
        """Each period's deduction, and what is left."""
        steps = []
        for item in self.deductions:
            params: dict[str, Plain] = {
                "period": item.period,
                "percent": str(item.percent),
                "asked": str(item.asked),
                "taken": str(item.taken),
                "left": str(item.left),
            }
            steps.append(
                Step(N_("%(period)s: %(percent)s per cent is %(asked)s; taken %(taken)s, left %(left)s."), params)
            )
        if self.further_claim:
            further: dict[str, Plain] = {"further_claim": str(self.further_claim)}
            steps.append(Step(N_("The bond does not suffice; %(further_claim)s remains to be claimed."), further))
        return Explanation(
            rule=N_("A percentage of the base for each failed period, never more than is left of the bond"),
            clause=self.clause,
            inputs={"bond": str(self.bond), "base": str(self.base)},
            steps=tuple(steps),
        )


def deduct(
    bond: Decimal,
    periods: Sequence[FailedPeriod],
    *,
    base: Decimal | None = None,
    mode: Mode = Mode.HALF_UP,
    clause: str = "",
) -> BondAccount:
    """Deduct for each failed period, in order. `base` None: the bond as written, not what is left of it.

    Raises NotAnAmount, AmountTooFine, NegativeAmount, BadPercent, DoublePenalty for a period that comes twice.
    """
    left = due_cents("bond", bond)
    share_of = bond if base is None else base
    due_cents("base", share_of)
    made: list[Deduction] = []
    seen: set[str] = set()
    for position, period in enumerate(periods):
        if period.code in seen:
            raise DoublePenalty(position=position, fact=period.code, one=clause, other=clause)
        seen.add(period.code)
        percentage("percent", period.percent)
        asked = due_cents("asked", percent_of(share_of, period.percent, mode))
        taken = min(asked, left)
        left -= taken
        made.append(
            Deduction(
                period.code, period.percent, in_yuan(asked), in_yuan(taken), in_yuan(left), in_yuan(asked - taken)
            )
        )
    further = sum((item.further_claim for item in made), in_yuan(0))
    return BondAccount(bond, share_of, tuple(made), in_yuan(left), further, clause)
