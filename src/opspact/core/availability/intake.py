"""From what ledgers look like elsewhere, rows with aware datetimes or changes of state, to a timeline in µs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from opspact.core.availability.errors import ChangesOutOfOrder, PieceNaive, PieceReversed, PieceUnknownState
from opspact.core.errors import NaiveDatetime
from opspact.core.instants import Instant, to_us
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline


def from_rows(rows: Iterable[tuple[datetime, datetime | None, str]], until: Instant) -> ObservedTimeline:
    """(start, end, state) as a database holds it; an end of None is open and lasts until `until`, µs.

    Raises PieceNaive, PieceReversed or PieceUnknownState with the position.
    """
    pieces: ObservedTimeline = []
    for position, (starts_at, ends_at, state) in enumerate(rows):
        start = _instant(starts_at, "observed", position)
        end = max(start, until) if ends_at is None else _instant(ends_at, "observed", position)
        if end < start:
            raise PieceReversed(element="observed", position=position, start=start, end=end)
        pieces.append((start, end, _state(state, "observed", position)))
    return pieces


def from_changes(changes: Iterable[tuple[Instant, str]], until: Instant) -> ObservedTimeline:
    """(at, state) in order of time: each state holds until the next change, the last one until `until`.

    Before the first change nothing is known. A change after `until` counts for nothing.
    Raises ChangesOutOfOrder or PieceUnknownState with the position.
    """
    pieces: ObservedTimeline = []
    last: tuple[Instant, Observed] | None = None
    for position, (at, state) in enumerate(changes):
        seen = _state(state, "changes", position)
        if last is not None:
            if at <= last[0]:
                raise ChangesOutOfOrder(position=position, at=at, before=last[0])
            pieces.append((last[0], at, last[1]))
        last = (at, seen)
    if last is not None:
        pieces.append((last[0], max(last[0], until), last[1]))
    return [(start, min(end, until), seen) for start, end, seen in pieces if start < min(end, until)]


def _instant(moment: datetime, element: str, position: int) -> Instant:
    try:
        return to_us(moment)
    except NaiveDatetime:
        raise PieceNaive(element=element, position=position, value=moment.isoformat()) from None


def _state(state: str, element: str, position: int) -> Observed:
    try:
        return Observed(state)
    except ValueError:
        raise PieceUnknownState(element=element, position=position, value=str(state)) from None
