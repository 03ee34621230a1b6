"""Ledgers from elsewhere: rows of a database and changes of state."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.availability.errors import ChangesOutOfOrder, PieceNaive, PieceReversed, PieceUnknownState
from opspact.core.availability.intake import from_changes, from_rows
from opspact.core.instants import SECOND
from opspact.core.states import Observed

NAIVE = datetime(2022, 7, 6)  # noqa: DTZ001 - what must be refused
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def second(n):
    return EPOCH + timedelta(seconds=n)


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=8).map(sorted),
    st.lists(st.sampled_from(list(Observed)), min_size=8, max_size=8),
    st.integers(0, 35),
)
def test_each_change_holds_until_the_next_and_the_last_until_the_end(instants, states, until):
    changes = list(zip(instants, states, strict=False))
    made = from_changes(changes, until)
    for tick in range(36):
        before = [state for at, state in changes if at <= tick]
        expected = [before[-1]] if before and tick < until else []
        assert [state for start, end, state in made if start <= tick < end] == expected


def test_an_open_row_lasts_until_now():
    rows = [(second(0), second(5), "up"), (second(5).astimezone(timezone(timedelta(hours=8))), None, "down")]
    assert from_rows(rows, 9 * SECOND) == [(0, 5 * SECOND, "up"), (5 * SECOND, 9 * SECOND, "down")]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([(second(0), second(1), "up"), (NAIVE, None, "up")], PieceNaive),
        ([(second(0), second(1), "up"), (second(1), NAIVE, "up")], PieceNaive),
        ([(second(0), second(1), "up"), (second(3), second(2), "up")], PieceReversed),
        ([(second(0), second(1), "up"), (second(1), second(2), "fine")], PieceUnknownState),
    ],
)
def test_a_wrong_row_is_named(rows, error):
    with pytest.raises(error) as caught:
        from_rows(rows, 9 * SECOND)
    assert caught.value.params["position"] == 1
    assert "observed[1]" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ([(5, "up"), (4, "down")], ChangesOutOfOrder),
        ([(5, "up"), (5, "down")], ChangesOutOfOrder),
        ([(5, "up"), (6, "fine")], PieceUnknownState),
    ],
)
def test_a_wrong_change_is_named(changes, error):
    with pytest.raises(error) as caught:
        from_changes(changes, 9)
    assert caught.value.params["position"] == 1
