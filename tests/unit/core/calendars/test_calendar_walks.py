"""Work calendars against a walk over every minute of the wall clock, and over every date."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.calendars import wall
from tests.unit.core.calendars.wall import PLACES, calendars, is_working_day, moments, works

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import DAY, MINUTE

ONE = timedelta(days=1)


def pieces(minutes):
    """Minutes as [start, end) of runs."""
    runs = groupby(enumerate(minutes), lambda pair: pair[1] - pair[0] * MINUTE)
    grouped = [[at for _, at in run] for _, run in runs]
    return [(run[0], run[-1] + MINUTE) for run in grouped]


@given(moments(), st.integers(0, 1500), st.data())
def test_it_agrees_with_a_walk_over_every_minute(given_moment, length, data):
    calendar, start = given_moment
    end = start + length * MINUTE
    walked = [at for at in range(start, end, MINUTE) if works(calendar, at)]
    assert calendar.working_between(start, end).us == len(walked) * MINUTE
    assert calendar.working_intervals(start, end) == pieces(walked)
    if walked:
        some = data.draw(st.integers(1, len(walked)))
        assert calendar.next_opening(start).at == walked[0]
        assert calendar.previous_closing(end).at == walked[-1] + MINUTE
        assert calendar.add_working(start, some * MINUTE).at == walked[some - 1] + MINUTE
        assert calendar.add_working(start, some * MINUTE - 1).at == walked[some - 1] + MINUTE - 1
        assert calendar.subtract_working(end, some * MINUTE).at == walked[-some]
        assert calendar.subtract_working(end, some * MINUTE - 1).at == walked[-some] + 1


@given(moments(), st.integers(0, 90 * DAY))
def test_subtracting_gives_the_latest_instant_it_passes_from(given_moment, us):
    calendar, end = given_moment
    at = calendar.subtract_working(end, us).at
    assert calendar.working_between(at, end).us == us
    if us:
        assert calendar.working_between(at + 1, end).us == us - 1


@given(moments(), st.integers(1, 400 * DAY))
def test_subtracting_what_was_added_comes_back_to_the_opening(given_moment, us):
    calendar, start = given_moment
    assert calendar.subtract_working(calendar.add_working(start, us).at, us) == calendar.next_opening(start)
    assert calendar.add_working(calendar.subtract_working(start, us).at, us) == calendar.previous_closing(start)


@given(calendars(), st.integers(-10, 10), st.integers(-25, 25))
def test_the_nth_working_day_is_found_by_walking_over_dates(given_calendar, offset, n):
    calendar, day = given_calendar
    at = start = day + timedelta(days=offset)
    left = abs(n)
    while left:
        at += ONE if n > 0 else -ONE
        left -= is_working_day(calendar, at)
    assert calendar.nth_working_day(start, n).on == at
    first, last = min(start, at), max(start, at)
    assert calendar.working_days_between(first, last).days == (
        n if n > 0 else -n - is_working_day(calendar, at) + is_working_day(calendar, start) if n else 0
    )


@given(calendars(), st.integers(-10, 10))
def test_a_working_day_starts_a_shift_and_was_on_the_wall(given_calendar, offset):
    calendar, day = given_calendar
    day += timedelta(days=offset)
    assert calendar.is_working_day(day) == is_working_day(calendar, day)
    later = next(day + timedelta(days=i) for i in range(60) if is_working_day(calendar, day + timedelta(days=i)))
    earlier = next(day - timedelta(days=i) for i in range(60) if is_working_day(calendar, day - timedelta(days=i)))
    assert calendar.first_working_day(day).on == later
    assert calendar.last_working_day(day).on == earlier


@given(st.sampled_from(PLACES), st.sampled_from([(0, 1440), (1200, 2640), (480, 2880)]), st.integers(0, 400 * DAY))
def test_around_the_clock_loses_nothing_however_the_shifts_are_cut(place, shift, us):
    zone, day = place
    calendar = WorkCalendar("all", zone, {weekday: [shift] for weekday in range(7)})
    start = wall.instant(datetime(day.year, day.month, day.day, tzinfo=UTC)) - 30 * DAY
    assert calendar.working_intervals(start, start + us) == ([(start, start + us)] if us else [])
    assert calendar.subtract_working(start + us, us) == (start, ())
    assert calendar.previous_closing(start) == calendar.next_opening(start) == (start, ())


@given(calendars(), st.integers(-900, 900), st.integers(0, 30), st.integers(1, 9 * DAY))
def test_an_answer_does_not_depend_on_what_was_asked_before(given_calendar, asked, n, us):
    calendar, day = given_calendar
    again = WorkCalendar(
        "again", calendar.zone, calendar.weekly, calendar.holidays, calendar.workdays, None, calendar.local_hours
    )
    calendar.working_days_between(day + timedelta(days=asked), day + timedelta(days=asked + n))
    at = again.day_start(day)
    assert calendar.nth_working_day(day, n) == again.nth_working_day(day, n)
    assert calendar.add_working(at, us) == again.add_working(at, us)
    assert calendar.subtract_working(at, us) == again.subtract_working(at, us)
    assert calendar.working_between(at, at + us) == again.working_between(at, at + us)


def test_nobody_works_on_a_day_that_never_was():
    samoa = WorkCalendar("samoa", "Pacific/Apia", {key: [(540, 1020)] for key in range(5)})
    assert not samoa.is_working_day(date(2011, 12, 30))
    assert samoa.nth_working_day(date(2011, 12, 29), 1).on == date(2012, 1, 2)
