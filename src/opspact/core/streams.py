"""Interval algebra over sorted iterators, for ledgers larger than memory. Rules: `docs/why/intervals.md`.

Each stream gives [start, end) in order of start; pieces may be empty, overlap or touch. What comes out is normal (see
`intervals`), made as it is asked for, and holds one piece of each stream at a time. Every function raises, at the piece
where it happens, StreamUnsorted or StreamReversed with the stream and the position in it, both counted from 0.
"""

from collections.abc import Iterable, Iterator
from heapq import merge

from opspact.core.errors import CoreError
from opspact.core.intervals import Interval
from opspact.core.words import N_


class StreamUnsorted(CoreError):
    code = "stream-unsorted"
    message = N_(
        "Stream %(stream)s is not in order: interval %(position)s starts at %(start)s, after one at %(ahead)s."
    )


class StreamReversed(CoreError):
    code = "stream-reversed"
    message = N_("Stream %(stream)s: interval %(position)s ends (%(end)s) before it starts (%(start)s).")


def merge_sorted(*streams: Iterable[Interval]) -> Iterator[Interval]:
    """Union: time in any stream; O(n log k) for n pieces in k streams."""
    return _joined(merge(*(_checked(stream, number) for number, stream in enumerate(streams))))


def intersect_streams(one: Iterable[Interval], other: Iterable[Interval]) -> Iterator[Interval]:
    """Time in both; O(n)."""
    left, right = _normal(one, 0), _normal(other, 1)
    a, b = next(left, None), next(right, None)
    while a is not None and b is not None:
        start, end = max(a[0], b[0]), min(a[1], b[1])
        if start < end:
            yield start, end
        if a[1] < b[1]:
            a = next(left, None)
        else:
            b = next(right, None)


def subtract_streams(whole: Iterable[Interval], minus: Iterable[Interval]) -> Iterator[Interval]:
    """Time in `whole` (stream 0) and not in `minus` (stream 1); O(n)."""
    taken = _normal(minus, 1)
    hole = next(taken, None)
    for start, end in _normal(whole, 0):
        while hole is not None and hole[0] < end:
            if start < hole[0]:
                yield start, hole[0]
            start = max(start, hole[1])
            if hole[1] > end:
                break
            hole = next(taken, None)
        if start < end:
            yield start, end


def clip_stream(stream: Iterable[Interval], start: int, end: int) -> Iterator[Interval]:
    """The part inside [start, end); reads no further than the first piece that starts at or after `end`."""
    for a, b in _normal(stream, 0):
        if a >= end:
            return
        if max(a, start) < min(b, end):
            yield max(a, start), min(b, end)


def gaps_stream(stream: Iterable[Interval], start: int, end: int) -> Iterator[Interval]:
    """The part of [start, end) that the stream leaves free."""
    for a, b in clip_stream(stream, start, end):
        if start < a:
            yield start, a
        start = b
    if start < end:
        yield start, end


def merge_stream_within(stream: Iterable[Interval], tolerance: int) -> Iterator[Interval]:
    """Join neighbours whose gap is shorter than `tolerance`; a gap of exactly `tolerance` stays."""
    held: Interval | None = None
    for start, end in _normal(stream, 0):
        if held is not None and start - held[1] >= tolerance:
            yield held
            held = None
        held = (start if held is None else held[0]), end
    if held is not None:
        yield held


def _normal(stream: Iterable[Interval], number: int) -> Iterator[Interval]:
    """The union of one stream's own pieces."""
    return _joined(_checked(stream, number))


def _joined(pieces: Iterable[Interval]) -> Iterator[Interval]:
    """Pieces in order of start, made normal."""
    held: Interval | None = None
    for start, end in pieces:
        if held is None:
            held = start, end
        elif start > held[1]:
            yield held
            held = start, end
        elif end > held[1]:
            held = held[0], end
    if held is not None:
        yield held


def _checked(stream: Iterable[Interval], number: int) -> Iterator[Interval]:
    """The pieces that are not empty."""
    ahead: int | None = None
    for position, (start, end) in enumerate(stream):
        if end < start:
            raise StreamReversed(stream=number, position=position, start=start, end=end)
        if ahead is not None and start < ahead:
            raise StreamUnsorted(stream=number, position=position, start=start, ahead=ahead)
        ahead = start
        if start < end:
            yield start, end
