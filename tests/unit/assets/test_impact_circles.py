"""Circles among dependencies are found, spelled out, and only blamed on the edge that closes them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from opspact.assets.impact.circles import closing

EDGES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


def test_the_circle_is_spelled_from_the_edge_that_closes_it() -> None:
    assert closing([(1, 2), (2, 3)], [(3, 1)]) == {0: [3, 1, 2, 3]}


def test_only_the_edge_that_closes_it_is_blamed() -> None:
    assert closing([], [(1, 2), (2, 1), (2, 3)]) == {1: [2, 1, 2]}


def test_a_thing_that_needs_itself_is_a_circle() -> None:
    assert closing([], [(1, 1)]) == {0: [1, 1]}


def reachable(edges: list[tuple[int, int]], start: int, end: int) -> bool:
    seen = {start}
    for _round in range(7):
        seen |= {after for before, after in edges if before in seen}
    return end in seen


@given(EDGES)
def test_what_is_accepted_has_no_circle_and_what_is_refused_would_make_one(edges: list[tuple[int, int]]) -> None:
    found = closing([], edges)
    kept: list[tuple[int, int]] = []
    for position, (start, end) in enumerate(edges):
        assert (position in found) == (reachable(kept, end, start))
        if position in found:
            circle = found[position]
            assert (circle[0], circle[1], circle[-1]) == (start, end, start)
            assert set(itertools.pairwise(circle[1:])) <= set(kept)
        else:
            kept.append((start, end))
