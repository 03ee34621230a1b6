"""From the ledgers of checks to the observed timeline of a business system.

One rule for every group, k of n: k up make it up; else k up or degraded make it degraded; else k up, degraded or
unknown leave it unknown, because the unknown ones could decide; else it is down. What a ledger leaves open is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from opspact.core.availability.expressions import Expression
from opspact.core.instants import Instant
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline, cut, joined, ordered

_UP, _DEGRADED, _UNKNOWN, _DOWN = range(4)
_RANK = {Observed.UP: _UP, Observed.DEGRADED: _DEGRADED, Observed.UNKNOWN: _UNKNOWN, Observed.DOWN: _DOWN}
_SEEN = (Observed.UP, Observed.DEGRADED, Observed.UNKNOWN, Observed.DOWN)


def combine(
    expression: Expression, timelines: Mapping[str, ObservedTimeline], start: Instant, end: Instant
) -> ObservedTimeline:
    """The timeline of [start, end) by check code, joined, without a gap; one sweep, O(n log n) in the changes.

    A code without a timeline is unknown throughout. Raises IntervalReversed or IntervalsOverlap.
    """
    leaves: dict[str, list[_Node]] = {}
    root = _Node(expression, None, leaves)
    changes = sorted(
        (change for code in leaves for change in _changes(code, timelines.get(code, []), start, end)),
        key=itemgetter(0),
    )
    pieces: ObservedTimeline = []
    since = start
    for at, code, rank in changes:
        if at > since:
            pieces.append((since, at, _SEEN[root.rank]))
            since = at
        for leaf in leaves[code]:
            leaf.become(rank)
    pieces.append((since, end, _SEEN[root.rank]))
    return joined(pieces)


def combine_dated(
    dated: Sequence[tuple[Instant | None, Instant | None, Expression]],
    timelines: Mapping[str, ObservedTimeline],
    start: Instant,
    end: Instant,
) -> ObservedTimeline:
    """As `combine`, where the rule changes over time: (from, to, expression), None an open end; no rule is unknown.

    Raises IntervalsOverlap when two rules hold at once.
    """
    ranges = [_closed(begin, finish, rule, start, end) for begin, finish, rule in dated]
    pieces: ObservedTimeline = []
    reached = start
    for begin, finish, rule in cut(ordered(ranges), start, end):
        pieces.append((reached, begin, Observed.UNKNOWN))
        pieces.extend(combine(rule, timelines, begin, finish))
        reached = finish
    return joined([*pieces, (reached, end, Observed.UNKNOWN)])


def _closed(
    begin: Instant | None, finish: Instant | None, rule: Expression, start: Instant, end: Instant
) -> tuple[Instant, Instant, Expression]:
    """Open ends reach to the edge of the period, even for a rule that lies wholly outside it."""
    first = begin if begin is not None else start if finish is None else min(start, finish)
    return first, max(end, first) if finish is None else finish, rule


def _changes(code: str, timeline: ObservedTimeline, start: Instant, end: Instant) -> Iterable[tuple[Instant, str, int]]:
    reached = start
    for begin, finish, seen in cut(ordered(timeline), start, end):
        if begin > reached:
            yield reached, code, _UNKNOWN
        yield begin, code, _RANK[seen]
        reached = finish
    if reached < end:
        yield reached, code, _UNKNOWN


class _Node:
    """One element of the tree, counting its members by state; a change climbs only as far as it matters."""

    __slots__ = ("counts", "need", "parent", "rank")

    def __init__(self, expression: Expression, parent: "_Node | None", leaves: dict[str, list["_Node"]]) -> None:
        self.parent = parent
        self.need = expression.need
        self.rank = _UNKNOWN
        self.counts = [0, 0, len(expression.of), 0]
        if expression.code:
            leaves.setdefault(expression.code, []).append(self)
        for member in expression.of:
            _Node(member, self, leaves)

    def become(self, rank: int) -> None:
        before, self.rank = self.rank, rank
        if before == rank or self.parent is None:
            return
        counts = self.parent.counts
        counts[before] -= 1
        counts[rank] += 1
        self.parent.become(self.parent.judged())

    def judged(self) -> int:
        reached = 0
        for rank in (_UP, _DEGRADED, _UNKNOWN):
            reached += self.counts[rank]
            if reached >= self.need:
                return rank
        return _DOWN
