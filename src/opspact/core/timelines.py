"""Timelines: (start, end, state) in order, without overlap. In an observed timeline a gap means unknown."""

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

from opspact.core.errors import IntervalReversed, IntervalsOverlap
from opspact.core.states import Observed, State

S = TypeVar("S")
ObservedTimeline: TypeAlias = list[tuple[int, int, Observed]]
StateTimeline: TypeAlias = list[tuple[int, int, State]]


def ordered(timeline: Iterable[tuple[int, int, S]]) -> list[tuple[int, int, S]]:
    """Sort by start and drop empty pieces. Raises IntervalReversed or IntervalsOverlap with the position as sorted."""
    pieces = sorted(timeline, key=lambda piece: piece[:2])
    last_end = None
    for position, (start, end, _) in enumerate(pieces):
        if end < start:
            raise IntervalReversed(position=position, start=start, end=end)
        if last_end is not None and start < last_end:
            raise IntervalsOverlap(position=position, start=start, end=last_end)
        last_end = end
    return [piece for piece in pieces if piece[0] < piece[1]]


def joined(timeline: Iterable[tuple[int, int, S]]) -> list[tuple[int, int, S]]:
    """Drop empty pieces and join touching pieces of one state."""
    pieces: list[tuple[int, int, S]] = []
    for start, end, state in timeline:
        if start >= end:
            continue
        if pieces and pieces[-1][1] == start and pieces[-1][2] == state:
            pieces[-1] = (pieces[-1][0], end, state)
        else:
            pieces.append((start, end, state))
    return pieces


def cut(timeline: Iterable[tuple[int, int, S]], start: int, end: int) -> list[tuple[int, int, S]]:
    """The part inside [start, end)."""
    return [(max(a, start), min(b, end), state) for a, b, state in timeline if max(a, start) < min(b, end)]
