"""Cutting a term: the contract's own dates, and a walk over every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.calendars import WorkCalendar
from opspact.core.errors import BadTerm
from opspact.core.instants import DAY
from opspact.core.kpi.periods import cut_term, natural_months

SHANGHAI = WorkCalendar.always("Asia/Shanghai")
FIRST, LAST = date(2022, 7, 6), date(2023, 7, 5)


def test_the_contract_has_four_quarters_and_twelve_months():
    quarters = cut_term(FIRST, LAST, 3, SHANGHAI)
    starts = [(2022, 7, 6), (2022, 10, 6), (2023, 1, 6), (2023, 4, 6)]
    assert [cut.first_on for cut in quarters] == [date(*start) for start in starts]
    assert quarters[-1].last_on == LAST
    assert len(cut_term(FIRST, LAST, 1, SHANGHAI)) == 12


def test_the_day_that_the_civil_code_adds_belongs_to_the_last_part():
    for months, count in ((3, 4), (1, 12)):
        cuts = cut_term(FIRST, date(2023, 7, 6), months, SHANGHAI)
        assert (len(cuts), cuts[-1].last_on) == (count, date(2023, 7, 6))


def test_thirteen_natural_months_are_touched():
    cuts = natural_months(FIRST, LAST, SHANGHAI)
    assert (len(cuts), cuts[0].last_on, cuts[-1].first_on) == (13, date(2022, 7, 31), date(2023, 7, 1))


def test_a_term_from_the_31st_ends_its_months_on_their_last_days():
    cuts = cut_term(date(2023, 1, 31), date(2023, 7, 30), 1, SHANGHAI)
    assert [cut.first_on.day for cut in cuts] == [31, 28, 31, 30, 31, 30]


def test_what_is_no_term_is_refused():
    for wrong in ((FIRST, FIRST - timedelta(days=1), 3), (FIRST, LAST, 0)):
        with pytest.raises(BadTerm):
            cut_term(*wrong, SHANGHAI)
    with pytest.raises(BadTerm):
        natural_months(LAST, FIRST, SHANGHAI)


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 700), st.integers(1, 6), st.booleans())
def test_every_day_of_the_term_lies_in_exactly_one_part(first, days, months, natural):
    last = first + timedelta(days=days)
    cuts = natural_months(first, last, SHANGHAI) if natural else cut_term(first, last, months, SHANGHAI)
    walked = [cut.first_on + timedelta(days=i) for cut in cuts for i in range((cut.last_on - cut.first_on).days + 1)]
    assert walked == [first + timedelta(days=i) for i in range(days + 1)]
    for cut in cuts:
        assert cut.span == (SHANGHAI.day_start(cut.first_on), SHANGHAI.day_start(cut.last_on) + DAY)
        assert cut.cumulative == (cuts[0].span[0], cut.span[1])
        if natural:
            assert (cut.first_on.year, cut.first_on.month) == (cut.last_on.year, cut.last_on.month)
        else:
            count = (cut.first_on.year - first.year) * 12 + cut.first_on.month - first.month
            assert count == months * (cut.number - 1)
