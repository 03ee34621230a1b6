"""The State Council's days: two sources against each other, what was known when, what is provisional."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.china import AMENDMENTS, FIRST_YEAR, LAST_YEAR, NOTICES, china_days, notice_year
from opspact.core.instants import HOUR

EVERY_DAY = [date(2004, 1, 1) + timedelta(days=i) for i in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
OFFICE = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))


@pytest.fixture(scope="module")
def other_source():
    """`holidays` counts make-up days as `weekend_workdays`; its `is_working_day` heeds them."""
    return holidays.country_holidays("CN", years=range(2003, 2028))


def calendar(known_on=None):
    days = china_days(known_on)
    weekly = dict.fromkeys(range(5), OFFICE)
    return WorkCalendar("cn", "Asia/Shanghai", weekly, days.holidays, days.workdays, days.years)


def test_the_two_sources_differ_on_one_day_only(other_source):
    differing = [day for day in EVERY_DAY if chinese_calendar.is_workday(day) != other_source.is_working_day(day)]
    assert differing == [date(2005, 12, 31)]
    assert other_source.is_working_day(date(2005, 12, 31))


def test_ours_agree_with_the_notice_on_that_day_and_with_both_sources_on_every_other(other_source):
    ours = calendar()
    assert [day for day in EVERY_DAY if ours.is_working_day(day) != other_source.is_working_day(day)] == []
    assert [day for day in EVERY_DAY if ours.is_working_day(day) != chinese_calendar.is_workday(day)] == [
        date(2005, 12, 31)
    ]


def test_make_up_days_are_weekend_days_and_no_holidays():
    days = china_days()
    assert all(day.weekday() >= 5 for day in days.workdays)
    assert not days.holidays & days.workdays
    assert set(days.names) == days.holidays | days.workdays
    assert set(days.names.values()) == {
        "元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆节", "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
    }  # fmt: skip


def test_every_year_has_its_notice_before_it_begins():
    assert [notice.year for notice in NOTICES] == list(range(FIRST_YEAR, LAST_YEAR + 1)) == list(range(2004, 2027))
    assert all(notice.published_on.year == notice.year - 1 for notice in NOTICES)
    assert [notice.year for notice in NOTICES if not notice.sure] == [2004, 2005, 2006]


def test_the_table_of_notices_is_the_one_that_is_used(worked_table):
    rows = [*NOTICES, *AMENDMENTS]
    expected = {(str(row.year), row.published_on.isoformat(), row.number or "-") for row in rows}
    table = worked_table("calendars.md", "Notices")
    assert {
        (row["Year"], row["Known since"].removesuffix(" at the latest"), row["Number"]) for row in table
    } == expected
    assert {row["Year"] for row in table if row["Known since"].endswith(" at the latest")} == {"2004", "2005", "2006"}
    assert len(table) == len(rows)


def test_only_days_of_the_last_week_of_december_come_from_the_next_notice():
    days = china_days()
    early = sorted(day for day in days.names if notice_year(day) != day.year)
    assert early[0].month == 12
    assert {day for day in days.names if day.month == 12} == set(early)
    assert min((day.month, day.day) for day in early) == (12, 29)
    assert {days.names[day] for day in early} == {"元旦"}


def test_at_signing_2023_was_not_known():
    days = china_days(date(2022, 7, 6))
    assert days.years == frozenset(range(2004, 2023))
    assert max(days.holidays) == date(2022, 10, 7)
    assert date(2022, 12, 31) not in days.holidays


@pytest.mark.parametrize(("known_on", "last"), [("2022-12-07", 2022), ("2022-12-08", 2023), ("2003-12-30", None)])
def test_a_year_is_known_from_the_day_of_its_notice_on(known_on, last):
    days = china_days(date.fromisoformat(known_on))
    assert max(days.years, default=None) == last
    assert bool(days.holidays) == (last is not None)
    assert (date(2022, 12, 31) in days.holidays) == (last == 2023)


@pytest.mark.parametrize(
    ("amended_on", "before", "after"),
    [
        ("2015-05-13", "+2015-09-03 +2015-09-04 -2015-09-06", "-2015-09-03 -2015-09-04 +2015-09-06"),
        ("2019-03-22", "+2019-05-02 +2019-05-03 -2019-05-05", "-2019-05-02 -2019-05-03 +2019-05-05 +2019-04-28"),
        ("2020-01-27", "+2020-01-31 +2020-02-01 -2020-02-02", "-2020-01-31 -2020-02-01 -2020-02-02 +2020-02-03"),
    ],
)  # fmt: skip
def test_an_amendment_counts_from_its_own_day_on(amended_on, before, after):
    day = date.fromisoformat(amended_on)
    for known_on, expected in [(day - timedelta(days=1), before), (day, after)]:
        known = calendar(known_on)
        for word in expected.split():
            assert known.is_working_day(date.fromisoformat(word[1:])) == (word[0] == "+"), (known_on, word)


def test_what_reaches_the_last_week_of_december_is_provisional_until_the_next_notice():
    known = calendar(date(2022, 7, 6))
    assert known.nth_working_day(date(2022, 12, 20), 3) == (date(2022, 12, 23), ())
    assert known.nth_working_day(date(2022, 12, 23), 1) == (date(2022, 12, 26), (2023,))
    assert known.nth_working_day(date(2023, 1, 2), -1).provisional_years == (2023,)
    assert known.working_days_between(date(2022, 12, 20), date(2022, 12, 24)) == (3, ())
    assert known.working_days_between(date(2022, 12, 20), date(2022, 12, 25)) == (3, (2023,))
    assert known.last_working_day(date(2022, 12, 31)) == (date(2022, 12, 30), (2023,))
    assert calendar(date(2022, 12, 8)).last_working_day(date(2022, 12, 31)) == (date(2022, 12, 30), ())
    christmas = known.day_start(date(2022, 12, 25))
    assert known.working_between(christmas - 90 * HOUR, christmas).provisional_years == ()
    assert known.working_between(christmas - 90 * HOUR, christmas + 1).provisional_years == (2023,)
    assert known.add_working(christmas - 32 * HOUR, HOUR) == (christmas - 31 * HOUR, ())
    assert known.add_working(christmas - 32 * HOUR, HOUR + 1).provisional_years == (2023,)
    assert known.next_opening(christmas - 32 * HOUR) == (christmas - 32 * HOUR, ())
    assert known.next_opening(christmas - 31 * HOUR) == (christmas + 33 * HOUR, (2023,))
    assert known.subtract_working(christmas + 33 * HOUR, HOUR) == (christmas - 32 * HOUR, (2023,))
    assert known.previous_closing(christmas + 33 * HOUR) == (christmas - 31 * HOUR, (2023,))
    assert known.previous_closing(christmas - 31 * HOUR) == (christmas - 31 * HOUR, ())


def test_a_night_that_began_in_an_unpublished_year_is_provisional():
    nights = WorkCalendar(
        "nights", "Asia/Shanghai", dict.fromkeys(range(7), ((1200, 1920),)), published_years=frozenset({2022})
    )
    new_year = nights.day_start(date(2022, 1, 1))
    assert nights.working_between(new_year + HOUR, new_year + 2 * HOUR) == (HOUR, (2021,))
    assert nights.working_between(new_year + 24 * HOUR, new_year + 25 * HOUR) == (HOUR, ())


def test_where_nothing_is_published_everything_is_provisional():
    nothing = WorkCalendar("cn", "Asia/Shanghai", {0: OFFICE}, published_years=frozenset())
    at = nothing.day_start(date(2022, 7, 4))
    assert nothing.working_between(at, at + 24 * HOUR) == (7 * HOUR, (2022,))
    assert nothing.working_between(at, at) == (0, ())
