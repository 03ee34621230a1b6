"""The records of a document, as ledgers export them."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from opspact.calc.kinds.availability.document import Span
from opspact.calc.values import Duration, Instant, Name, Part


class MeasuredPart(Part):
    """A system measured elsewhere, over the period, or for a projection over the term so far (then both rest on it)."""

    code: Name
    service_time: Duration
    """Agreed service time up to now; the other durations must fit into it."""
    excluded: Duration = 0
    unknown: Duration = 0
    down: Duration = 0
    degraded: Duration = 0
    to_come: Duration = 0
    """Agreed service time still to come until the term's end, for the projection."""
    weight: int = Field(default=1, ge=0)


class OutagePart(Part):
    """A fault ticket of one component; without `restored_at` it is not over."""

    id: Name
    component: Name
    occurred_at: Instant
    restored_at: Instant | None = None


class IncidentPart(Part):
    """An operational or security incident."""

    id: Name
    occurred_at: Instant
    level: Name
    closed_at: Instant | None = None
    confirmed: bool | None = None
    """The client's confirmation; absent, it is awaited."""
    vendors: bool | None = None
    """Whether the vendor is answerable for it; absent, that is not settled."""
    cancelled: bool = False


class TerminalPart(Part):
    """A terminal; without `in_service` it served all the time."""

    id: Name
    kind: Name
    in_service: tuple[Span, ...] | None = None


class FaultPart(Part):
    """A faulty terminal; `spare_at` is when a spare was handed out."""

    id: Name
    terminal: Name
    occurred_at: Instant
    restored_at: Instant | None = None
    spare_at: Instant | None = None


class InspectionPart(Part):
    """One terminal looked at."""

    id: Name
    terminal: Name
    at: Instant
    in_order: bool


class RatingPart(Part):
    """A rating; `automatic` ones were set by a system after a silence."""

    id: Name
    given_at: Instant
    score: int
    valid: bool = True
    automatic: bool = False


class ComplaintPart(Part):
    """A complaint; without `valid` it is not judged yet."""

    id: Name
    received_at: Instant
    valid: bool | None = None


class TicketPart(Part):
    """A closed incident or service request."""

    id: Name
    closed_at: Instant


def _terminals(value: Any) -> Any:
    """`{"prefix": "PC-", "count": 200, "kind": "pc"}` stands for as many terminals alike, numbered from 1."""
    if not isinstance(value, list):
        return value
    found: list[Any] = []
    for item in value:
        if isinstance(item, dict) and isinstance(item.get("count"), int) and 0 < item["count"] <= 100_000:
            rest = {key: each for key, each in item.items() if key not in ("count", "prefix")}
            found += [rest | {"id": f"{item.get('prefix', '')}{number}"} for number in range(1, item["count"] + 1)]
        else:
            found.append(item)
    return found


Terminals: TypeAlias = Annotated[tuple[TerminalPart, ...], BeforeValidator(_terminals)]
