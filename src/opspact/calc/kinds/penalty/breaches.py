"""The section `breaches`."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from opspact.calc.kinds.penalty.answer import Breaches, Ending, GroundOut, PassedClause, Proposal
from opspact.calc.kinds.penalty.document import BreachesIn, Input, RuleIn
from opspact.calc.kinds.penalty.places import element
from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation
from opspact.core.money import (
    Assessment,
    Base,
    Counted,
    Fact,
    Mode,
    PenaltyRule,
    Settlement,
    Stakes,
    Term,
    Terminal,
    Termination,
    assess,
    outcome,
)
from opspact.core.money import Proposal as Proposed
from opspact.core.money.errors import ClauseTwice, DoublePenalty, FactTwice, UnknownClause, UnknownSource

_LISTS = {
    DoublePenalty: "facts",
    FactTwice: "facts",
    UnknownClause: "facts",
    ClauseTwice: "rules",
    UnknownSource: "rules",
}


def breaches(
    given: BreachesIn, document: Input, calendar: WorkCalendar, mode: Mode, settlement: Settlement | None
) -> tuple[Breaches, list[tuple[str, Explanation]]]:
    """Proposals and rights to end the contract, with both sums where a settlement was asked for. Raises Refused."""
    found = _assessed(given, document, calendar, document.as_of, mode)
    answer = Breaches(
        proposals=[_proposal(item) for item in found.proposals],
        asked=found.asked,
        cap=found.cap,
        total=found.total,
        endings=[_ending(right, settlement) for right in found.terminations],
    )
    return answer, list(_explanations(found))


def _assessed(given: BreachesIn, document: Input, calendar: WorkCalendar, as_of: date, mode: Mode) -> Assessment:
    stakes = Stakes(
        price=document.price,
        bond=document.bond or Decimal(0),
        notice=Term(given.notice_days),
        terminal=Terminal(given.on_ending),
        cap_percent=given.cap_percent,
        mode=mode,
        decided=given.decided,
    )
    facts = [Fact(**fact.model_dump()) for fact in given.facts]
    with element("breaches", _LISTS):
        return assess(facts, [_rule(rule) for rule in given.rules], stakes, calendar, as_of)


def _rule(given: RuleIn) -> PenaltyRule:
    return PenaltyRule(
        code=given.code,
        clause=given.clause,
        percent=given.percent,
        base=Base(given.of),
        general=given.general,
        cure=None if given.cure_days is None else Term(given.cure_days),
        repeat_limit=given.repeat_limit,
        counted=Counted(given.counts),
        terminates=given.terminates,
        terminal_percent=given.terminal_percent,
        refunds_payments=given.refunds_payments,
        amount_by=given.amount_by,
        damages_beyond=given.damages_beyond,
    )


def _proposal(item: Proposed) -> Proposal:
    return Proposal(
        status="decided" if item.decided else "proposal",
        fact=item.fact.code,
        code=item.rule.code,
        clause=item.rule.clause,
        percent=item.percent,
        base=item.base_amount,
        amount=item.amount,
        nth=item.nth,
        cure=str(item.cure),
        cure_ends_on=item.cure_ends_on,
        further_claim=item.further_claim,
        not_applied=[PassedClause(clause=other.clause, amount=other.amount) for other in item.passed],
    )


def _ending(right: Termination, settlement: Settlement | None) -> Ending:
    sums = outcome(right.rule, right.penalties, settlement.paid, settlement.amount) if settlement else None
    return Ending(
        code=right.rule.code,
        clause=right.rule.clause,
        grounds=[GroundOut(ground=str(ground), facts=list(facts)) for ground, facts in right.grounds],
        ends_on=right.ends_on,
        terminal_amount=right.terminal_amount,
        replaces=list(right.replaced),
        penalties=right.penalties,
        refund_all=sums.refund_all if sums else None,
        pay_work_done=sums.pay_completed if sums else None,
    )


def _explanations(found: Assessment) -> Iterator[tuple[str, Explanation]]:
    for proposal in found.proposals:
        yield f"breaches: {proposal.fact.code}", proposal.explanation
    for right in found.terminations:
        yield f"breaches: {right.rule.code}", right.explanation
