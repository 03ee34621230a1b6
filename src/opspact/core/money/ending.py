"""Rights to end a contract over breaches, and both sums that ending it can mean. `docs/why/penalties.md`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import deadline
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, in_yuan
from opspact.core.money.clauses import Counted, Cure, Ground, PenaltyRule, Proposal, Stakes, Terminal, Termination
from opspact.core.money.rounding import Mode, percent_of
from opspact.core.words import N_

_OF_CURE = {Cure.UNCURED: Ground.UNCURED, Cure.LATE: Ground.CURED_LATE, Cure.REFUSED: Ground.REFUSED}


@dataclass(frozen=True)
class Outcome:
    """What the vendor owes the client at the end (negative: the client owes it), under each reading.

    `refund_all` (5.1): what was paid comes back, and the penalties. `pay_completed` (15.2): the penalties, and the work
    done is paid; None while its value cannot be decided. None for `refund_all` when the clause has no refund.
    """

    refund_all: Decimal | None
    pay_completed: Decimal | None


def outcome(rule: PenaltyRule, penalties: Decimal, paid: Decimal, completed: Decimal | None) -> Outcome:
    """Both sums; the client decides. Raises NotAnAmount, AmountTooFine, NegativeAmount."""
    owed, received = due_cents("penalties", penalties), due_cents("paid", paid)
    return Outcome(
        refund_all=in_yuan(received + owed) if rule.refunds_payments else None,
        pay_completed=None if completed is None else in_yuan(received - due_cents("completed", completed) + owed),
    )


def rights_to_end(
    proposals: Sequence[Proposal], stakes: Stakes, calendar: WorkCalendar, as_of: date
) -> Iterator[Termination]:
    """One right a clause that has grounds, in the order of the clauses' first facts."""
    order: dict[str, int] = {}
    for proposal in proposals:
        order.setdefault(proposal.rule.code, len(order))
    by_rule = sorted(proposals, key=lambda item: order[item.rule.code])
    for _, group in groupby(by_rule, key=lambda item: item.rule.code):
        mine = list(group)
        if grounds := _grounds(mine):
            yield _right(mine, grounds, proposals, stakes, calendar, as_of)


def _grounds(proposals: Sequence[Proposal]) -> dict[Ground, list[str]]:
    rule = proposals[0].rule
    found: dict[Ground, list[str]] = {}
    if not rule.terminates:
        return found
    if rule.cure is None and rule.repeat_limit is None:
        found[Ground.AT_ONCE] = [item.fact.code for item in proposals]
    limit = rule.repeat_limit
    if limit is not None and rule.counted is Counted.FACTS and len(proposals) >= limit:
        found[Ground.REPEATED] = [item.fact.code for item in proposals]
    for item in proposals:
        if limit is not None and rule.counted is Counted.REJECTIONS and item.fact.rejections >= limit:
            found.setdefault(Ground.REJECTED, []).append(item.fact.code)
        if item.cure in _OF_CURE:
            found.setdefault(_OF_CURE[item.cure], []).append(item.fact.code)
    return found


def _right(
    mine: Sequence[Proposal],
    grounds: dict[Ground, list[str]],
    proposals: Sequence[Proposal],
    stakes: Stakes,
    calendar: WorkCalendar,
    as_of: date,
) -> Termination:
    rule = mine[0].rule
    resting_on = {code for codes in grounds.values() for code in codes}
    terminal = None
    replaced: list[str] = []
    if rule.terminal_percent is not None:
        terminal = percent_of(stakes.price, rule.terminal_percent, stakes.mode)
        if stakes.terminal is Terminal.REPLACES:
            replaced = [item.fact.code for item in mine if item.fact.code in resting_on and item.amount is not None]
    without = frozenset(replaced)
    kept = (item.amount for item in proposals if item.amount is not None and item.fact.code not in without)
    penalties = sum(kept, terminal if terminal is not None else in_yuan(0))
    if stakes.cap_percent is not None:
        penalties = min(penalties, percent_of(stakes.price, stakes.cap_percent, Mode.DOWN))
    ends_on = deadline(as_of, stakes.notice.amount, stakes.notice.unit, calendar).on
    return Termination(
        rule=rule,
        grounds=tuple((ground, tuple(codes)) for ground, codes in grounds.items()),
        ends_on=ends_on,
        terminal_amount=terminal,
        replaced=tuple(replaced),
        penalties=penalties,
        explanation=_explained(rule, grounds, terminal, replaced, (as_of, ends_on)),
    )


_SENTENCES = {
    Ground.AT_ONCE: N_("The breach itself is a ground for ending the contract: %(facts)s."),
    Ground.REPEATED: N_("It happened %(count)s times, and %(limit)s suffice: %(facts)s."),
    Ground.REJECTED: N_("The same work was rejected %(limit)s times or more: %(facts)s."),
    Ground.UNCURED: N_("It was not put right in time: %(facts)s."),
    Ground.CURED_LATE: N_("It was put right only after the last day: %(facts)s."),
    Ground.REFUSED: N_("The vendor refused to put it right: %(facts)s."),
}


def _explained(
    rule: PenaltyRule,
    grounds: dict[Ground, list[str]],
    terminal: Decimal | None,
    replaced: Sequence[str],
    notice_and_end: tuple[date, date],
) -> Explanation:
    steps = []
    for ground, codes in grounds.items():
        params: dict[str, Plain] = {"facts": ", ".join(codes), "count": len(codes), "limit": rule.repeat_limit}
        steps.append(Step(_SENTENCES[ground], params))
    if terminal is not None:
        sums: dict[str, Plain] = {"percent": str(rule.terminal_percent), "amount": str(terminal)}
        steps.append(Step(N_("Ending the contract costs %(percent)s per cent of the price, %(amount)s."), sums))
    if replaced:
        steps.append(
            Step(N_("That stands in place of the single penalties for %(facts)s."), {"facts": ", ".join(replaced)})
        )
    notice: dict[str, Plain] = {"notice_on": str(notice_and_end[0]), "ends_on": str(notice_and_end[1])}
    steps.append(Step(N_("With notice on %(notice_on)s it would end on %(ends_on)s; the client decides."), notice))
    return Explanation(
        rule=N_("A right to end the contract"), clause=rule.clause, inputs={"clause": rule.code}, steps=tuple(steps)
    )
