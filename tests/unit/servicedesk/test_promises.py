"""What is frozen with an incident reads back the same, and durations of the terms become working time."""

from pathlib import Path

import pytest

from opspact.contracts.terms import load_terms
from opspact.contracts.terms.durations import Duration
from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.servicedesk.clockwork import microseconds, percents_of
from opspact.servicedesk.promises import Promises

TERMS = Path(__file__).parents[3] / "examples" / "beijing-2022" / "contract.yaml"


@pytest.fixture(scope="module")
def promises() -> Promises:
    terms = load_terms(TERMS.read_bytes(), TERMS.name)
    return Promises(terms.service_levels, terms.priorities, terms.calendars, terms.pauses, terms.escalation)


def test_what_is_frozen_reads_back_the_same(promises):
    assert Promises.thaw(promises.freeze()) == promises


def test_the_middle_of_the_ranks_is_usual(promises):
    assert (promises.usual_impact, promises.usual_urgency) == ("department", "medium")


def test_an_unknown_priority_or_rank_is_no_priority(promises):
    with pytest.raises(LookupError):
        promises.level_for("P9")
    with pytest.raises(LookupError):
        promises.priority_for("global", "yesterday")


def test_amber_is_watched_even_where_nobody_escalates_at_it(promises):
    quiet = Promises(
        promises.levels,
        promises.priorities,
        promises.calendars,
        promises.pauses,
        promises.escalation.model_copy(update={"steps": ()}),
    )
    assert percents_of(promises) == (50, 75, 100)
    assert percents_of(quiet) == (75,)


@pytest.mark.parametrize(
    ("written", "calendar", "meant"),
    [
        ("10 min", "7x24", 10 * MINUTE),
        ("4 h", "7x24", 4 * HOUR),
        ("3 WD", "5x8", 24 * HOUR),  # 09:00-12:00 and 13:00-18:00 are eight hours
        ("1 WD", "7x24", DAY),
    ],
)
def test_durations_become_working_time(promises, written, calendar, meant):
    found = next(each for each in promises.calendars if each.code == calendar)
    assert microseconds(Duration.parse(written), found) == meant


def test_months_are_no_time_on_a_clock(promises):
    with pytest.raises(ValueError, match="months"):
        microseconds(Duration.parse("2 months"), promises.calendars[0])
