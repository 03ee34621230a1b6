"""Recurring obligations: the worked tables, and periods that must tile the term whatever the rule."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars.recurring import (
    Daily,
    EveryMonths,
    Grace,
    Monthly,
    Obligation,
    Partial,
    PerYear,
    Term,
    Weekly,
    occurrences,
)
from opspact.core.calendars.term_errors import BadRecurrence, TermReversed, TermTooLong
from opspact.core.calendars.terms import Counting, DayEnd, Unit, add_months
from opspact.core.instants import to_us

SIGNED = date(2022, 7, 6)
ONE = timedelta(days=1)
YEAR = Term(SIGNED, date(2023, 7, 6))
GOING_ON = Term(SIGNED, date(2023, 7, 6), until=date(2023, 8, 11))


def days(found):
    return [str(each.due_on) for each in found]


def texts(explanation):
    return [step.text % step.params for step in explanation.steps]


def test_the_quarters_of_the_contract(worked_table, china):
    term = Term.lasting(SIGNED, 12, Unit.MONTHS, china, until=date(2023, 8, 11))
    yes = {True: "yes", False: "no"}
    assert [
        {
            "Number": str(each.number),
            "From": str(each.period.start),
            "To": str(each.period.end),
            "Computed": str(each.computed_on),
            "Due": str(each.due_on),
            "Clipped": yes[each.period.clipped],
            "Extended": yes[each.period.extended],
        }
        for each in occurrences(Obligation(EveryMonths(3)), term, china)
    ] == worked_table("deadlines.md", "Quarters of the contract")


def test_how_often_things_are_owed_in_the_term(worked_table, china):
    rules = {
        "daily": Daily(),
        "working days": Daily(working_days=True),
        "weekly, Friday": Weekly(4),
        "last day of the month": Monthly(day=31),
        "every 1 months": EveryMonths(1),
        "every 3 months": EveryMonths(3),
        "natural 3 months": EveryMonths(3, natural=True),
        "every 6 months": EveryMonths(6),
        "every 12 months": EveryMonths(12),
        "4 per year": PerYear(4),
    }
    rows = worked_table("deadlines.md", "How often in the term")
    assert {row["Rule"] for row in rows} == set(rules)
    for row in rows:
        assert len(occurrences(Obligation(rules[row["Rule"]]), YEAR, china)) == int(row["Times"]), row["Rule"]


def test_exactly_twelve_months_have_four_whole_quarters_by_either_counting(china):
    for counting in Counting:
        term = Term.lasting(SIGNED, 12, Unit.MONTHS, china, counting=counting)
        quarters = occurrences(Obligation(EveryMonths(3)), term, china)
        assert len(quarters) == 4
        assert not any(each.period.clipped or each.period.extended for each in quarters)
    assert days(quarters) == ["2022-10-08", "2023-01-05", "2023-04-06", "2023-07-05"]


def test_what_lies_after_the_agreed_end_says_so(china):
    fifth = occurrences(Obligation(EveryMonths(3)), GOING_ON, china)[-1]
    assert texts(fifth.explain("6.3")) == [
        "The period runs from 2023-07-07 to 2023-08-11.",
        "The start or the end of the term cuts this period short.",
        "The period lies after the agreed end; it is owed because the service goes on.",
        "It is due on 2023-08-11.",
    ]
    assert len(occurrences(Obligation(EveryMonths(3), partial=Partial.LEFT_OUT), GOING_ON, china)) == 4


def test_natural_quarters_are_cut_at_both_ends(china):
    quarters = occurrences(Obligation(EveryMonths(3, natural=True)), YEAR, china)
    assert days(quarters) == ["2022-09-30", "2023-01-03", "2023-03-31", "2023-06-30", "2023-07-06"]
    assert [each.period.clipped for each in quarters] == [True, False, False, False, True]


def test_a_monthly_report_within_five_working_days_of_its_month(china):
    reports = occurrences(Obligation(Monthly(day=31), grace=Grace(5, Unit.WORKING_DAYS)), YEAR, china)
    assert days(reports)[:4] == ["2022-08-05", "2022-09-07", "2022-10-12", "2022-11-07"]
    assert reports[0].opens_at == to_us(datetime(2022, 7, 31, tzinfo=ZoneInfo("Asia/Shanghai")))


def test_a_monthly_report_on_a_working_day_of_the_month_or_of_the_next(china):
    third = occurrences(Obligation(Monthly(working_day=3)), YEAR, china)
    assert days(third)[:3] == ["2022-08-03", "2022-09-05", "2022-10-10"]
    last = occurrences(Obligation(Monthly(working_day=-1)), YEAR, china)
    assert days(last)[:3] == ["2022-07-29", "2022-08-31", "2022-09-30"]
    later = occurrences(Obligation(Monthly(working_day=3, months_later=1)), YEAR, china)
    assert days(later)[:3] == ["2022-08-03", "2022-09-05", "2022-10-10"]
    assert days(later)[-1] == "2023-08-03"


def test_a_month_with_too_few_working_days_takes_its_last_or_first(china):
    many = Obligation(Monthly(working_day=23))
    assert days(occurrences(many, Term(date(2023, 1, 1), date(2023, 3, 31)), china)) == [
        "2023-01-31",
        "2023-02-28",
        "2023-03-31",
    ]
    back = Obligation(Monthly(working_day=-23))
    assert days(occurrences(back, Term(date(2023, 1, 1), date(2023, 3, 31)), china))[:2] == ["2023-01-03", "2023-02-01"]


def test_a_weekday_before_the_start_is_not_owed_and_the_last_week_ends_with_the_term(china):
    mondays = occurrences(Obligation(Weekly(0)), YEAR, china)
    assert (len(mondays), mondays[0].computed_on) == (52, date(2022, 7, 11))
    fridays = occurrences(Obligation(Weekly(4)), YEAR, china)
    assert (fridays[0].computed_on, fridays[-1].computed_on) == (date(2022, 7, 8), date(2023, 7, 6))
    assert fridays[-1].period.clipped


def test_trainings_are_due_with_the_year_and_reminded_evenly(china):
    trainings = occurrences(Obligation(PerYear(4)), YEAR, china)
    assert set(days(trainings)) == {"2023-07-06"}
    assert [str(each.reminders[0]) for each in trainings] == ["2022-10-04", "2023-01-04", "2023-04-05", "2023-07-06"]
    assert "number 2 of 4" in texts(trainings[1].explain())[1]


@pytest.mark.parametrize(
    ("partial", "more"),
    [(None, 0), (Partial.IN_PROPORTION, 0), (Partial.DUE, 4), (Partial.LEFT_OUT, 0)],
)
def test_what_is_owed_several_times_a_year_is_owed_in_proportion_when_a_year_is_cut(china, partial, more):
    assert len(occurrences(Obligation(PerYear(4), partial=partial), GOING_ON, china)) == 4 + more
    half = Term(SIGNED, date(2023, 7, 6), until=date(2024, 1, 6))
    assert len(occurrences(Obligation(PerYear(4), partial=partial), half, china)) == {0: 4, 4: 8}[more] + (
        2 if partial in (None, Partial.IN_PROPORTION) else 0
    )


def test_reminders_precede_the_due_day(china):
    first = occurrences(Obligation(EveryMonths(3), remind_days=(1, 10)), YEAR, china)[0]
    assert [str(day) for day in first.reminders] == ["2022-09-28", "2022-10-07"]


def test_a_daily_duty_does_not_move_unless_it_is_told_to(china):
    weekend = Term(date(2022, 7, 8), date(2022, 7, 11))
    assert days(occurrences(Obligation(Daily()), weekend, china)) == [f"2022-07-{d:02}" for d in range(8, 12)]
    assert days(occurrences(Obligation(Daily(), roll=True), weekend, china))[1:] == ["2022-07-11"] * 3


def test_the_due_day_may_end_at_closing_and_years_not_published_are_named(china_at_signing):
    found = occurrences(Obligation(Daily(), day_end=DayEnd.CLOSING), YEAR, china_at_signing)
    assert (found[0].ends_at, found[-1].provisional_years) == (
        to_us(datetime(2022, 7, 6, 17, tzinfo=ZoneInfo("Asia/Shanghai"))),
        (2023,),
    )
    quarters = occurrences(Obligation(EveryMonths(3)), YEAR, china_at_signing)
    assert [each.provisional_years for each in quarters] == [(), (2023,), (2023,), (2023,)]
    months = occurrences(Obligation(Monthly(working_day=1), roll=False), YEAR, china_at_signing)
    assert months[-1].provisional_years == (2023,)


RULES = st.one_of(
    st.just(Daily()),
    st.builds(Weekly, st.integers(0, 6)),
    st.builds(Monthly, day=st.integers(1, 31)),
    st.builds(EveryMonths, st.integers(1, 3)),
    st.builds(EveryMonths, st.sampled_from([1, 2, 3, 4, 6, 12]), natural=st.just(True)),
)


@st.composite
def terms(draw):
    start = draw(st.dates(date(2010, 1, 1), date(2018, 1, 1)))
    last = start + ONE * draw(st.integers(0, 60))
    until = draw(st.none() | st.integers(0, 60).map(lambda more: last + ONE * more))
    return Term(start, last, draw(st.sampled_from(Counting)), until)


@given(RULES, terms())
def test_periods_follow_each_other_and_end_with_the_term(china, rule, term):
    found = occurrences(Obligation(rule), term, china)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    for one, other in pairwise(found):
        assert one.period.end == other.period.start
        assert one.due_on <= other.due_on
    for each in found:
        assert term.start <= each.period.start < each.period.end <= term.final + ONE
        assert term.start <= each.computed_on <= each.due_on
        assert each.period.extended == (each.period.start > term.last)
    if isinstance(rule, Daily | EveryMonths):
        assert (found[0].period.start, found[-1].period.end) == (term.start, term.final + ONE)


def ends_of_contract_months(rule, term):
    ends = [add_months(term.start, n * rule.months) for n in range(1, 7)]
    inclusive = term.counting is Counting.INCLUSIVE
    return {on - ONE if inclusive and corresponds else on for on, corresponds in ends}


def falls_on(rule, term, day):
    """Whether the rule's own day is this one, asked of each day by itself."""
    ends_month = (day + ONE).day == 1
    match rule:
        case Weekly(weekday):
            return day.weekday() == weekday
        case Monthly(wanted):
            return day.day == wanted or (day.day < wanted and ends_month)
        case EveryMonths(months, natural=True):
            return ends_month and day.month % months == 0
        case EveryMonths():
            return day in ends_of_contract_months(rule, term)
    return True


