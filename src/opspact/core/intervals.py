"""Algebra of half-open intervals [start, end) of integers.

"Normal" means sorted, disjoint, not touching, none empty. `normalise` makes a list normal in O(n log n); every other
function takes and gives normal lists and is linear (`union` sorts). Timelines, whose pieces carry a state, may touch:
see `timelines`; for iterators larger than memory: `streams`. Rules and a worked table: `docs/why/intervals.md`.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TypeAlias

from opspact.core.errors import IntervalReversed

Interval: TypeAlias = tuple[int, int]


def normalise(intervals: Iterable[Interval]) -> list[Interval]:
    """Union of any intervals, as a normal list. Raises IntervalReversed with the position (from 0)."""
    given = list(intervals)
    for position, (start, end) in enumerate(given):
        if end < start:
            raise IntervalReversed(position=position, start=start, end=end)
    given.sort(key=itemgetter(0))  # the order of ends does not matter to a union, and comparing integers is fast
    merged: list[Interval] = []
    for start, end in given:
        if start == end:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def union(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Time in either."""
    return normalise([*one, *other])


def intersect(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Time in both."""
    common: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i][0], other[j][0])
        end = min(one[i][1], other[j][1])
        if start < end:
            common.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(whole: Sequence[Interval], minus: Sequence[Interval]) -> list[Interval]:
    """Time in `whole` and not in `minus`."""
    left: list[Interval] = []
    j = 0
    for start, end in whole:
        while j < len(minus) and minus[j][1] <= start:
            j += 1
        k = j
        while k < len(minus) and minus[k][0] < end:
            if start < minus[k][0]:
                left.append((start, minus[k][0]))
            start = minus[k][1]
            k += 1
        if start < end:
            left.append((start, end))
        j = max(j, k - 1)
    return left


def symmetric_difference(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Time in one of them and not in both: where two ledgers disagree."""
    return union(subtract(one, other), subtract(other, one))


def clip(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """The part inside [start, end)."""
    return [(max(a, start), min(b, end)) for a, b in intervals if max(a, start) < min(b, end)]


def gaps(intervals: Sequence[Interval], start: int, end: int) -> list[Interval]:
    """The complement within [start, end): the part that the intervals leave free."""
    return subtract([(start, end)] if start < end else [], intervals)


def merge_within(intervals: Iterable[Interval], tolerance: int) -> list[Interval]:
    """Join neighbours whose gap is shorter than `tolerance`; a gap of exactly `tolerance` stays."""
    merged: list[Interval] = []
    for start, end in intervals:
        if merged and start - merged[-1][1] < tolerance:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def total(intervals: Iterable[Interval]) -> int:
    """The summed length."""
    return sum(end - start for start, end in intervals)
