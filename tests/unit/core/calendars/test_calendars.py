"""Work calendars against the worked tables and against walks over single minutes and days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.errors import (
    BadHours,
    DayBothWays,
    IntervalReversed,
    NegativeDuration,
    NoWorkingTime,
    OutOfReach,
    UnknownZone,
)
from opspact.core.instants import DAY, HOUR, MINUTE, SECOND, from_us, to_us

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Each has a change of clocks, at midnight or by half an hour in some, or a whole day skipped, within reach of its date.
PLACES = [
    ("Asia/Shanghai", date(2022, 10, 6)),
    ("Asia/Shanghai", date(1990, 4, 14)),
    ("Europe/Berlin", date(2022, 3, 26)),
    ("Europe/Berlin", date(2022, 10, 29)),
    ("Australia/Lord_Howe", date(2022, 4, 2)),
    ("America/Havana", date(2022, 11, 5)),
    ("America/Sao_Paulo", date(2018, 11, 3)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Asia/Kathmandu", date(2022, 12, 30)),
]


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


@st.composite
def calendar_and_start(draw):
    zone, day = draw(st.sampled_from(PLACES))
    shifts = st.lists(st.tuples(st.integers(0, 95), st.integers(1, 40)), min_size=0, max_size=3)
    weekly = {
        weekday: [(a * 15, min(a * 15 + b * 15, 1440)) for a, b in draw(shifts)]
        for weekday in draw(st.sets(st.integers(0, 6), min_size=3))
    }
    weekly[draw(st.integers(0, 6))] = [(0, 1440)]
    days = [day + timedelta(days=i) for i in range(-1, 6)]
    holidays = frozenset(draw(st.sets(st.sampled_from(days), max_size=3)))
    workdays = frozenset(draw(st.sets(st.sampled_from(days), max_size=2))) - holidays
    start = to_us(datetime(day.year, day.month, day.day, tzinfo=UTC)) - 12 * HOUR
    start += draw(st.integers(0, 36 * 12)) * 5 * MINUTE
    return WorkCalendar("any", zone, weekly, holidays, workdays), start


def works(calendar, at):
    """Whether the wall clock shows working time, by the words of the rule."""
    wall = from_us(at).astimezone(ZoneInfo(calendar.zone))
    day = wall.date()
    hours = calendar.weekly.get(wall.weekday(), ())
    if day in calendar.holidays:
        hours = ()
    if day in calendar.workdays:
        hours = calendar.weekly.get(0, ())
    return any(start <= wall.hour * 60 + wall.minute < end for start, end in hours)


@given(calendar_and_start(), st.integers(0, 3 * 288))
def test_it_agrees_with_a_walk_over_every_five_minutes(given_calendar, steps):
    calendar, start = given_calendar
    end = start + steps * 5 * MINUTE
    walked = [at for at in range(start, end, 5 * MINUTE) if works(calendar, at)]
    assert calendar.working_between(start, end).us == len(walked) * 5 * MINUTE
    covered = [at for a, b in calendar.working_intervals(start, end) for at in range(a, b, 5 * MINUTE)]
    assert covered == walked
    if walked:
        assert calendar.next_opening(start).at == walked[0]
        assert calendar.add_working(start, len(walked) * 5 * MINUTE).at == walked[-1] + 5 * MINUTE
        assert calendar.add_working(start, len(walked) * 5 * MINUTE - 1).at == walked[-1] + 5 * MINUTE - 1


@given(calendar_and_start(), st.integers(0, 400 * DAY))
def test_adding_gives_the_earliest_instant_by_which_it_has_passed(given_calendar, us):
    calendar, start = given_calendar
    at = calendar.add_working(start, us).at
    assert calendar.working_between(start, at).us == us
    if us:
        assert calendar.working_between(start, at - 1).us == us - 1


@given(calendar_and_start(), st.integers(0, 900 * DAY), st.integers(0, 900 * DAY))
def test_working_time_adds_up_over_any_cut(given_calendar, one, other):
    calendar, start = given_calendar
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
        WorkCalendar("none", "Asia/Shanghai", {0: [], 1: []})


def test_holidays_without_end_do_not_loop():
    fridays = frozenset(date(2022, 1, 7) + timedelta(weeks=i) for i in range(60 * 110))
    calendar = WorkCalendar("never", "Asia/Shanghai", {4: [(0, 1)]}, holidays=fridays)
    with pytest.raises(OutOfReach):
        calendar.next_opening(shanghai("2022-07-06 09:00"))


@pytest.mark.parametrize("hours", [(-1, 5), (5, 5), (9, 8), (0, 1441)])
def test_hours_outside_the_day_are_refused(hours):
    with pytest.raises(BadHours) as caught:
        WorkCalendar("bad", "Asia/Shanghai", {2: [(0, 60), hours]})
    assert caught.value.params == {"calendar": "bad", "weekday": 2, "position": 1}


def test_other_nonsense_is_refused(china):
    with pytest.raises(UnknownZone):
        WorkCalendar.always("Asia/Tongzhou")
    with pytest.raises(DayBothWays):
        WorkCalendar("x", "UTC", {0: [(0, 60)]}, frozenset({date(2022, 1, 1)}), frozenset({date(2022, 1, 1)}))
    with pytest.raises(NegativeDuration):
        china.add_working(0, -1)
    with pytest.raises(IntervalReversed):
        china.working_between(1, 0)
