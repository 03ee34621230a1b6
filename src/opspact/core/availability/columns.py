"""Ledgers as integer columns: made once in O(n log n), then any period is measured by bisection.

`Spans` holds a normal interval list (`core.intervals`) with running totals; `Columns` an observed ledger, and gives
the `Spans` of each state. Everything is µs. Long lists go through functions written in C.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, islice, repeat
from operator import eq, is_, le, lt, sub

from opspact.core.availability.errors import PieceReversed, PiecesOverlap, PieceUnknownState
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise, subtract
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

# Beyond any instant: where unknown time begins and ends.
FOREVER = 2**62

_KNOWN = frozenset(map(id, Observed))


class Spans:
    """A normal interval list as columns of the same length."""

    __slots__ = ("_before", "ends", "starts")

    def __init__(self, starts: list[int], ends: list[int]) -> None:
        self.starts = starts
        self.ends = ends
        self._before: list[int] | None = None

    @classmethod
    def of(cls, intervals: Iterable[Interval], element: str) -> Spans:
        """The union of any intervals. Raises PieceReversed with the `element` and the position in what was given."""
        given = list(intervals)
        for position, (start, end) in enumerate(given):
            if end < start:
                raise PieceReversed(element=element, position=position, start=start, end=end)
        return cls.normal(normalise(given))

    @classmethod
    def normal(cls, intervals: Sequence[Interval]) -> Spans:
        """Of a list that is normal already."""
        return cls([start for start, _ in intervals], [end for _, end in intervals])

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def before(self) -> list[int]:
        """`before[i]` is the total of the first i spans, so that the last of it is the total of all."""
        if self._before is None:
            self._before = list(accumulate(map(sub, self.ends, self.starts), initial=0))
        return self._before

    @property
    def total_us(self) -> int:
        return sum(self.ends) - sum(self.starts)

    def intervals(self) -> list[Interval]:
        return list(zip(self.starts, self.ends, strict=True))

    def within(self, start: Instant, end: Instant) -> Spans:
        """The part inside [start, end)."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        if first >= last:
            return NOWHERE
        starts, ends = self.starts[first:last], self.ends[first:last]
        starts[0], ends[-1] = max(starts[0], start), min(ends[-1], end)
        return Spans(starts, ends)

    def both(self, other: Spans) -> Spans:
        """Time in both."""
        few, many = (self, other) if len(self) <= len(other) else (other, self)
        if not few:
            return NOWHERE
        if len(few) == 1:
            return many.within(few.starts[0], few.ends[0])
        return Spans.normal(intersect(self.intervals(), other.intervals()))

    def minus(self, other: Spans) -> Spans:
        """Time in this and not in the other."""
        return Spans.normal(subtract(self.intervals(), other.intervals())) if self and other else self

    def common_us(self, other: Spans) -> int:
        """How much time is in both, without making a list of it: O(m log n) for the shorter of the two, m long."""
        few, many = (self, other) if len(self) <= len(other) else (other, self)
        return many._covered(few.ends) - many._covered(few.starts) if few else 0

    def _covered(self, points: list[int]) -> int:
        """Σ over the points of the time covered before each."""
        found = list(map(bisect_right, repeat(self.starts), points))
        ends = [-FOREVER, *self.ends]
        beyond = [end - at for at, end in zip(points, map(ends.__getitem__, found), strict=True) if end > at]
        return sum(map(self.before.__getitem__, found)) - sum(beyond)


NOWHERE = Spans([], [])


class Columns:
    """An observed ledger. What no piece covers is unknown, before the first and after the last one for ever."""

    __slots__ = ("_ends", "_spans", "_starts", "_states")

    def __init__(self, starts: list[int], ends: list[int], states: Sequence[str]) -> None:
        self._starts, self._ends, self._states = starts, ends, states
        self._spans: dict[int, Spans] = {}

    @classmethod
    def of(cls, timeline: Iterable[tuple[int, int, str]]) -> Columns:
        """From (start, end, state) in any order; empty pieces say nothing.

        Raises PieceReversed, PiecesOverlap or PieceUnknownState with the position in what was given.
        """
        pieces = timeline if isinstance(timeline, list) else list(timeline)
        starts, ends = [piece[0] for piece in pieces], [piece[1] for piece in pieces]
        said: list[str] = [piece[2] for piece in pieces]
        if _in_order(starts, ends) and set(map(id, said)) <= _KNOWN:
            return cls(starts, ends, said)
        states, order = _named(said), _order(starts, ends)
        return cls([starts[i] for i in order], [ends[i] for i in order], [states[i] for i in order])

    def __getitem__(self, state: Observed) -> Spans:
        # Hashing an enum that is also a string is slow, and there is only one object of each.
        found = self._spans.get(id(state))
        if found is None:
            found = self._spans[id(state)] = self._unknown() if state is Observed.UNKNOWN else self._chosen(state)
        return found

    def marked_down(self, marked: Spans) -> Columns:
        """With some of the degraded time, which the client calls unusable (实质不可用), seen as down."""
        if not marked:
            return self
        changed = Columns(self._starts, self._ends, self._states)
        down = normalise([*self[Observed.DOWN].intervals(), *marked.intervals()])
        degraded = self[Observed.DEGRADED].minus(marked)
        changed._spans |= {id(Observed.DOWN): Spans.normal(down), id(Observed.DEGRADED): degraded}
        return changed

    def timeline(self, start: Instant, end: Instant) -> ObservedTimeline:
        """[start, end) as pieces without a gap, neighbours of one state joined."""
        return sorted((a, b, state) for state in Observed for a, b in self[state].within(start, end).intervals())

    def _chosen(self, state: Observed) -> Spans:
        chosen = list(map(is_, self._states, repeat(state)))
        starts, ends = list(compress(self._starts, chosen)), list(compress(self._ends, chosen))
        if any(map(eq, ends, islice(starts, 1, None))):
            return Spans.normal(normalise(zip(starts, ends, strict=True)))
        return Spans(starts, ends)

    def _unknown(self) -> Spans:
        said = self._chosen(Observed.UNKNOWN).intervals()
        starts, ends = self._starts, self._ends
        if not starts:
            return Spans([-FOREVER], [FOREVER])
        between = (
            [] if ends[:-1] == starts[1:] else [gap for gap in zip(ends, starts[1:], strict=False) if gap[0] < gap[1]]
        )
        return Spans.normal(normalise([(-FOREVER, starts[0]), *said, *between, (ends[-1], FOREVER)]))


def _in_order(starts: list[int], ends: list[int]) -> bool:
    """Sorted, without overlap, none empty or reversed."""
    return all(map(lt, starts, ends)) and (ends[:-1] == starts[1:] or all(map(le, ends, islice(starts, 1, None))))


def _order(starts: list[int], ends: list[int]) -> list[int]:
    """The positions of the pieces by time, without the empty ones."""
    for position, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end < start:
            raise PieceReversed(element="observed", position=position, start=start, end=end)
    order = sorted((i for i in range(len(starts)) if starts[i] < ends[i]), key=starts.__getitem__)
    for one, other in zip(order, islice(order, 1, None), strict=False):
        if starts[other] < ends[one]:
            raise PiecesOverlap(position=other, start=starts[other], other=one, end=ends[one])
    return order


def _named(states: Sequence[str]) -> list[Observed]:
    """States written as plain strings become words of the enum."""
    named: list[Observed] = []
    for position, state in enumerate(states):
        try:
            named.append(Observed(state))
        except ValueError:
            raise PieceUnknownState(element="observed", position=position, value=str(state)) from None
    return named
