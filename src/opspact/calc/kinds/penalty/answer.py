"""What `opspact calc penalty` gives. Sums are yuan with two decimals; nothing of it is booked."""

from datetime import date
from typing import Literal

from opspact.calc.language import Explained
from opspact.calc.values import Amount, Number, Part


class Reading(Part):
    """The sum under another reading of one setting."""

    setting: str
    value: str
    amount: Amount


class SheetLine(Part):
    """One day. The amounts add up to the interest, line by line, to the cent."""

    on: date
    unpaid: Amount
    paused: bool
    amount: Amount
    total: Amount


class LatePayment(Part):
    """Interest for one late sum."""

    name: str
    due_on: date | None
    """Null while a pause keeps the term of payment from ending."""
    begins_on: date | None
    """The first day of interest; null while a pause keeps it from beginning."""
    days: int
    """Days that bear interest."""
    paused_days: int
    interest: Amount
    cap: Amount
    capped_on: date | None
    unpaid: Amount
    provisional_years: list[int]
    """Years counted with whose holidays were not published."""
    other_readings: list[Reading]
    sheet: list[SheetLine]


class PassedClause(Part):
    """A clause that fits too and is not applied."""

    clause: str
    amount: Amount | None


class Proposal(Part):
    """What may be claimed for one fact."""

    status: Literal["proposal", "decided"]
    fact: str
    code: str
    clause: str
    percent: Number | None
    base: Amount
    amount: Amount | None
    """Null: the clause names no sum."""
    nth: int
    """The how-manieth fact under the clause this is."""
    cure: str
    cure_ends_on: date | None
    further_claim: Amount | None
    """Loss above the penalty."""
    not_applied: list[PassedClause]


class GroundOut(Part):
    ground: str
    facts: list[str]


class Ending(Part):
    """A right to end the contract, and what would then be owed."""

    code: str
    clause: str
    grounds: list[GroundOut]
    ends_on: date
    """If notice is given on `as_of`."""
    terminal_amount: Amount | None
    replaces: list[str]
    """Facts whose own penalties the terminal sum stands for."""
    penalties: Amount
    refund_all: Amount | None
    """What the vendor owes when everything paid comes back; null without such a clause or without `settlement`."""
    pay_work_done: Amount | None
    """The same when work done is paid; negative, what the client owes; null while that cannot be decided."""


class Breaches(Part):
    proposals: list[Proposal]
    asked: Amount
    cap: Amount | None
    total: Amount
    """Without ending the contract."""
    endings: list[Ending]


class DeductionOut(Part):
    period: str
    asked: Amount
    taken: Amount
    left: Amount
    further_claim: Amount


class Bond(Part):
    deductions: list[DeductionOut]
    left: Amount
    """What acceptance sets free."""
    further_claim: Amount
    other_readings: list[Reading]
    """What would be left of the bond."""


class CounterOut(Part):
    spent: Amount
    cap: Amount
    left: Amount
    excess: Amount


class HoldOver(Part):
    day_rate: Amount
    days_within_cap: int
    days_paid: int
    days_unpaid: int
    """Served beyond the cap; the contract pays nothing for them."""
    allowance_ends_on: date | None
    fee: Amount
    service: CounterOut
    supplements: CounterOut
    combined: CounterOut
    combined_warns: bool
    passed_with: str | None
    """The supplement with which its cap is passed."""


class LineOut(Part):
    item: str
    quantity: Number
    rate: Amount
    amount: Amount


class Settlement(Part):
    decided: bool
    """False: no rate card binds both, and what the work is worth cannot be decided."""
    lines: list[LineOut]
    amount: Amount | None
    balance: Amount | None
    """What the client still owes; negative, what the vendor gives back."""
    by_days: Amount
    balance_by_days: Amount


class InstalmentOut(Part):
    code: str
    before: Amount
    after: Amount


class PriceCut(Part):
    instalments: list[InstalmentOut]
    to_return: Amount


class Output(Part):
    """The sections that were asked for; the others are null."""

    as_of: date
    late_payments: list[LatePayment]
    breaches: Breaches | None
    bond_deductions: Bond | None
    hold_over: HoldOver | None
    settlement: Settlement | None
    price_cut: PriceCut | None
    explain: list[Explained]
