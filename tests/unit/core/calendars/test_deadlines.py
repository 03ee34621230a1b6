"""Deadlines against the tables of the example contract, the words of the Civil Code and walks over single days."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.allowances import allowance
from opspact.core.calendars.deadlines import Counting, DayEnd, Unit, add_months, deadline, interest, interest_from
from opspact.core.calendars.hours import hours_deadline
from opspact.core.calendars.term_errors import BadAllowance, TermOutOfRange, TermReversed, TermTooLong
from opspact.core.calendars.volumes import runs, volumes
from opspact.core.errors import BadTerm, OutOfReach
from opspact.core.instants import DAY, HOUR, to_us

SIGNED, END = date(2022, 7, 6), date(2023, 7, 6)
ONE = timedelta(days=1)
DAYS = st.dates(date(2008, 1, 1), date(2022, 1, 1))


def shanghai(*moment):
    return to_us(datetime(*moment, tzinfo=ZoneInfo("Asia/Shanghai")))


def texts(explanation):
    return [step.text % step.params for step in explanation.steps]


def last_day(row, calendar, counting):
    amount, unit, *kept = row["Term"].split()
    start = date.fromisoformat(row["From"])
    return deadline(start, int(amount), Unit(unit), calendar, counting=counting, roll=not kept).on


def test_the_dates_of_the_example_contract(worked_table, china):
    for row in worked_table("deadlines.md", "Dates of the example contract"):
        assert last_day(row, china, Counting.EXCLUSIVE) == date.fromisoformat(row["Default"]), row["Event"]
        if row["Inclusive"] != "-":
            assert last_day(row, china, Counting.INCLUSIVE) == date.fromisoformat(row["Inclusive"]), row["Event"]


def test_the_dates_that_rest_days_move(worked_table, china):
    rows = worked_table("deadlines.md", "Where rest days move a date")
    terms = {
        "first quarterly report": (SIGNED, 3, Unit.MONTHS),
        "third quarterly report": (SIGNED, 9, Unit.MONTHS),
        "review of the third report": (date(2023, 4, 6), 10, Unit.CALENDAR_DAYS),
        "review of the fourth report": (END, 10, Unit.CALENDAR_DAYS),
    }
    for row in rows:
        event, _, inclusive = row["Event"].partition(", ")
        counting = Counting.INCLUSIVE if inclusive else Counting.EXCLUSIVE
        last = deadline(*terms[event], china, counting=counting)
        assert (str(last.computed_on), str(last.on)) == (row["Computed"], row["Due"]), row["Event"]
        assert not china.is_working_day(last.computed_on)


def test_interest_on_late_payment(worked_table, china):
    for row in worked_table("deadlines.md", "Interest on late payment"):
        due = date.fromisoformat(row["Due"])
        assert interest_from(due, 30, china) == date.fromisoformat(row["Interest from"]), row["Payment"]
        assert interest_from(due, 30, china, on_the_day=True) == date.fromisoformat(row["Alternative"])


def test_the_two_ways_to_the_first_payments_other_day_of_interest(china):
    inclusively_due = deadline(SIGNED, 10, Unit.WORKING_DAYS, china, counting=Counting.INCLUSIVE).on
    assert interest_from(inclusively_due, 30, china) == date(2022, 8, 31)
    assert interest_from(inclusively_due, 30, china, on_the_day=True) == date(2022, 8, 30)


def test_interest_is_explained_and_may_run_at_once(china):
    assert texts(interest(date(2022, 7, 20), 30, china).explain("5.2")) == [
        "Working day 30 after the due day 2022-07-20 is 2022-08-31.",
        "Interest runs from the calendar day after it, 2022-09-01.",
    ]
    assert interest_from(date(2022, 7, 20), 0, china) == date(2022, 7, 21)
    with pytest.raises(BadTerm):
        interest(date(2022, 7, 20), -1, china)


def test_the_volumes_of_the_term(worked_table, china):
    both, after = volumes(SIGNED, END, china), volumes(SIGNED + ONE, END, china)
    duty = sum((last - first).days + 1 for first, last in runs(china.holidays, SIGNED, END))
    assert {row["Quantity"]: int(row["Amount"]) for row in worked_table("deadlines.md", "Volumes of the term")} == {
        "days, start day not counted": after.calendar_days,
        "working days": both.working_days,
        "working days, start day not counted": after.working_days,
        "ISO weeks touched": both.iso_weeks,
        "natural months touched": both.natural_months,
        "months of the contract": both.contract_months,
        "days of holiday duty": duty,
    }


def test_the_holiday_duty(worked_table, china):
    rows = worked_table("deadlines.md", "Holiday duty")
    found = runs(china.holidays, SIGNED, END)
    assert [(str(first), str(last)) for first, last in found] == [(row["From"], row["To"]) for row in rows]
    assert [(last - first).days + 1 for first, last in found] == [int(row["Days"]) for row in rows]


def test_going_on_after_the_end_is_paid_for_36_full_days(worked_table):
    for row in worked_table("deadlines.md", "Going on after the end"):
        paid = allowance(date.fromisoformat(row["Service end"]), Decimal(234700), Decimal("2347000.00"), 365)
        assert (str(paid.full_days), str(paid.on)) == (row["Full days"], row["Paid until"])
    assert texts(paid.explain("2.3"))[-1] == "The allowance ends on 2023-08-10; the duty to serve does not."


@given(st.decimals(0, 10**6, places=2), st.decimals(1, 10**6, places=2), st.integers(1, 366))
def test_an_allowance_pays_for_each_of_its_days_and_not_for_one_more(cap, price, days):
    if cap * days / price > 20_000:
        return
    paid = allowance(SIGNED, cap, price, days)
    assert paid.full_days * price <= cap * days < (paid.full_days + 1) * price
    assert paid.on - SIGNED == ONE * paid.full_days


@pytest.mark.parametrize("wrong", [("-1", "1", 1), ("1", "0", 1), ("1", "1", 0), ("NaN", "1", 1), ("1e9", "1", 1)])
def test_an_allowance_of_nonsense_is_refused(wrong):
    with pytest.raises(BadAllowance):
        allowance(SIGNED, Decimal(wrong[0]), Decimal(wrong[1]), wrong[2])


def test_eight_months_counted_inclusively_end_on_a_sunday_and_a_service_term_does_not_move(china):
    moved = deadline(SIGNED, 8, Unit.MONTHS, china, counting=Counting.INCLUSIVE)
    kept = deadline(SIGNED, 8, Unit.MONTHS, china, counting=Counting.INCLUSIVE, roll=False)
    assert (moved.computed_on, moved.on) == (date(2023, 3, 5), date(2023, 3, 6))
    assert kept.on == date(2023, 3, 5)


def test_the_service_ends_at_midnight(china):
    end = deadline(SIGNED, 12, Unit.MONTHS, china, roll=False)
    assert end.ends_at == shanghai(2023, 7, 7)
    assert end.ends_at - china.day_start(SIGNED) == 366 * DAY


def test_the_last_day_ends_at_closing_where_there_are_business_hours(china):
    last = deadline(SIGNED, 10, Unit.WORKING_DAYS, china, day_end=DayEnd.CLOSING)
    assert last.ends_at == shanghai(2022, 7, 20, 17)
    assert "business closes" in texts(last.explain())[-1]
    rest = deadline(SIGNED, 3, Unit.CALENDAR_DAYS, china, roll=False, day_end=DayEnd.CLOSING)
    assert (rest.on, rest.ends_at) == (date(2022, 7, 9), shanghai(2022, 7, 10))
    nights = WorkCalendar("nights", "Asia/Shanghai", {4: [(20 * 60, 32 * 60)]})
    assert deadline(SIGNED, 2, Unit.CALENDAR_DAYS, nights, day_end=DayEnd.CLOSING).ends_at == shanghai(2022, 7, 9)
    assert deadline(SIGNED, 3, Unit.CALENDAR_DAYS, nights, roll=False).ends_at == shanghai(2022, 7, 10)


def test_hours_run_from_the_instant_itself_and_rest_days_do_not_move_them(china):
    friday = shanghai(2022, 7, 8, 17)
    written = hours_deadline(friday, 24 * HOUR, china)
    assert (written.ends_at, written.provisional_years) == (shanghai(2022, 7, 9, 17), ())
    working = hours_deadline(shanghai(2022, 7, 8, 16), 2 * HOUR, china, working=True)
    assert working.ends_at == shanghai(2022, 7, 11, 10)
    assert "do not move it" in written.explain().steps[0].text
    assert "working time" in working.explain().steps[0].text
    with pytest.raises(BadTerm):
        hours_deadline(friday, 0, china)
    for start, us in ((friday, 10**18), (10**30, HOUR)):
        with pytest.raises(OutOfReach):
            hours_deadline(start, us, china)


def test_the_first_report_is_moved_over_the_holiday_to_a_make_up_saturday(china):
    report = deadline(SIGNED, 3, Unit.MONTHS, china)
    assert texts(report.explain("6.3")) == [
        "The start day 2022-07-06 is not counted (article 201).",
        "The term ends on the corresponding day, 2022-10-06 (article 202).",
        "2022-10-06 is a rest day; the last day becomes 2022-10-08 (article 203).",
    ]
    explained = report.explain("6.3").to_json()
    assert json.loads(json.dumps(explained)) == explained


def test_an_explanation_tells_how_working_days_and_missing_days_were_counted(china):
    bond = deadline(SIGNED, 10, Unit.WORKING_DAYS, china).explain()
    assert texts(bond)[1] == "Of the 14 days from 2022-07-07 to 2022-07-20, 10 are working days."
    inclusive = deadline(SIGNED, 10, Unit.WORKING_DAYS, china, counting=Counting.INCLUSIVE).explain()
    assert texts(inclusive) == [
        "The start day 2022-07-06 is the first day, as agreed (article 204).",
        "Of the 14 days from 2022-07-06 to 2022-07-19, 10 are working days.",
    ]
    short = deadline(date(2023, 1, 31), 1, Unit.MONTHS, china).explain()
    assert texts(short)[1] == "The last month has no such day; the term ends on its last day, 2023-02-28 (article 202)."


def test_at_signing_a_deadline_in_2023_is_provisional(china_at_signing):
    report = deadline(SIGNED, 9, Unit.MONTHS, china_at_signing)
    assert report.provisional_years == (2023,)
    assert report.explain().steps[-1].params == {"year": 2023}
    assert deadline(SIGNED, 10, Unit.WORKING_DAYS, china_at_signing).provisional_years == ()
    assert deadline(SIGNED, 9, Unit.MONTHS, china_at_signing, roll=False).provisional_years == ()
    closing = deadline(SIGNED, 9, Unit.MONTHS, china_at_signing, roll=False, day_end=DayEnd.CLOSING)
    assert closing.provisional_years == (2023,)


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
    walked, firsts = day, 0
    while firsts < months:
        walked += ONE
        firsts += walked.day == 1
    target = walked.month
    while walked.day < day.day and (walked + ONE).month == target:
        walked += ONE
    if months == 0:
        walked = day
    assert add_months(day, months) == (walked, walked.day == day.day)


@given(DAYS, st.integers(1, 40), st.sampled_from(list(Unit)[:3]), st.sampled_from(Counting), st.booleans())
def test_a_term_of_days_is_what_a_walk_day_by_day_finds(china, start, amount, unit, counting, roll):
    day = start if counting is Counting.INCLUSIVE else start + ONE
    left = amount * 7 if unit is Unit.WEEKS else amount
    while True:
        left -= unit is not Unit.WORKING_DAYS or china.is_working_day(day)
        if not left:
            break
        day += ONE
    computed = day
    while roll and not china.is_working_day(day):
        day += ONE
    found = deadline(start, amount, unit, china, counting=counting, roll=roll)
    assert (found.computed_on, found.on) == (computed, day)
    assert china.local_date(found.ends_at - 1) == day != china.local_date(found.ends_at)


@given(DAYS, st.integers(1, 12), st.sampled_from([Unit.MONTHS, Unit.YEARS]))
def test_inclusive_months_are_one_day_shorter_where_the_day_corresponds(china, start, amount, unit):
    exclusive = deadline(start, amount, unit, china, roll=False)
    inclusive = deadline(start, amount, unit, china, counting=Counting.INCLUSIVE, roll=False)
    assert exclusive.on - inclusive.on == ONE * (exclusive.on.day == start.day)


@given(DAYS, st.integers(0, 800))
def test_volumes_are_what_a_walk_finds(china, first, days):
    walk = [first + ONE * i for i in range(days + 1)]
    found = volumes(first, walk[-1], china)
    assert found.calendar_days == len(walk)
    assert found.working_days == sum(map(china.is_working_day, walk))
    assert found.iso_weeks == len({day.isocalendar()[:2] for day in walk})
    assert found.natural_months == len({(day.year, day.month) for day in walk})
    begun = sum(add_months(first, n)[0] < walk[-1] for n in range(30))
    assert found.contract_months == max(1, begun)


@given(st.sets(st.dates(date(2022, 1, 1), date(2022, 2, 9))), st.dates(date(2022, 1, 1), date(2022, 2, 9)))
def test_runs_hold_each_day_once_and_never_touch(days, last):
    first = date(2022, 1, 3)
    found = runs(days, first, last)
    assert {a + ONE * i for a, b in found for i in range((b - a).days + 1)} == {d for d in days if first <= d <= last}
    assert all(a[1] + ONE < b[0] for a, b in pairwise(found))


@pytest.mark.parametrize("unit", list(Unit))
def test_a_term_of_nothing_or_of_ages_is_refused(china, unit):
    with pytest.raises(BadTerm):
        deadline(SIGNED, 0, unit, china)
    with pytest.raises(OutOfReach):
        deadline(SIGNED, 10**12, unit, china)
    with pytest.raises(OutOfReach):
        deadline(date(9990, 1, 1), 99, Unit.YEARS, china)


def test_volumes_of_a_reversed_or_endless_term_are_refused(china):
    with pytest.raises(TermReversed):
        volumes(END, SIGNED, china)
    with pytest.raises(TermTooLong):
        volumes(SIGNED, date(2222, 1, 1), china)
    with pytest.raises(TermOutOfRange):
        volumes(date(999, 12, 31), date(1000, 1, 1), china)
