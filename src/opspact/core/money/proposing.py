"""Holds facts against penalty clauses: one penalty for one fact, repeats, cure periods, rights to end the contract.

1. Each fact falls under one clause: the client's choice; else the only special clause that fits; else the only general
   one. Two special clauses (or two general ones) for one fact are a double penalty and refused.
2. The clause's percentage of its base, rounded to the cent; a clause without a sum proposes that of `amount_by`.
3. A cure period runs from the day of notice, by the Civil Code.
4. A clause that ends the contract gives a right per clause, with all its grounds (`ending`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import deadline
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.money.amounts import due_cents, in_yuan, percentage
from opspact.core.money.clauses import Assessment, Base, Cure, Fact, Passed, PenaltyRule, Proposal, Stakes
from opspact.core.money.ending import rights_to_end
from opspact.core.money.errors import ClauseTwice, DoublePenalty, FactTwice, UnknownClause, UnknownSource
from opspact.core.money.rounding import Mode, percent_of
from opspact.core.words import N_


def assess(
    facts: Sequence[Fact], rules: Sequence[PenaltyRule], stakes: Stakes, calendar: WorkCalendar, as_of: date
) -> Assessment:
    """What may be proposed for `facts`, as things stand at the end of `as_of`, in the order of the facts' days.

    Later facts are checked and left out. Raises DoublePenalty, FactTwice, UnknownClause, ClauseTwice, UnknownSource,
    NotAnAmount, AmountTooFine, NegativeAmount, BadPercent.
    """
    known = _by_code(rules)
    due_cents("price", stakes.price)
    due_cents("bond", stakes.bond)
    placed = _placed(facts, known, stakes.decided)
    counted: Counter[str] = Counter()
    proposals = []
    happened = [(fact, rule) for fact, rule in placed if fact.on <= as_of]
    for fact, rule in sorted(happened, key=lambda item: item[0].on):
        counted[rule.code] += 1
        proposals.append(_proposal(fact, rule, counted[rule.code], known, stakes, calendar, as_of))
    asked = sum((item.amount for item in proposals if item.amount is not None and not item.decided), in_yuan(0))
    cap = None if stakes.cap_percent is None else percent_of(stakes.price, stakes.cap_percent, Mode.DOWN)
    return Assessment(
        proposals=tuple(proposals),
        terminations=tuple(rights_to_end(proposals, stakes, calendar, as_of)),
        asked=asked,
        cap=cap,
        total=asked if cap is None else min(asked, cap),
    )


def _by_code(rules: Sequence[PenaltyRule]) -> dict[str, PenaltyRule]:
    known: dict[str, PenaltyRule] = {}
    for position, rule in enumerate(rules):
        if rule.code in known:
            raise ClauseTwice(position=position, clause=rule.code)
        for field, percent in (("percent", rule.percent), ("terminal_percent", rule.terminal_percent)):
            if percent is not None:
                percentage(field, percent)
        known[rule.code] = rule
    for position, rule in enumerate(rules):
        if rule.amount_by is not None and rule.amount_by not in known:
            raise UnknownSource(position=position, clause=rule.amount_by)
    return known


def _placed(
    facts: Sequence[Fact], known: Mapping[str, PenaltyRule], decided: Mapping[str, str]
) -> list[tuple[Fact, PenaltyRule]]:
    """Each fact with its one clause."""
    placed: dict[str, tuple[Fact, PenaltyRule]] = {}
    for position, fact in enumerate(facts):
        rule = _clause_of(position, fact, known)
        if earlier := placed.get(fact.code):
            if earlier[1] is rule:
                raise FactTwice(position=position, fact=fact.code)
            raise DoublePenalty(position=position, fact=fact.code, one=earlier[1].label, other=rule.label)
        before = decided.get(fact.code)
        if before is not None and before != rule.code:
            one = known[before].label if before in known else before
            raise DoublePenalty(position=position, fact=fact.code, one=one, other=rule.label)
        placed[fact.code] = (fact, rule)
    return list(placed.values())


def _clause_of(position: int, fact: Fact, known: Mapping[str, PenaltyRule]) -> PenaltyRule:
    names = dict.fromkeys((*fact.clauses, *([fact.chosen] if fact.chosen else [])))
    for name in names:
        if name not in known:
            raise UnknownClause(position=position, fact=fact.code, clause=name)
    if fact.chosen:
        return known[fact.chosen]
    fitting = [known[name] for name in names]
    special = [rule for rule in fitting if not rule.general] or fitting
    if not special:
        raise UnknownClause(position=position, fact=fact.code, clause="")
    if len(special) > 1:
        raise DoublePenalty(position=position, fact=fact.code, one=special[0].label, other=special[1].label)
    return special[0]


def _proposal(
    fact: Fact,
    rule: PenaltyRule,
    nth: int,
    known: Mapping[str, PenaltyRule],
    stakes: Stakes,
    calendar: WorkCalendar,
    as_of: date,
) -> Proposal:
    percent, base, amount = _sum(rule, known, stakes)
    cure, ends_on = _cure(fact, rule, calendar, as_of)
    passed = tuple(
        Passed(known[code].label, _sum(known[code], known, stakes)[2], rule.label)
        for code in dict.fromkeys(fact.clauses)
        if code != rule.code
    )
    further = None
    if fact.loss is not None and rule.damages_beyond:
        further = in_yuan(max(0, due_cents("loss", fact.loss) - due_cents("amount", amount or Decimal(0))))
    return Proposal(
        fact=fact,
        rule=rule,
        percent=percent,
        base_amount=base,
        amount=amount,
        cure=cure,
        cure_ends_on=ends_on,
        nth=nth,
        decided=fact.code in stakes.decided,
        further_claim=further,
        passed=passed,
        explanation=_explained(fact, rule, percent, base, amount, ends_on, passed),
    )


def _sum(
    rule: PenaltyRule, known: Mapping[str, PenaltyRule], stakes: Stakes
) -> tuple[Decimal | None, Decimal, Decimal | None]:
    """The percentage, the base and the sum; no sum where neither the clause nor the one it borrows from names any."""
    source = known[rule.amount_by] if rule.percent is None and rule.amount_by else rule
    base = stakes.bond if source.base is Base.BOND else stakes.price
    if source.percent is None:
        return None, base, None
    return source.percent, base, percent_of(base, source.percent, stakes.mode)


def _cure(fact: Fact, rule: PenaltyRule, calendar: WorkCalendar, as_of: date) -> tuple[Cure, date | None]:
    if fact.refused_on is not None and fact.refused_on <= as_of:
        return Cure.REFUSED, None
    if rule.cure is None:
        return Cure.NONE, None
    if fact.notified_on is None:
        return Cure.NOT_NOTIFIED, None
    ends_on = deadline(fact.notified_on, rule.cure.amount, rule.cure.unit, calendar).on
    if fact.cured_on is not None and fact.cured_on <= as_of:
        return (Cure.CURED if fact.cured_on <= ends_on else Cure.LATE), ends_on
    return (Cure.RUNNING if as_of <= ends_on else Cure.UNCURED), ends_on


def _explained(
    fact: Fact,
    rule: PenaltyRule,
    percent: Decimal | None,
    base: Decimal,
    amount: Decimal | None,
    ends_on: date | None,
    passed: Sequence[Passed],
) -> Explanation:
    steps = []
    for other in passed:
        params: dict[str, Plain] = {"clause": rule.label, "other": other.clause}
        if fact.chosen:
            steps.append(Step(N_("The client chose %(clause)s; %(other)s is not applied to the same fact."), params))
        else:
            steps.append(Step(N_("%(clause)s is the special clause; the general %(other)s gives way to it."), params))
    if amount is None:
        steps.append(Step(N_("%(clause)s names no sum."), {"clause": rule.label}))
    else:
        sums: dict[str, Plain] = {"percent": str(percent), "base": str(base), "amount": str(amount)}
        steps.append(Step(N_("%(percent)s per cent of %(base)s is %(amount)s."), sums))
        if rule.percent is None:
            steps.append(
                Step(N_("The clause names no sum; the one of %(other)s is proposed."), {"other": rule.amount_by})
            )
    if ends_on is not None:
        steps.append(Step(N_("It was to be put right by %(cure_ends_on)s."), {"cure_ends_on": str(ends_on)}))
    steps.append(Step(N_("This is a proposal; a person decides."), {}))
    return Explanation(
        rule=N_("One penalty for one fact; the special clause goes before the general one"),
        clause=rule.clause,
        inputs={"fact": fact.code, "fact_on": str(fact.on)},
        steps=tuple(steps),
    )
