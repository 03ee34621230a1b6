"""Continued service and supplements against their caps of 10% each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import IntervalReversed
from opspact.core.money import Rounding, Supplement, allowances, hold_over
from opspact.core.money.errors import BadDays, NegativeAmount

PRICE = Decimal("2347000.00")
END = date(2023, 7, 6)


def test_the_table_of_continued_service_holds(worked_table):
    for row in worked_table("penalties.md", "Continued service"):
        rounding = Rounding(row["Rounded"])
        held = hold_over(
            PRICE, date.fromisoformat(row["Term ends"]), date.fromisoformat(row["Through"]), rounding=rounding
        )
        found = [str(held.days_paid), str(held.days_unpaid), str(held.fee), str(held.left), str(held.allowance_ends_on)]
        assert found == [row["Paid days"], row["Unpaid days"], row["Fee"], row["Left"], row["Allowance ends"]]


def test_thirty_six_full_days_of_the_contracts_rate_fit_under_the_cap():
    held = hold_over(PRICE, END, date(2023, 8, 31), clause="2.3")
    assert (str(held.day_rate), str(held.cap), held.days_within_cap) == ("6430.14", "234700.00", 36)
    assert held.allowance_ends_on == date(2023, 8, 11)
    sentences = [step.text % step.params for step in held.explain().steps]
    assert sentences[-1] == "20 more days are served beyond the cap; the contract pays nothing for them."


@given(st.integers(100, 10**9), st.integers(0, 90), st.integers(1, 60), st.sampled_from(Rounding))
def test_days_are_paid_while_another_full_day_fits(cents, days, term_days, rounding):
    held = hold_over(Decimal(cents).scaleb(-2), END, END + timedelta(days), term_days=term_days, rounding=rounding)
    cap = cents // 10
    a_day = (2 * cents + term_days) // (2 * term_days) * term_days if rounding is Rounding.PER_DAY else cents
    paid = 0
    while paid < days and a_day * (paid + 1) <= cap * term_days:
        paid += 1
    assert (held.days_paid, held.days_unpaid) == (paid, days - paid)
    assert held.fee * 100 == min(cap, (2 * a_day * paid + term_days) // (2 * term_days))
    assert held.fee + held.left == held.cap


def test_the_two_counters_are_separate_and_together_only_warn(worked_table):
    for row in worked_table("penalties.md", "Two counters of 10%"):
        supplements = [Supplement(f"S{n}", Decimal(text)) for n, text in enumerate(row["Supplements"].split(", "), 1)]
        found = allowances(PRICE, Decimal(row["Continued service"]), supplements)
        excess = [str(found.hold_over.excess), str(found.supplements.excess)]
        assert [*excess, "yes" if found.combined_warns else "no", found.beyond or "—"] == [
            row["Service beyond"],
            row["Supplements beyond"],
            row["Together warns"],
            row["Passed with"],
        ]


def test_nonsense_is_refused():
    with pytest.raises(IntervalReversed):
        hold_over(PRICE, END, END - timedelta(1))
    with pytest.raises(BadDays):
        hold_over(PRICE, END, END, term_days=0)
    with pytest.raises(NegativeAmount):
        allowances(PRICE, Decimal(0), [Supplement("S1", Decimal(-1))])
