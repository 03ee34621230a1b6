"""Work calendars against the worked tables and against walks over single minutes and days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.calendars.wall import PLACES, moments

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.errors import BadLocalHours, DaysReversed
from opspact.core.errors import (
    BadHours,
    DayBothWays,
    IntervalReversed,
    NegativeDuration,
    NoWorkingTime,
    OutOfReach,
    UnknownZone,
)
from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, to_us

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text):
    form = "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M"
    return to_us(datetime.strptime(text, form).replace(tzinfo=SHANGHAI))


def duration(text):
    parts = [int(part) for part in text.split(":")]
    return parts[0] * HOUR + parts[1] * MINUTE + (parts[2] * SECOND if len(parts) == 3 else 0)


def test_the_table_of_working_time_holds(worked_table, china):
    for row in worked_table("calendars.md", "Working time"):
        start, until = shanghai(row["From"]), shanghai(row["Until"])
        assert china.add_working(start, duration(row["Add"])) == (until, ()), row["Case"]
        assert china.working_between(start, until) == (duration(row["Add"]), ()), row["Case"]


def test_the_table_of_subtracting_holds(worked_table, china):
    for row in worked_table("calendars.md", "Subtracting"):
        until, start = shanghai(row["Until"]), shanghai(row["From"])
        assert china.subtract_working(until, duration(row["Subtract"])) == (start, ()), row["Case"]
        assert china.working_between(start, until) == (duration(row["Subtract"]), ()), row["Case"]


def test_the_table_of_nights_holds(worked_table, china):
    weekly = dict.fromkeys(range(5), ((1200, 1920),))
    nights = WorkCalendar("nights", "Asia/Shanghai", weekly, china.holidays, china.workdays)
    for row in worked_table("calendars.md", "Nights"):
        start, until = shanghai(row["From"]), shanghai(row["Until"])
        assert nights.add_working(start, duration(row["Add"])) == (until, ()), row["Case"]
        assert nights.working_between(start, until) == (duration(row["Add"]), ()), row["Case"]


# Half an hour a week makes 108 days of work in a hundred years; beyond those the calendar refuses to look.
@given(moments(), st.integers(0, 90 * DAY))
def test_adding_gives_the_earliest_instant_by_which_it_has_passed(given_moment, us):
    calendar, start = given_moment
    at = calendar.add_working(start, us).at
    assert calendar.working_between(start, at).us == us
    if us:
        assert calendar.working_between(start, at - 1).us == us - 1


@given(moments(), st.integers(0, 900 * DAY), st.integers(0, 900 * DAY))
def test_working_time_adds_up_over_any_cut(given_moment, one, other):
    calendar, start = given_moment
    middle, end = start + one, start + one + other
    assert calendar.working_between(start, end).us == (
        calendar.working_between(start, middle).us + calendar.working_between(middle, end).us
    )


@given(st.sampled_from(PLACES), st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_around_the_clock_loses_no_microsecond(place, offset, us):
    zone, day = place
    always = WorkCalendar.always(zone)
    start = to_us(datetime(day.year, day.month, day.day, tzinfo=UTC)) + offset
    assert always.working_between(start, start + us) == (us, ())
    assert always.add_working(start, us) == (start + us, ())
    assert always.next_opening(start) == (start, ())


@given(st.dates(date(2021, 12, 1), date(2023, 12, 31)), st.integers(-60, 60))
def test_the_nth_working_day_is_found_by_walking_too(china, day, n):
    at, left = day, abs(n)
    while left:
        at += timedelta(days=1 if n > 0 else -1)
        left -= at in china.workdays or (at.weekday() < 5 and at not in china.holidays)
    assert china.nth_working_day(day, n) == (at, ())


@given(st.sampled_from(PLACES), st.integers(-40, 40))
def test_a_date_starts_at_the_first_instant_that_shows_it(place, offset):
    zone, day = place
    day += timedelta(days=offset)
    calendar = WorkCalendar.always(zone)
    start = calendar.day_start(day)
    assert calendar.local_date(start) >= day > calendar.local_date(start - 1)


def test_a_skipped_day_starts_where_the_next_one_does():
    samoa = WorkCalendar.always("Pacific/Apia")
    assert samoa.day_start(date(2011, 12, 30)) == samoa.day_start(date(2011, 12, 31))


def test_the_volumes_of_the_contract_year(china):
    first, last = date(2022, 7, 6), date(2023, 7, 6)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert sum(china.is_working_day(day) for day in days) == 251
    assert china.nth_working_day(first, 250).on == last
    assert len({day.isocalendar()[:2] for day in days}) == 53
    assert len({(day.year, day.month) for day in days}) == 13


def test_the_holiday_duty_of_the_contract_year(china):
    spans = "09-10~09-12,10-01~10-07,12-31~01-02,01-21~01-27,04-05~04-05,04-29~05-03,06-22~06-24"
    expected = set()
    for span in spans.split(","):
        ends = [date(2022 if part > "07" else 2023, int(part[:2]), int(part[3:])) for part in span.split("~")]
        expected |= {ends[0] + timedelta(days=i) for i in range((ends[1] - ends[0]).days + 1)}
    named = {day for day in china.holidays if date(2022, 7, 6) <= day <= date(2023, 7, 6)}
    assert len(expected) == 29
    assert named == expected


def test_an_answer_that_needs_an_unpublished_year_says_so(china_at_signing):
    start = shanghai("2022-07-06 09:00")
    assert china_at_signing.add_working(start, 7 * HOUR).provisional_years == ()
    assert china_at_signing.add_working(start, 1000 * HOUR).provisional_years == (2023,)
    assert china_at_signing.nth_working_day(date(2022, 12, 30), 1).provisional_years == (2023,)
    assert china_at_signing.working_between(start, shanghai("2024-01-01 12:00")).provisional_years == (2023, 2024)


def test_a_calendar_without_working_time_is_refused():
    with pytest.raises(NoWorkingTime):
        WorkCalendar("none", "Asia/Shanghai", {0: [], 1: []}, local_hours={date(2022, 7, 9): []})


def test_a_calendar_of_single_days_only_has_an_end_and_a_beginning():
    calendar = WorkCalendar("drill", "Asia/Shanghai", {}, local_hours={date(2022, 7, 9): [(9 * 60, 10 * 60)]})
    before, after = shanghai("2022-07-06 09:00"), shanghai("2022-07-10 09:00")
    assert calendar.working_between(before, after).us == HOUR
    assert calendar.add_working(before, HOUR).at == shanghai("2022-07-09 10:00")
    assert calendar.subtract_working(after, HOUR).at == shanghai("2022-07-09 09:00")
    for ask in [
        lambda: calendar.add_working(before, HOUR + 1),
        lambda: calendar.subtract_working(after, HOUR + 1),
        lambda: calendar.next_opening(after),
        lambda: calendar.previous_closing(before),
        lambda: calendar.nth_working_day(date(2022, 7, 6), 2),
        lambda: calendar.nth_working_day(date(2022, 7, 6), -1),
        lambda: calendar.last_working_day(date(2022, 7, 6)),
    ]:
        with pytest.raises(OutOfReach):
            ask()


def test_holidays_without_end_do_not_loop():
    fridays = frozenset(date(2022, 1, 7) + timedelta(weeks=i) for i in range(60 * 110))
    calendar = WorkCalendar("never", "Asia/Shanghai", {4: [(0, 1)]}, holidays=fridays)
    at, day = shanghai("2022-07-06 09:00"), date(2022, 7, 6)
    assert calendar.working_between(at, at + 300 * DAY).us == 0
    for ask in [
        lambda: calendar.next_opening(at),
        lambda: calendar.add_working(at, 1),
        lambda: calendar.nth_working_day(day, 1),
        lambda: calendar.first_working_day(day),
    ]:
        with pytest.raises(OutOfReach):
            ask()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_time_are_out_of_reach(china, day):
    for ask in [china.is_working_day, china.first_working_day, china.last_working_day, china.day_start]:
        with pytest.raises(OutOfReach):
            ask(day)


@pytest.mark.parametrize("hours", [(-1, 5), (5, 5), (9, 8), (0, 2881), (1440, 1500)])
def test_hours_outside_the_day_are_refused(hours):
    with pytest.raises(BadHours) as caught:
        WorkCalendar("bad", "Asia/Shanghai", {2: [(0, 60), hours]})
    assert caught.value.params == {"calendar": "bad", "weekday": 2, "position": 1}
    with pytest.raises(BadLocalHours) as caught_on_a_day:
        WorkCalendar("bad", "Asia/Shanghai", {}, local_hours={date(2022, 7, 9): [(0, 60), (60, 90), hours]})
    assert caught_on_a_day.value.params == {"calendar": "bad", "day": "2022-07-09", "position": 2}


def test_other_nonsense_is_refused(china):
    with pytest.raises(UnknownZone):
        WorkCalendar.always("Asia/Tongzhou")
    with pytest.raises(DayBothWays):
        WorkCalendar("x", "UTC", {0: [(0, 60)]}, frozenset({date(2022, 1, 1)}), frozenset({date(2022, 1, 1)}))
    with pytest.raises(NegativeDuration):
        china.add_working(0, -1)
    with pytest.raises(NegativeDuration):
        china.subtract_working(0, -1)
    with pytest.raises(DaysReversed):
        china.working_days_between(date(2022, 7, 6), date(2022, 7, 5))
    with pytest.raises(OutOfReach):
        china.working_between(0, 101 * 366 * DAY)
    with pytest.raises(IntervalReversed):
        china.working_between(1, 0)
