"""Interval streams against bit masks over a small range, and lazily."""

from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.intervals import (
    clip,
    gaps,
    intersect,
    merge_within,
    normalise,
    subtract,
    symmetric_difference,
    union,
)
from opspact.core.streams import (
    StreamReversed,
    StreamUnsorted,
    clip_stream,
    gaps_stream,
    intersect_streams,
    merge_sorted,
    merge_stream_within,
    subtract_streams,
)

PIECES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1])))
SORTED = PIECES.map(sorted)


def mask(intervals):
    bits = 0
    for start, end in intervals:
        bits |= (1 << end) - (1 << start)
    return bits


def runs(bits):
    """The runs of ones of a mask, from its digits."""
    found, start = [], None
    for place, digit in enumerate([*bin(bits)[:1:-1].removesuffix("b"), "0"]):
        if digit == "1" and start is None:
            start = place
        elif digit == "0" and start is not None:
            found.append((start, place))
            start = None
    return found


@given(SORTED, SORTED)
def test_two_streams_agree_with_bits(one, other):
    a, b = mask(one), mask(other)
    assert list(merge_sorted(one, other)) == runs(a | b)
    assert list(intersect_streams(one, other)) == runs(a & b)
    assert list(subtract_streams(one, other)) == runs(a & ~b)


@given(st.lists(SORTED, max_size=5))
def test_any_number_of_streams_merge_into_their_union(streams):
    assert list(merge_sorted(*streams)) == runs(mask(piece for stream in streams for piece in stream))


@given(SORTED, st.integers(0, 50), st.integers(0, 50))
def test_a_window_of_a_stream_agrees_with_bits(stream, start, end):
    window = mask([(start, end)]) if start < end else 0
    assert list(clip_stream(stream, start, end)) == runs(mask(stream) & window)
    assert list(gaps_stream(stream, start, end)) == runs(window & ~mask(stream))


@given(SORTED, st.integers(0, 10))
def test_merging_a_stream_closes_exactly_the_gaps_shorter_than_the_tolerance(stream, tolerance):
    bits = mask(stream)
    for start, end in runs(~bits & mask([(0, 50)])):
        if bits & ((1 << start) - 1) and bits >> end and end - start < tolerance:
            bits |= mask([(start, end)])
    assert list(merge_stream_within(stream, tolerance)) == runs(bits)


@given(PIECES.map(normalise), PIECES.map(normalise), st.integers(0, 50), st.integers(0, 50), st.integers(0, 10))
def test_lists_agree_with_bits_too(one, other, start, end, tolerance):
    a, b = mask(one), mask(other)
    assert union(one, other) == runs(a | b)
    assert intersect(one, other) == runs(a & b)
    assert subtract(one, other) == runs(a & ~b)
    assert symmetric_difference(one, other) == runs(a ^ b)
    assert clip(one, start, end) == list(clip_stream(one, start, end))
    assert gaps(one, start, end) == list(gaps_stream(one, start, end))
    assert merge_within(one, tolerance) == list(merge_stream_within(one, tolerance))


def endless(step, length):
    return ((at, at + length) for at in count(0, step))


def test_streams_without_end_are_read_only_as_far_as_needed():
    assert list(islice(merge_sorted(endless(10, 2), endless(15, 3)), 4)) == [(0, 3), (10, 12), (15, 18), (20, 22)]
    assert list(islice(intersect_streams(endless(4, 3), endless(6, 3)), 3)) == [(0, 3), (6, 7), (8, 9)]
    assert list(islice(subtract_streams(endless(4, 3), endless(6, 3)), 3)) == [(4, 6), (9, 11), (16, 18)]
    assert list(clip_stream(endless(10, 2), 5, 25)) == [(10, 12), (20, 22)]
    assert list(gaps_stream(endless(10, 2), 5, 25)) == [(5, 10), (12, 20), (22, 25)]


def test_what_comes_before_the_disorder_is_still_given():
    merged = merge_sorted([(0, 1), (5, 6)], [(2, 3), (8, 9), (7, 8)])
    assert list(islice(merged, 2)) == [(0, 1), (2, 3)]
    with pytest.raises(StreamUnsorted) as caught:
        list(merged)
    assert caught.value.params == {"stream": 1, "position": 2, "start": 7, "ahead": 8}


@pytest.mark.parametrize("operation", [intersect_streams, subtract_streams, merge_sorted])
def test_it_names_the_interval_of_a_stream_that_ends_before_it_starts(operation):
    with pytest.raises(StreamReversed) as caught:
        list(operation([(0, 9)], [(1, 2), (3, 3), (6, 4)]))
    assert caught.value.params == {"stream": 1, "position": 2, "start": 6, "end": 4}
