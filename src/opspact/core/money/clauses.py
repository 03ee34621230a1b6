"""A contract's penalty clauses as data, the facts they are held against, and what may be proposed. Nothing is booked.

`docs/why/penalties.md` gives the clauses of the example contract in this form; `proposing` applies them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from opspact.core.calendars.deadlines import Unit
from opspact.core.explain import Explanation
from opspact.core.money.rounding import Mode


class Base(StrEnum):
    """What a percentage is taken of."""

    PRICE = "price"
    BOND = "bond"


class Counted(StrEnum):
    """What a repeat limit counts: facts under the clause, or the rejections of one and the same work."""

    FACTS = "facts"
    REJECTIONS = "rejections"


class Term(NamedTuple):
    """Time to put a breach right, from the day of notice."""

    amount: int
    unit: Unit = Unit.CALENDAR_DAYS


@dataclass(frozen=True)
class PenaltyRule:
    """One clause. `percent` None: it names no sum; `amount_by` is then the clause whose percentage is proposed.

    A `general` clause (any other breach) gives way to a special one. `repeat_limit` includes the number (以上含本数).
    When the contract is ended under it, `terminal_percent` of the price is owed.
    """

    code: str
    clause: str = ""
    percent: Decimal | None = None
    base: Base = Base.PRICE
    general: bool = False
    cure: Term | None = None
    repeat_limit: int | None = None
    counted: Counted = Counted.FACTS
    terminates: bool = False
    terminal_percent: Decimal | None = None
    refunds_payments: bool = False
    amount_by: str | None = None
    damages_beyond: bool = True

    @property
    def label(self) -> str:
        return self.clause or self.code


@dataclass(frozen=True)
class Fact:
    """What happened once, and the clauses it may fall under; `chosen` is the client's decision between them.

    `rejections`: how often this work failed acceptance. `loss`: damage shown, as far as known.
    """

    code: str
    on: date
    clauses: tuple[str, ...]
    chosen: str | None = None
    notified_on: date | None = None
    cured_on: date | None = None
    refused_on: date | None = None
    rejections: int = 0
    loss: Decimal | None = None


class Cure(StrEnum):
    """Where the putting right of a breach stands. Late: after its last day; refused: the vendor said no."""

    NONE = "none"
    NOT_NOTIFIED = "not_notified"
    RUNNING = "running"
    CURED = "cured"
    LATE = "late"
    UNCURED = "uncured"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why the contract may be ended."""

    AT_ONCE = "at_once"
    REPEATED = "repeated"
    REJECTED = "rejected"
    UNCURED = "uncured"
    CURED_LATE = "cured_late"
    REFUSED = "refused"


class Terminal(StrEnum):
    """Whether the sum owed on ending the contract stands in place of the single penalties it rests on, or on top."""

    REPLACES = "replaces"
    ADDS = "adds"


class Passed(NamedTuple):
    """A clause that fits the fact too and is not applied, with what it would have been."""

    clause: str
    amount: Decimal | None
    chosen_instead: str


@dataclass(frozen=True)
class Proposal:
    """What may be claimed for one fact, for a person to confirm. `amount` None: the clause names no sum.

    `nth`: how many facts there are under the clause up to this one. `decided`: confirmed before, not proposed again.
    `further_claim`: loss above the penalty, where the clause lets it be claimed.
    """

    fact: Fact
    rule: PenaltyRule
    percent: Decimal | None
    base_amount: Decimal
    amount: Decimal | None
    cure: Cure
    cure_ends_on: date | None
    nth: int
    decided: bool
    further_claim: Decimal | None
    passed: tuple[Passed, ...]
    explanation: Explanation


@dataclass(frozen=True)
class Termination:
    """A right of the client's to end the contract under one clause, and what it would then be owed in penalties.

    `ends_on`: the last day if notice is given on the day the answer is for. `replaced`: facts whose own penalties the
    terminal sum stands for. `penalties`: all of them if it ends on this ground, those decided before included.
    """

    rule: PenaltyRule
    grounds: tuple[tuple[Ground, tuple[str, ...]], ...]
    ends_on: date
    terminal_amount: Decimal | None
    replaced: tuple[str, ...]
    penalties: Decimal
    explanation: Explanation


_THIRTY_DAYS = Term(30)


@dataclass(frozen=True)
class Stakes:
    """What percentages are taken of, the notice the client gives (30 days, 15.2), and how sums are rounded.

    `cap_percent` of the price limits all penalties together, where a contract has such a clause.
    """

    price: Decimal
    bond: Decimal = Decimal(0)
    notice: Term = _THIRTY_DAYS
    terminal: Terminal = Terminal.REPLACES
    cap_percent: Decimal | None = None
    mode: Mode = Mode.HALF_UP
    decided: Mapping[str, str] = field(default_factory=dict)
    """Facts penalised before, with the clause."""


@dataclass(frozen=True)
class Assessment:
    """All proposals, without ending the contract: `total`, at most `cap`. And the rights to end it, one a clause."""

    proposals: tuple[Proposal, ...]
    terminations: tuple[Termination, ...]
    asked: Decimal
    cap: Decimal | None
    total: Decimal
