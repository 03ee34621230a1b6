"""`opspact calc penalty`: interest, penalties, deductions, settlement, as proposals. Rules: `docs/why/penalties.md`."""

from opspact.calc.kinds.penalty import sums
from opspact.calc.kinds.penalty.answer import Output
from opspact.calc.kinds.penalty.breaches import breaches
from opspact.calc.kinds.penalty.document import Input
from opspact.calc.kinds.penalty.late import late_payment
from opspact.calc.running import Context, Finding, Kind, Refused, at
from opspact.core.explain import Explanation
from opspact.core.inputs import Wrong
from opspact.core.money import Mode
from opspact.core.money.errors import DoublePenalty
from opspact.core.words import N_

_SECTIONS = ("late_payments", "breaches", "bond_deductions", "hold_over", "settlement", "price_cut")


def run(document: Input, context: Context) -> Output:
    """Every section the document has. Raises Refused, Wrong for a document without any."""
    if not any(getattr(document, section) for section in _SECTIONS):
        raise Wrong(N_("give at least one of %(sections)s"), sections=", ".join(_SECTIONS))
    _one_penalty_across_sections(document)
    with at("calendar"):
        calendar = context.calendars({"given": document.calendar})["given"]
    mode = Mode[document.mode.upper()]
    explained: list[tuple[str, Explanation]] = []
    late = []
    for position, payment in enumerate(document.late_payments):
        made, explanation = late_payment(f"late_payments[{position}]", payment, calendar, document.as_of, mode)
        late.append(made)
        explained.append((f"late_payments: {payment.name}", explanation))
    settlement = sums.settled(document.settlement, document.price, mode) if document.settlement else None
    penalties = bond = held = None
    if document.breaches:
        penalties, about = breaches(document.breaches, document, calendar, mode, settlement)
        explained += about
    if document.bond_deductions:
        bond, explanation = sums.bond_deductions(document.bond_deductions, document.price, document.bond, mode)
        explained.append(("bond_deductions", explanation))
    if document.hold_over:
        held, about = sums.held_over(document.hold_over, document.price, document.as_of, mode)
        explained += about
    if settlement:
        explained.append(("settlement", settlement.explain()))
    cut = None
    if document.price_cut:
        cut, explanation = sums.price_cut(document.price_cut, document.price)
        explained.append(("price_cut", explanation))
    return Output(
        as_of=document.as_of,
        late_payments=late,
        breaches=penalties,
        bond_deductions=bond,
        hold_over=held,
        settlement=sums.settlement_answer(settlement) if settlement else None,
        price_cut=cut,
        explain=[context.words.explained(explanation, about) for about, explanation in explained],
    )


def _one_penalty_across_sections(document: Input) -> None:
    """A period that a deduction is made for is a fact; it cannot be penalised among the breaches as well."""
    if not document.breaches or not document.bond_deductions:
        return
    periods = {period.period for period in document.bond_deductions.periods}
    for position, fact in enumerate(document.breaches.facts):
        if fact.code in periods:
            error = DoublePenalty(
                position=position,
                fact=fact.code,
                one=document.bond_deductions.clause,
                other=fact.chosen or fact.clauses[0],
            )
            raise Refused([Finding(f"breaches.facts[{position}]", error.message, error.params)])


KIND = Kind("penalty", N_("interest, penalties, deductions and settlement, as proposals"), Input, Output, run)
