"""What the client granted: time taken out, and degraded time called unusable. Approval times decide what counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from opspact.core.availability.columns import Spans
from opspact.core.availability.errors import BadGrant, PieceReversed
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, normalise

Kind: TypeAlias = Literal["maintenance", "excused", "unusable"]
EXCLUDING: tuple[Kind, ...] = ("maintenance", "excused")
KINDS: tuple[Kind, ...] = (*EXCLUDING, "unusable")


class Granted(NamedTuple):
    """What the client decided about [start, end). `approved_at` None: asked for, not approved, counts for nothing.

    `maintenance` is excluded if approved no later than it starts; `excused` (force majeure, a third party's fault) is
    excluded, and `unusable` makes degraded time down, as soon as it is approved.
    """

    kind: Kind
    start: Instant
    end: Instant
    approved_at: Instant | None

    def counts_at(self, now: Instant) -> bool:
        """Whether it was approved by `now`, and in time."""
        if self.approved_at is None:
            return False
        return self.approved_at <= (min(self.start, now) if self.kind == "maintenance" else now)


def spans_of(granted: Sequence[Granted], kind: Kind, now: Instant) -> list[Interval]:
    """The time of one kind that counts at `now`, as a normal list."""
    return normalise((one.start, one.end) for one in granted if one.kind == kind and one.counts_at(now))


class Judged(NamedTuple):
    """The granted time that counts, by what it does. Time in maintenance and an excuse is maintenance."""

    maintenance: Spans
    excluded: Spans
    unusable: Spans


def judged(granted: Iterable[Granted], now: Instant) -> Judged:
    """Raises PieceReversed or BadGrant with the position."""
    given = list(granted)
    for position, (kind, start, end, _) in enumerate(given):
        if kind not in KINDS:
            raise BadGrant(position=position, kind=str(kind))
        if end < start:
            raise PieceReversed(element="granted", position=position, start=start, end=end)
    maintenance, excused, unusable = (spans_of(given, kind, now) for kind in KINDS)
    return Judged(Spans.normal(maintenance), Spans.normal(normalise([*maintenance, *excused])), Spans.normal(unusable))