def is_cut_off(rule, term):
    """Whether the rule's day of the last period lies after the term."""
    days_after = [term.final + ONE * i for i in range(1, 32)]
    if isinstance(rule, Weekly):
        days_after = [day for day in days_after if day.isocalendar()[:2] == term.final.isocalendar()[:2]]
    elif isinstance(rule, Monthly):
        days_after = [day for day in days_after if (day.year, day.month) == (term.final.year, term.final.month)]
    else:
        return not falls_on(rule, term, term.final)
    return any(falls_on(rule, term, day) for day in days_after)


@given(RULES, terms())
def test_occurrences_are_those_a_walk_day_by_day_finds(china, rule, term):
    walk = [term.start + ONE * i for i in range((term.final - term.start).days + 1)]
    expected = [day for day in walk if falls_on(rule, term, day)] + walk[-1:] * is_cut_off(rule, term)
    assert [each.computed_on for each in occurrences(Obligation(rule), term, china)] == expected


@given(st.integers(1, 12), terms(), st.booleans())
def test_so_many_a_year_are_so_many_in_each_whole_year(china, times, term, natural):
    term = Term(term.start, term.last + ONE * 400, term.counting, term.until and term.until + ONE * 600)
    found = occurrences(Obligation(PerYear(times, natural=natural)), term, china)
    years = occurrences(Obligation(EveryMonths(12, natural=natural)), term, china)
    for year in years:
        mine = [each for each in found if each.period[:2] == year.period[:2]]
        part = (year.period.end - year.period.start).days
        assert len(mine) == (times * part // year.period.whole_days if year.period.clipped else times)
        assert all(each.due_on == year.due_on for each in mine)
        assert all(year.period.start <= day + ONE <= year.period.end for each in mine for day in each.reminders)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weekly(7),
        lambda: Monthly(),
        lambda: Monthly(day=1, working_day=1),
        lambda: Monthly(day=32),
        lambda: Monthly(working_day=0),
        lambda: Monthly(day=1, months_later=13),
        lambda: EveryMonths(0),
        lambda: EveryMonths(5, natural=True),
        lambda: PerYear(0),
        lambda: Obligation(Daily(), remind_days=(-1,)),
    ],
)
def test_a_rule_that_cannot_recur_is_refused(make):
    with pytest.raises(BadRecurrence):
        make()


def test_a_term_that_ends_before_it_starts_or_never_is_refused():
    with pytest.raises(TermReversed):
        Term(SIGNED, SIGNED - ONE)
    with pytest.raises(TermReversed):
        Term(SIGNED, date(2023, 7, 6), until=date(2023, 7, 5))
    with pytest.raises(TermTooLong):
        Term(SIGNED, date(2200, 1, 1))
