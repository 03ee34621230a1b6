"""The records that indicators count: plain values with a number, instants in µs UTC. What may be unsettled is None."""

from typing import NamedTuple

from opspact.core.instants import Instant
from opspact.core.intervals import Interval


class Rating(NamedTuple):
    """A user's rating of a service, from 1 to the scale's end. `automatic`: set by the system after a silence."""

    id: str
    given_at: Instant
    score: int
    valid: bool = True
    automatic: bool = False


class Complaint(NamedTuple):
    """`valid` None: not yet judged."""

    id: str
    received_at: Instant
    valid: bool | None = None


class ClosedTicket(NamedTuple):
    """An incident or service request that was closed."""

    id: str
    closed_at: Instant


class IncidentFact(NamedTuple):
    """An operational or security incident, by its present level.

    `closed_at` None: open, so its level is not final. `confirmed`: the client's word that it is of that level, None
    while it is awaited. `vendors`: whether the vendor (乙方) is answerable for it, None while that is not settled.
    """

    id: str
    occurred_at: Instant
    level: str
    closed_at: Instant | None = None
    confirmed: bool | None = None
    vendors: bool | None = None
    cancelled: bool = False


class Terminal(NamedTuple):
    """A terminal and when it was in service; the spans may be several."""

    id: str
    kind: str
    in_service: tuple[Interval, ...]


class TerminalFault(NamedTuple):
    """`restored_at` None: still faulty. `spare_at`: when a spare was handed out, which stops the clock."""

    id: str
    terminal: str
    occurred_at: Instant
    restored_at: Instant | None = None
    spare_at: Instant | None = None


class Inspection(NamedTuple):
    """One terminal looked at, and found in order or not."""

    id: str
    terminal: str
    at: Instant
    in_order: bool


class OutageTicket(NamedTuple):
    """A fault of one component of a chain, as its ticket has it; `restored_at` None: not yet."""

    id: str
    component: str
    occurred_at: Instant
    restored_at: Instant | None = None
