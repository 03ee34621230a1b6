"""Timelines against what each single instant shows."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from opspact.core.timelines import cut, joined, ordered

TIMELINES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from("ab")), max_size=8).map(
    lambda steps: laid(steps)
)


def laid(steps):
    """Pieces one after the other, each after a gap."""
    at, pieces = 0, []
    for gap, length, state in steps:
        pieces.append((at + gap, at + gap + length, state))
        at += gap + length
    return pieces


def shown(timeline):
    return {at: state for start, end, state in timeline for at in range(start, end)}


@given(TIMELINES)
def test_joining_changes_no_instant_and_leaves_no_two_alike_touching(timeline):
    pieces = joined(timeline)
    assert shown(pieces) == shown(timeline)
    assert all(start < end for start, end, _ in pieces)
    assert not any(a[1] == b[0] and a[2] == b[2] for a, b in itertools.pairwise(pieces))


@given(TIMELINES, st.integers(0, 30), st.integers(0, 30))
def test_cutting_keeps_exactly_the_window(timeline, start, end):
    assert shown(cut(timeline, start, end)) == {at: state for at, state in shown(timeline).items() if start <= at < end}


@given(TIMELINES.flatmap(lambda timeline: st.permutations(timeline)))
def test_ordering_undoes_any_shuffle(timeline):
    pieces = ordered(timeline)
    assert shown(pieces) == shown(timeline)
    assert [piece[:2] for piece in pieces] == sorted(piece[:2] for piece in pieces)
