"""The interval algebra against sets of single points."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import IntervalReversed, IntervalsOverlap
from opspact.core.intervals import (
    clip,
    gaps,
    intersect,
    merge_within,
    normalise,
    subtract,
    symmetric_difference,
    total,
    union,
)
from opspact.core.states import Observed
from opspact.core.timelines import ordered

ANY = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1])))
NORMAL = ANY.map(normalise)


def points(intervals):
    return {point for start, end in intervals for point in range(start, end)}


def is_normal(intervals):
    bounds = [bound for interval in intervals for bound in interval]
    return bounds == sorted(set(bounds))


@given(ANY)
def test_normalise_is_the_union_in_normal_form(intervals):
    assert points(normalise(intervals)) == points(intervals)
    assert is_normal(normalise(intervals))


@given(NORMAL, NORMAL)
def test_set_operations_agree_with_sets_of_points(one, other):
    for made, expected in [
        (union(one, other), points(one) | points(other)),
        (intersect(one, other), points(one) & points(other)),
        (subtract(one, other), points(one) - points(other)),
    ]:
        assert points(made) == expected
        assert is_normal(made)


@given(NORMAL, st.integers(0, 50), st.integers(0, 50))
def test_clip_and_gaps_share_the_window_between_them(intervals, start, end):
    window = set(range(start, end))
    assert points(clip(intervals, start, end)) == points(intervals) & window
    assert points(gaps(intervals, start, end)) == window - points(intervals)
    assert is_normal(gaps(intervals, start, end))


@given(NORMAL, st.integers(0, 10))
def test_merging_closes_exactly_the_gaps_shorter_than_the_tolerance(intervals, tolerance):
    filled = set(points(intervals))
    for (_, end), (start, _) in pairwise(intervals):
        if start - end < tolerance:
            filled |= set(range(end, start))
    assert points(merge_within(intervals, tolerance)) == filled


@given(NORMAL)
def test_the_total_counts_points(intervals):
    assert total(intervals) == len(points(intervals))


def test_it_names_the_interval_that_ends_before_it_starts():
    with pytest.raises(IntervalReversed) as caught:
        normalise([(5, 6), (1, 2), (4, 3)])
    assert caught.value.params == {"position": 2, "start": 4, "end": 3}


def test_it_names_the_piece_of_a_timeline_that_overlaps():
    with pytest.raises(IntervalsOverlap) as caught:
        ordered([(0, 5, Observed.UP), (4, 6, Observed.DOWN)])
    assert caught.value.params["position"] == 1


def test_the_worked_table_holds(worked_table):
    one, other = [(0, 10), (20, 30)], [(5, 8), (10, 12), (25, 40)]
    made = {
        "union": union(one, other),
        "intersect": intersect(one, other),
        "subtract": subtract(one, other),
        "symmetric_difference": symmetric_difference(one, other),
        "clip of one to 5-25": clip(one, 5, 25),
        "gaps of one in 5-35": gaps(one, 5, 35),
        "one merged within 10": merge_within(one, 10),
        "one merged within 11": merge_within(one, 11),
        "total of one": total(one),
    }
    table = {row["Operation"]: row["Gives"] for row in worked_table("intervals.md", "Worked table")}
    assert table == {
        name: ", ".join(f"{start}-{end}" for start, end in given) if isinstance(given, list) else str(given)
        for name, given in made.items()
    }
