"""The sections `bond_deductions`, `hold_over`, `settlement` and `price_cut`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from opspact.calc.kinds.penalty import answer
from opspact.calc.kinds.penalty.document import BondIn, HoldOverIn, PriceCutIn, SettlementIn
from opspact.calc.kinds.penalty.places import element
from opspact.calc.running import at
from opspact.core.explain import Explanation
from opspact.core.inputs import Wrong
from opspact.core.money import (
    FailedPeriod,
    Mode,
    RateCard,
    Rounding,
    Settlement,
    Spread,
    Supplement,
    Work,
    allowances,
    cut_price,
    deduct,
    hold_over,
    payment_plan,
    settle,
)
from opspact.core.money.errors import DoublePenalty, UnknownRate
from opspact.core.words import N_


def bond_deductions(given: BondIn, price: Decimal, bond: Decimal | None, mode: Mode) -> tuple[answer.Bond, Explanation]:
    """Period by period, and what the other base would leave. Raises Refused."""
    with element("bond_deductions", {DoublePenalty: "periods"}):
        if bond is None:
            raise Wrong(N_("deductions need the bond: give its amount as bond at the top"))
        periods = [FailedPeriod(period.period, period.percent) for period in given.periods]
        bases = {"bond": bond, "price": price}
        found = deduct(bond, periods, base=bases[given.of], mode=mode, clause=given.clause)
        other = "price" if given.of == "bond" else "bond"
        left = deduct(bond, periods, base=bases[other], mode=mode, clause=given.clause).left
    made = [
        answer.DeductionOut(
            period=item.period, asked=item.asked, taken=item.taken, left=item.left, further_claim=item.further_claim
        )
        for item in found.deductions
    ]
    readings = [answer.Reading(setting="of", value=other, amount=left)]
    return (
        answer.Bond(deductions=made, left=found.left, further_claim=found.further_claim, other_readings=readings),
        found.explain(),
    )


def held_over(
    given: HoldOverIn, price: Decimal, as_of: date, mode: Mode
) -> tuple[answer.HoldOver, list[tuple[str, Explanation]]]:
    """The fee for continued service, and both counters. Raises Refused."""
    with at("hold_over"):
        found = hold_over(
            price,
            given.service_ends_on,
            given.through or as_of,
            term_days=given.term_days,
            cap_percent=given.cap_percent,
            rounding=Rounding(given.rounding),
            mode=mode,
            clause=given.clause,
        )
        both = allowances(
            price,
            found.fee,
            [Supplement(item.code, item.amount) for item in given.supplements],
            hold_over_percent=given.cap_percent,
            supplement_percent=given.supplement_cap_percent,
        )
    made = answer.HoldOver(
        day_rate=found.day_rate,
        days_within_cap=found.days_within_cap,
        days_paid=found.days_paid,
        days_unpaid=found.days_unpaid,
        allowance_ends_on=found.allowance_ends_on,
        fee=found.fee,
        service=answer.CounterOut(**both.hold_over._asdict()),
        supplements=answer.CounterOut(**both.supplements._asdict()),
        combined=answer.CounterOut(**both.combined._asdict()),
        combined_warns=both.combined_warns,
        passed_with=both.beyond,
    )
    return made, [("hold_over", found.explain()), ("hold_over: supplements", both.explain())]


def settled(given: SettlementIn, price: Decimal, mode: Mode) -> Settlement:
    """Core's settlement. Raises Refused."""
    card = RateCard() if given.rate_card is None else RateCard(**given.rate_card.model_dump())
    with element("settlement", {UnknownRate: "work"}):
        return settle(
            price,
            given.paid,
            card,
            [Work(work.item, work.quantity) for work in given.work],
            days_served=given.days_served,
            term_days=given.term_days,
            mode=mode,
            clause=given.clause,
        )


def settlement_answer(found: Settlement) -> answer.Settlement:
    return answer.Settlement(
        decided=found.amount is not None,
        lines=[answer.LineOut(**line._asdict()) for line in found.lines],
        amount=found.amount,
        balance=found.balance,
        by_days=found.by_days,
        balance_by_days=found.balance_by_days,
    )


def price_cut(given: PriceCutIn, price: Decimal) -> tuple[answer.PriceCut, Explanation]:
    """The instalments before and after. Raises Refused."""
    with at("price_cut"):
        _codes_once([item.code for item in given.instalments])
        plan = payment_plan(price, [(item.code, item.percent) for item in given.instalments])
        paid = frozenset(item.code for item in given.instalments if item.paid)
        found = cut_price(plan, paid, given.cut, Spread(given.taken_from))
    pairs = zip(plan, found.instalments, strict=True)
    instalments = [
        answer.InstalmentOut(code=before.code, before=before.amount, after=after.amount) for before, after in pairs
    ]
    return answer.PriceCut(instalments=instalments, to_return=found.to_return), found.explain(given.clause)


def _codes_once(codes: Sequence[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise Wrong(N_("%(code)s is there twice"), code=code)
