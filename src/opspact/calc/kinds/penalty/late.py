"""The section `late_payments`."""

from dataclasses import replace
from datetime import date
from itertools import chain

from opspact.calc.kinds.penalty.answer import LatePayment, Reading, SheetLine
from opspact.calc.kinds.penalty.document import LatePaymentIn
from opspact.calc.kinds.penalty.places import element
from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.inputs import Wrong
from opspact.core.money import (
    Accrual,
    CapBase,
    LateTerms,
    Mode,
    Paid,
    Pause,
    PauseReason,
    PaymentDay,
    Rounding,
    accrue,
    due_day,
    other_readings,
)
from opspact.core.money.errors import PaidTooMuch, PauseReversed
from opspact.core.words import N_


def late_payment(
    path: str, given: LatePaymentIn, calendar: WorkCalendar, as_of: date, mode: Mode
) -> tuple[LatePayment, Explanation]:
    """One sum's interest, its sheet, and what each other reading would make of it. Raises Refused."""
    terms = _terms(given, mode)
    pauses = [Pause(PauseReason(pause.reason), pause.first_on, pause.last_on) for pause in given.pauses]
    paid = [Paid(payment.on, payment.amount) for payment in given.paid]

    def under(reading: LateTerms) -> Accrual | None:
        due_on = _due_on(given, calendar, [pause for pause in pauses if pause.reason in reading.pausing])
        return None if due_on is None else accrue(given.amount, due_on, paid, as_of, reading, calendar, pauses)

    with element(path, {PaidTooMuch: "paid", PauseReversed: "pauses"}):
        found = under(terms)
        others = [
            Reading(setting=name, value=value, amount=accrual.total)
            for name, value, reading in other_readings(terms)
            if (accrual := under(reading)) is not None
        ]
    if found is None:
        return _not_due(given, others)
    return _answer(given, found, others), _explained(given, found)


def _terms(given: LatePaymentIn, mode: Mode) -> LateTerms:
    return LateTerms(
        percent_per_day=given.percent_per_day,
        cap_percent=given.cap_percent,
        overdue_working_days=given.overdue_working_days,
        on_the_day=given.begins == "same_day",
        payment_day=PaymentDay(given.payment_day),
        cap_base=CapBase(given.cap_base),
        rounding=Rounding(given.rounding),
        mode=mode,
        pausing=frozenset(PauseReason) - {PauseReason(reason) for reason in given.counts_on},
        clause=given.clause,
    )


def _due_on(given: LatePaymentIn, calendar: WorkCalendar, pauses: list[Pause]) -> date | None:
    if given.due_on is not None and given.counted_from is None and given.working_days is None:
        return given.due_on
    if given.due_on is None and given.counted_from is not None and given.working_days is not None:
        return due_day(given.counted_from, given.working_days, calendar, pauses)
    raise Wrong(N_("give either due_on, or counted_from and working_days"))


def _answer(given: LatePaymentIn, found: Accrual, others: list[Reading]) -> LatePayment:
    return LatePayment(
        name=given.name,
        due_on=found.due_on,
        begins_on=found.interest_on,
        days=found.days,
        paused_days=found.paused_days,
        interest=found.total,
        cap=found.cap,
        capped_on=found.capped_on,
        unpaid=found.unpaid,
        provisional_years=list(found.provisional_years),
        other_readings=others,
        sheet=[SheetLine(**line._asdict()) for line in found.sheet()],
    )


def _not_due(given: LatePaymentIn, others: list[Reading]) -> tuple[LatePayment, Explanation]:
    """A pause still lasts within the term of payment: nothing is due yet."""
    nothing = given.amount * 0
    unpaid = given.amount - sum((payment.amount for payment in given.paid), nothing)
    answer = LatePayment(
        name=given.name,
        due_on=None,
        begins_on=None,
        days=0,
        paused_days=0,
        interest=nothing,
        cap=nothing,
        capped_on=None,
        unpaid=unpaid,
        provisional_years=[],
        other_readings=others,
        sheet=[],
    )
    step = Step(N_("A pause that still lasts keeps the payment from falling due."), {})
    return answer, Explanation(N_("Interest for each day on what is unpaid, up to a cap"), given.clause, {}, (step,))


def _explained(given: LatePaymentIn, found: Accrual) -> Explanation:
    """Core's explanation, with the term of payment in front where the document gave one."""
    explanation = found.explain()
    if given.counted_from is None or given.working_days is None:
        return explanation
    params: dict[str, Plain] = {
        "days": given.working_days,
        "start_on": str(given.counted_from),
        "due_on": str(found.due_on),
    }
    step = Step(N_("%(days)s working days after %(start_on)s that no pause holds end on %(due_on)s."), params)
    return replace(explanation, steps=tuple(chain([step], explanation.steps)))
