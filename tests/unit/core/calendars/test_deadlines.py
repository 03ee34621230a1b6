"""Deadlines against the tables of the example contract and the words of the Civil Code."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars.deadlines import Counting, Unit, add_months, deadline, interest_from
from opspact.core.errors import BadTerm
from opspact.core.instants import DAY

SIGNED = date(2022, 7, 6)


def last_day(row, calendar, counting):
    amount, unit = row["Term"].split()
    return deadline(date.fromisoformat(row["From"]), int(amount), Unit(unit), calendar, counting=counting).on


def test_the_deadlines_of_the_example_contract(worked_table, china):
    for row in worked_table("calendars.md", "Deadlines of the example contract"):
        assert last_day(row, china, Counting.EXCLUSIVE) == date.fromisoformat(row["Default"]), row["Event"]
        if row["Inclusive"] != "-":
            assert last_day(row, china, Counting.INCLUSIVE) == date.fromisoformat(row["Inclusive"]), row["Event"]


def test_interest_on_late_payment(worked_table, china):
    for row in worked_table("calendars.md", "Interest on late payment"):
        due = date.fromisoformat(row["Due"])
        assert interest_from(due, 30, china) == date.fromisoformat(row["Interest from"]), row["Payment"]
        assert interest_from(due, 30, china, on_the_day=True) == date.fromisoformat(row["Alternative"])


def test_eight_months_counted_inclusively_end_on_a_sunday_and_a_service_term_does_not_move(china):
    moved = deadline(SIGNED, 8, Unit.MONTHS, china, counting=Counting.INCLUSIVE)
    kept = deadline(SIGNED, 8, Unit.MONTHS, china, counting=Counting.INCLUSIVE, roll=False)
    assert (moved.computed_on, moved.on) == (date(2023, 3, 5), date(2023, 3, 6))
    assert kept.on == date(2023, 3, 5)


def test_service_ends_at_midnight_and_holding_over_has_36_full_days(china):
    end = deadline(SIGNED, 12, Unit.MONTHS, china, roll=False)
    assert china.local_date(end.ends_at) == date(2023, 7, 7)
    assert end.ends_at - china.day_start(SIGNED) == 366 * DAY
    daily = Decimal(2347000) / 365
    full_days = int(Decimal(234700) / daily)
    assert full_days == 36
    assert end.on + timedelta(days=full_days) == date(2023, 8, 11)


def test_the_first_report_is_moved_over_the_holiday_to_a_make_up_saturday(china):
    report = deadline(SIGNED, 3, Unit.MONTHS, china)
    assert (report.computed_on, report.on) == (date(2022, 10, 6), date(2022, 10, 8))
    texts = [step.text % step.params for step in report.explain("6.3").steps]
    assert texts[-1] == "That is a rest day; the last day becomes 2022-10-08."
    explained = report.explain("6.3").to_json()
    assert json.loads(json.dumps(explained)) == explained


def test_at_signing_a_deadline_in_2023_is_provisional(china_at_signing):
    report = deadline(SIGNED, 9, Unit.MONTHS, china_at_signing)
    assert report.provisional_years == (2023,)
    assert report.explain().steps[-1].params == {"year": 2023}
    assert deadline(SIGNED, 10, Unit.WORKING_DAYS, china_at_signing).provisional_years == ()


@pytest.mark.parametrize(
    ("start", "months", "end", "inclusive"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28), date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2022, 11, 30), 3, date(2023, 2, 28), date(2023, 2, 28)),
        (date(2022, 12, 1), 1, date(2023, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_month_without_the_corresponding_day_ends_on_its_last(china, start, months, end, inclusive):
    assert deadline(start, months, Unit.MONTHS, china, roll=False).on == end
    assert deadline(start, months, Unit.MONTHS, china, counting=Counting.INCLUSIVE, roll=False).on == inclusive


@given(st.dates(date(2010, 1, 1), date(2020, 1, 1)), st.integers(0, 48))
def test_adding_months_walks_the_calendar(day, months):
    end, corresponds = add_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert corresponds == (end.day == day.day)
    assert corresponds or (end + timedelta(days=1)).day == 1


@given(st.dates(date(2010, 1, 1), date(2020, 1, 1)), st.integers(1, 60), st.sampled_from(list(Unit)[:2]))
def test_inclusive_counting_is_counting_from_the_day_before(china, start, amount, unit):
    inclusive = deadline(start, amount, unit, china, counting=Counting.INCLUSIVE)
    assert inclusive.on == deadline(start - timedelta(days=1), amount, unit, china).on


def test_a_term_of_nothing_is_refused(china):
    with pytest.raises(BadTerm):
        deadline(SIGNED, 0, Unit.MONTHS, china)
