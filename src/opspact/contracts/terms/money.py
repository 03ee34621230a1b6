"""Price, performance bond, payments, and what a breach costs. Sums are the contract's own, in its currency."""

from typing import Literal

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Flag, Money, Name, Part, Percent, Text
from opspact.contracts.terms.durations import Duration

Event = Literal[
    "signing",
    "elapsed",
    "acceptance",
    "application",
    "confirmation",
    "fiscal_funds_arrival",
    "invoice",
    "bond_received",
    "dossier_accepted",
    "assessment_passed",
    "report_accepted",
    "other",
]
"""What money waits for. `elapsed` is a time of service, `other` is explained in its text."""


class Sum(Part):
    """An amount and the same in capital figures (大写), which must say the same."""

    name: Name
    amount: Money
    capital: Text | None = None


class Price(Part):
    amount: Money
    capital: Text | None = None
    """大写: the amount in capital figures."""
    currency: Code = "CNY"
    tax_included: Flag = True
    parts: tuple[Sum, ...] = ()
    """What the price is made of; the parts add up to it."""
    clause: Clause = ""


class Refund(Agreed):
    """When the bond goes back."""

    trigger: Event
    within: Duration
    clause: Clause = ""


class Deduction(Agreed):
    """What the client may keep of the bond when the assessment is failed."""

    percent: Percent
    base: Literal["bond", "price"] = "bond"
    per: Literal["assessment_period", "contract"] = "assessment_period"
    clause: Clause = ""


class Bond(Part):
    """Performance bond (履约保证金)."""

    percent: Percent
    """Of the price."""
    amount: Money
    capital: Text | None = None
    due: Duration
    counted_from: Event = "signing"
    refund: Refund | None = None
    deduction: Deduction | None = None
    clause: Clause = ""


class Precondition(Agreed):
    """What must have happened, and what its absence does to the payment."""

    event: Event
    effect: Literal["blocks", "warns", "pauses_clock"]
    text: Text
    clause: Clause = ""


class Payment(Part):
    """One instalment of the price."""

    code: Code
    name: Name
    percent: Percent
    """Of the price."""
    amount: Money
    capital: Text | None = None
    trigger: Event
    after: Duration | None = None
    """With `trigger: elapsed`: how long after the start of service."""
    due: Duration
    counted_from: Event
    """The event from which `due` runs."""
    method: Literal["transfer", "cheque", "any"] = "any"
    preconditions: tuple[Precondition, ...] = ()
    clause: Clause = ""


class LatePayment(Agreed):
    """Interest the client owes on a late payment."""

    accrues_after: Duration
    """Time overdue before it begins."""
    percent_per_day: Percent
    cap_percent: Percent
    """Of the late sum."""
    clause: Clause = ""


class Penalty(Agreed):
    """A breach as data: the cure period, when it repeats too often, and what may then be claimed."""

    code: Code
    name: Name
    party: Literal["client", "vendor", "either"]
    percent: Percent | None = None
    """Of the price; not given, the contract names no sum."""
    per: Literal["breach", "occurrence"] = "breach"
    cure: Duration | None = None
    """Time to put it right after notice."""
    repeat_limit: Count | None = None
    """The number of occurrences, this one included, from which the contract may be ended."""
    terminates: Flag = False
    """Whether the contract may be ended over it."""
    terminal_percent: Percent | None = None
    """What is owed in place of `percent` when it is ended."""
    refunds_payments: Flag = False
    damages_beyond: Flag = True
    """Whether loss above the penalty can still be claimed."""
    text: Text
    clause: Clause = ""


class Supplements(Agreed):
    """Supplementary agreements."""

    cap_percent: Percent
    """Most they may add up to, in percent of the price."""
    clause: Clause = ""
