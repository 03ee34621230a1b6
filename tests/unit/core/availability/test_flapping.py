"""Counting changes a window, against trying every window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core import shorthand

from opspact.core.availability.errors import BadWindow
from opspact.core.availability.flapping import changes_of, changes_seen, flapping
from opspact.core.fold import FoldPolicy, FoldState, fold
from opspact.core.instants import MINUTE


@given(st.lists(st.integers(0, 60), unique=True, max_size=12).map(sorted), st.integers(1, 30), st.integers(2, 5))
def test_it_agrees_with_trying_every_window(changes, window, at_least):
    made = flapping(changes, window, at_least)
    within = {start: [at for at in changes if start <= at < start + window] for start in range(-window, 61)}
    assert made.most == max(map(len, within.values()))
    flapped = set()
    for found in within.values():
        if len(found) >= at_least:
            flapped |= set(range(found[0], found[-1]))
    assert {tick for start, end in made.spans for tick in range(start, end)} == flapped
    if made.most:
        assert sum(made.at - window < at <= made.at for at in changes) == made.most


def test_an_oscillation_quicker_than_confirmation_shows_in_the_results_and_not_in_the_ledger():
    results = shorthand.results("0U 1D 2U 3D 4U 5D 6D 7U 8X 9U")
    state, transitions, _ = fold(
        FoldState.new(0), [each for each in results if each.at < 8 * MINUTE], FoldPolicy(MINUTE)
    )
    assert [transition.after for transition in transitions] == ["up"]
    assert state.seen == "up"
    assert changes_seen(results) == [minute * MINUTE for minute in (1, 2, 3, 4, 5, 7)]
    assert flapping(changes_seen(results), 5 * MINUTE, 3).most == 5


def test_a_ledgers_changes_are_where_its_pieces_meet():
    assert changes_of(shorthand.timeline("U 0-4, D 4-6, U 6-9")) == [4 * MINUTE, 6 * MINUTE]


@pytest.mark.parametrize(("window", "changes"), [(0, 3), (-1, 3), (5, 1)])
def test_it_refuses_a_window_that_cannot_be_meant(window, changes):
    with pytest.raises(BadWindow):
        flapping([], window, changes)
