"""What `opspact calc penalty` takes. Each section is a calculation of its own; a document has at least one."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from opspact.calc.calendars import CalendarRef
from opspact.calc.values import Amount, Day, Name, Number, Part

Sum: TypeAlias = Annotated[Amount, Field(ge=0)]
Percent: TypeAlias = Annotated[Number, Field(ge=0, le=100)]
Modes = Literal["half_up", "half_even", "down", "up"]
Roundings = Literal["at_end", "per_day"]
Reasons = Literal["fiscal_funds", "invoice_missing", "invoice_wrong", "force_majeure", "agreed"]


class PaidIn(Part):
    """A payment received."""

    on: Day
    amount: Sum


class PauseIn(Part):
    """Days on which the payment's clock stands still, both counted."""

    reason: Reasons
    first_on: Day
    last_on: Day | None = None
    """The day the funds or a right invoice arrived; not given: they have not."""


class LatePaymentIn(Part):
    """A sum that was, or may have been, paid late. The defaults are clause 5.2 of the example contract."""

    name: Name
    amount: Sum
    """What was due, yuan."""
    due_on: Day | None = None
    """The last day to pay in time; else `counted_from` and `working_days` say it."""
    counted_from: Day | None = None
    """The day whose event the term of payment runs from; it is not counted."""
    working_days: int | None = Field(None, ge=1, le=10_000)
    """The term of payment; days that stand still are not counted."""
    paid: tuple[PaidIn, ...] = ()
    pauses: tuple[PauseIn, ...] = ()
    percent_per_day: Percent = Field("0.05", validate_default=True)
    cap_percent: Percent = Field("5", validate_default=True)
    """Of the late sum."""
    overdue_working_days: int = Field(30, ge=0, le=10_000)
    """Working days overdue before interest begins."""
    begins: Literal["day_after", "same_day"] = "day_after"
    """On the calendar day after the last of them, or on that day itself."""
    payment_day: Literal["free", "counts"] = "free"
    """Whether the day of a payment bears interest on what was paid."""
    cap_base: Literal["overdue", "accruing"] = "overdue"
    """The late sum of the cap: unpaid after the due day, or when interest begins."""
    counts_on: tuple[Reasons, ...] = ()
    """Reasons that do not pause, against the default that all do."""
    rounding: Roundings = "at_end"
    clause: str = "5.2"


class RuleIn(Part):
    """A penalty clause."""

    code: Name
    clause: str = ""
    percent: Percent | None = None
    """Not given: the clause names no sum."""
    of: Literal["price", "bond"] = "price"
    general: bool = False
    """A general clause (any other breach) gives way to a special one."""
    cure_days: int | None = Field(None, ge=1, le=10_000)
    """Calendar days from the day of notice in which it can be put right."""
    repeat_limit: int | None = Field(None, ge=1)
    """The number from which the contract may be ended; the number itself suffices (以上含本数)."""
    counts: Literal["facts", "rejections"] = "facts"
    """What the limit counts: facts under the clause, or the rejections of one work."""
    terminates: bool = False
    terminal_percent: Percent | None = None
    """Of the price, when the contract is ended under the clause."""
    refunds_payments: bool = False
    amount_by: Name | None = None
    """The clause whose percentage is proposed where this one names none."""
    damages_beyond: bool = True


class FactIn(Part):
    """What happened once."""

    code: Name
    on: Day
    clauses: tuple[Name, ...] = Field(min_length=1)
    """Codes of the clauses that fit."""
    chosen: Name | None = None
    """The client's decision between them."""
    notified_on: Day | None = None
    cured_on: Day | None = None
    refused_on: Day | None = None
    rejections: int = Field(0, ge=0)
    loss: Sum | None = None
    """Damage shown, yuan."""


class BreachesIn(Part):
    """Facts held against clauses: one penalty for one fact."""

    rules: tuple[RuleIn, ...] = Field(min_length=1)
    facts: tuple[FactIn, ...] = ()
    decided: dict[str, str] = {}
    """Facts penalised before, with the clause's code."""
    on_ending: Literal["replaces", "adds"] = "replaces"
    """Whether the sum owed on ending stands in place of the single penalties it rests on."""
    notice_days: int = Field(30, ge=1, le=10_000)
    """The client's notice, calendar days."""
    cap_percent: Percent | None = None
    """Of the price, for all penalties together, where the contract says so."""


class PeriodIn(Part):
    """A period whose assessment was failed."""

    period: Name
    percent: Percent = Field("5", validate_default=True)


class BondIn(Part):
    """Deductions from the performance bond."""

    periods: tuple[PeriodIn, ...] = ()
    of: Literal["bond", "price"] = "bond"
    """The base as the clause is read; the other reading is shown too."""
    clause: str = "6.2"


class SupplementIn(Part):
    code: Name
    amount: Sum


class HoldOverIn(Part):
    """Service after the term, and the supplements, each against its cap."""

    service_ends_on: Day
    through: Day | None = None
    """The last day served; not given: `as_of`."""
    term_days: int = Field(365, ge=1, le=100_000)
    """A day costs the price divided by so many."""
    cap_percent: Percent = Field("10", validate_default=True)
    supplements: tuple[SupplementIn, ...] = ()
    supplement_cap_percent: Percent = Field("10", validate_default=True)
    rounding: Roundings = "at_end"
    clause: str = "2.3"


class RateCardIn(Part):
    """Prices by kind of work; binding when both signed."""

    rates: dict[Name, Sum]
    client_signed: bool
    vendor_signed: bool


class WorkIn(Part):
    item: Name
    quantity: Number


class SettlementIn(Part):
    """What work done is worth when the contract ends early."""

    paid: Sum
    """What the client has paid so far."""
    rate_card: RateCardIn | None = None
    work: tuple[WorkIn, ...] = ()
    days_served: int = Field(ge=0)
    term_days: int = Field(365, ge=1)
    clause: str = "15.2"


class InstalmentIn(Part):
    code: Name
    percent: Percent
    paid: bool = False


class PriceCutIn(Part):
    """Instalments of the price, and what an agreed price cut does to them."""

    instalments: tuple[InstalmentIn, ...] = Field(min_length=1)
    cut: Sum
    taken_from: Literal["last", "next", "share"] = "last"
    """The last unpaid instalment first, the next one first, or all unpaid by their shares."""
    clause: str = "5.1¶1"


class Input(Part):
    """Penalties, interest, deductions and settlement under a contract. Everything is a proposal."""

    price: Sum
    bond: Sum | None = None
    as_of: Day
    """The answer is what stands at the end of this day."""
    calendar: CalendarRef = "cn"
    mode: Modes = "half_up"
    """How parts of a cent are rounded."""
    late_payments: tuple[LatePaymentIn, ...] = ()
    breaches: BreachesIn | None = None
    bond_deductions: BondIn | None = None
    hold_over: HoldOverIn | None = None
    settlement: SettlementIn | None = None
    price_cut: PriceCutIn | None = None
