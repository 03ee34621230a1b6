"""The contract of 2022-07-06 to 2023-07-05: 13 natural months touched, four quarters (domain notes §1)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from opspact.fulfilment import periods
from opspact.fulfilment.periods import PeriodError, Term

TERM = Term(date(2022, 7, 6), date(2023, 7, 6), ZoneInfo("Asia/Shanghai"))


def test_the_terms_months_and_quarters() -> None:
    assert len(TERM.months()) == 13
    assert TERM.quarters == 4
    assert [periods.quarter(TERM, n).first for n in (1, 2, 3, 4)] == [
        date(2022, 7, 6),
        date(2022, 10, 6),
        date(2023, 1, 6),
        date(2023, 4, 6),
    ]
    assert periods.quarter(TERM, 4).last == date(2023, 7, 5)


def test_a_day_left_over_is_no_quarter_of_its_own() -> None:
    """The contract counts to 2023-07-06 24:00: one day more than twelve months."""
    term = Term(date(2022, 7, 6), date(2023, 7, 7), ZoneInfo("Asia/Shanghai"))
    assert term.quarters == 4
    assert periods.quarter(term, 4).last == date(2023, 7, 6)
    assert Term(date(2022, 7, 6), date(2023, 9, 6), ZoneInfo("Asia/Shanghai")).quarters == 5
    assert Term(date(2022, 7, 6), date(2022, 7, 20), ZoneInfo("Asia/Shanghai")).quarters == 1


def test_a_month_is_a_month_in_beijing() -> None:
    october = periods.asked({"period": "2022-10"}, TERM, datetime(2022, 11, 1, tzinfo=UTC))
    assert october.start == datetime(2022, 9, 30, 16, tzinfo=UTC)
    assert october.end == datetime(2022, 10, 31, 16, tzinfo=UTC)
    assert october.query == "period=2022-10"


def test_unasked_it_is_the_running_month_or_the_whole_term() -> None:
    assert periods.asked({}, TERM, datetime(2022, 10, 31, 15, 59, tzinfo=UTC)).key == "2022-10"
    assert periods.asked({}, TERM, datetime(2022, 10, 31, 16, 0, tzinfo=UTC)).key == "2022-11"
    assert periods.asked({}, TERM, datetime(2026, 1, 1, tzinfo=UTC)).key == "term"


def test_any_days_are_whole_days_the_last_included() -> None:
    days = periods.asked({"from": "2022-10-01", "until": "2022-10-07"}, TERM, datetime(2022, 11, 1, tzinfo=UTC))
    assert (days.end - days.start).days == 7
    assert days.query == "from=2022-10-01&until=2022-10-07"


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2022-13"},
        {"period": "q5"},
        {"period": "q0"},
        {"period": "q٣"},
        {"period": "<script>"},
        {"from": "2022-10-07", "until": "2022-10-01"},
        {"from": "yesterday"},
        {"period": "9999-12"},
    ],
)
def test_it_refuses_what_is_no_period(query) -> None:
    with pytest.raises(PeriodError):
        periods.asked(query, TERM, datetime(2022, 11, 1, tzinfo=UTC))


def test_three_months_from_a_long_months_end_stop_at_the_short_ones() -> None:
    """Civil Code §202: without a corresponding day, the last day of the month."""
    assert periods.add_months(date(2022, 11, 30), 3) == date(2023, 2, 28)
