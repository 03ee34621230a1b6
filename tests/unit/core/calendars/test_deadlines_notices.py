"""Notice ahead of an event: the worked table, and what a walk back over single days finds."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars.deadlines import Unit, deadline
from opspact.core.calendars.notices import Ahead, earliest_event, latest_notice
from opspact.core.errors import BadTerm, OutOfReach
from opspact.core.instants import to_us

ONE = timedelta(days=1)
EVENTS = st.dates(date(2010, 1, 1), date(2022, 1, 1))
AMOUNTS = st.integers(1, 24)


def shanghai(*moment):
    return to_us(datetime(*moment, tzinfo=ZoneInfo("Asia/Shanghai")))


def test_the_table_of_notices_holds(worked_table, china):
    for row in worked_table("deadlines.md", "Notice ahead of an event"):
        amount, unit = row["Term"].split()
        for ahead in Ahead:
            notice = latest_notice(date.fromisoformat(row["On"]), int(amount), Unit(unit), china, ahead=ahead)
            assert notice.on == date.fromisoformat(row[ahead]), (row["Event"], ahead)


def test_notice_is_in_time_until_the_latest_day_is_over(china):
    change = date(2022, 10, 20)
    notice = latest_notice(change, 5, Unit.CALENDAR_DAYS, china)
    assert notice.in_time(shanghai(2022, 10, 15, 23, 59, 59))
    assert not notice.in_time(shanghai(2022, 10, 16))
    assert earliest_event(date(2022, 10, 16), 5, Unit.CALENDAR_DAYS, china) == date(2022, 10, 21)


def test_a_rest_day_never_shortens_a_notice_and_rolling_moves_it_back(china):
    kept = latest_notice(date(2022, 10, 10), 5, Unit.CALENDAR_DAYS, china)
    rolled = latest_notice(date(2022, 10, 10), 5, Unit.CALENDAR_DAYS, china, roll=True)
    assert (kept.on, rolled.on, rolled.computed_on) == (date(2022, 10, 5), date(2022, 9, 30), date(2022, 10, 5))
    assert [step.text % step.params for step in rolled.explain("12.4").steps] == [
        "Counting back, the event's day 2022-10-10 is not counted (after article 201).",
        "The latest day is 2022-10-05, until 24:00.",
        "2022-10-05 is a rest day; notice is due by the working day before it, 2022-09-30.",
    ]


def test_the_years_a_notice_depends_on_are_named(china_at_signing):
    by_days = latest_notice(date(2023, 2, 20), 5, Unit.CALENDAR_DAYS, china_at_signing)
    by_working_days = latest_notice(date(2023, 2, 20), 5, Unit.WORKING_DAYS, china_at_signing)
    assert (by_days.provisional_years, by_working_days.provisional_years) == ((), (2023,))


@given(EVENTS, AMOUNTS, st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.WEEKS]), st.sampled_from(Ahead))
def test_days_ahead_are_what_a_walk_back_finds(china, event, amount, unit, ahead):
    day = event if ahead is Ahead.INCLUSIVE else event - ONE
    left = amount * 7 if unit is Unit.WEEKS else amount
    while True:
        left -= unit is not Unit.WORKING_DAYS or china.is_working_day(day)
        if not left:
            break
        day -= ONE
    assert latest_notice(event, amount, unit, china, ahead=ahead).on == day - ONE * (ahead is Ahead.CLEAR)


@given(EVENTS, AMOUNTS, st.sampled_from(Unit))
def test_clear_notice_is_the_last_whose_term_is_over_before_the_event(china, event, amount, unit):
    amount = min(amount, 3) if unit is Unit.YEARS else amount
    latest = latest_notice(event, amount, unit, china, ahead=Ahead.CLEAR).on
    assert deadline(latest, amount, unit, china, roll=False).on < event
    assert deadline(latest + ONE, amount, unit, china, roll=False).on >= event


@given(EVENTS, AMOUNTS, st.sampled_from(Unit), st.sampled_from([Ahead.EXCLUSIVE, Ahead.INCLUSIVE]))
def test_months_ahead_start_on_the_corresponding_day_or_the_last_of_its_month(china, event, amount, unit, ahead):
    if unit not in (Unit.MONTHS, Unit.YEARS):
        return
    months = amount * (12 if unit is Unit.YEARS else 1)
    wanted = event + ONE if ahead is Ahead.INCLUSIVE else event
    day, month_changes = wanted, 0
    while month_changes < months:
        month_changes += (day - ONE).month != day.month
        day -= ONE
    while day.day > wanted.day:
        day -= ONE
    assert latest_notice(event, amount, unit, china, ahead=ahead).on == day


@given(EVENTS, st.integers(1, 12), st.sampled_from(Unit), st.sampled_from(Ahead), st.booleans())
def test_the_earliest_event_is_the_first_that_a_notice_is_in_time_for(china, given_on, amount, unit, ahead, roll):
    amount = 1 if unit is Unit.YEARS else amount
    rules = {"ahead": ahead, "roll": roll}
    event = earliest_event(given_on, amount, unit, china, **rules)
    assert latest_notice(event, amount, unit, china, **rules).on >= given_on
    assert latest_notice(event - ONE, amount, unit, china, **rules).on < given_on


def test_a_notice_of_nothing_or_of_ages_is_refused(china):
    with pytest.raises(BadTerm):
        latest_notice(date(2022, 10, 20), 0, Unit.CALENDAR_DAYS, china)
    with pytest.raises(OutOfReach):
        latest_notice(date(2022, 10, 20), 10**9, Unit.MONTHS, china)
    with pytest.raises(OutOfReach):
        latest_notice(date(50, 1, 1), 99, Unit.YEARS, china)
