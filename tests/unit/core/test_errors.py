"""Every error has a code of its own and a sentence; instants are exact."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core import errors
from opspact.core.instants import from_us, to_us

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CoreError)]

SOONEST, LATEST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01")


def test_no_two_errors_share_a_code():
    assert len({kind.code for kind in ALL}) == len(ALL) > 20


def test_an_error_carries_its_sentence_and_plain_parameters():
    error = errors.IntervalReversed(position=3, start=9, end=4)
    assert str(error) == "Interval 3 ends (4) before it starts (9)."
    assert json.loads(json.dumps(error.params)) == {"position": 3, "start": 9, "end": 4}


@given(st.datetimes(SOONEST, LATEST), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_exact_to_the_microsecond_in_any_zone(naive, minutes):
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert from_us(to_us(moment)) == moment
    assert from_us(to_us(moment)).tzinfo is UTC


def test_a_datetime_without_a_zone_is_refused():
    with pytest.raises(errors.NaiveDatetime, match="2022-07-06T09:00:00 has no time zone"):
        to_us(datetime.fromisoformat("2022-07-06T09:00:00"))
