"""Deductions from the bond against the contract, the worked table and whole numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.money import FailedPeriod, deduct
from opspact.core.money.errors import BadPercent, DoublePenalty, NegativeAmount

BOND = Decimal("117350.00")


def test_the_table_of_the_bond_holds(worked_table):
    for row in worked_table("penalties.md", "Deductions from the bond"):
        periods = [FailedPeriod(f"Q{n}", Decimal(5)) for n in range(int(row["Failed periods"]))]
        account = deduct(BOND, periods, base=Decimal(row["Base"]))
        found = [str(account.deductions[-1].asked), str(account.left), str(account.further_claim)]
        assert found == [row["Each"], row["Left"], row["Further claim"]]


@given(st.integers(0, 10**8), st.lists(st.integers(0, 100), max_size=12), st.none() | st.integers(0, 10**9))
def test_nothing_is_taken_that_is_not_there(cents, percents, base):
    periods = [FailedPeriod(f"P{n}", Decimal(percent)) for n, percent in enumerate(percents)]
    account = deduct(
        Decimal(cents).scaleb(-2), periods, base=None if base is None else Decimal(base).scaleb(-2), clause="6.2"
    )
    left, further = cents, 0
    for percent, made in zip(percents, account.deductions, strict=True):
        asked = ((cents if base is None else base) * percent * 2 + 100) // 200
        taken = min(left, asked)
        left, further = left - taken, further + asked - taken
        assert (made.asked * 100, made.taken * 100, made.left * 100) == (asked, taken, left)
    assert (account.left * 100, account.further_claim * 100) == (left, further)


def test_a_period_is_deducted_once():
    with pytest.raises(DoublePenalty) as caught:
        deduct(BOND, [FailedPeriod("Q1", Decimal(5)), FailedPeriod("Q1", Decimal(5))], clause="6.2")
    assert caught.value.params == {"position": 1, "fact": "Q1", "one": "6.2", "other": "6.2"}


def test_the_explanation_ends_with_what_remains_to_be_claimed():
    account = deduct(Decimal(5), [FailedPeriod("Q1", Decimal(100))], base=Decimal(8), clause="6.2")
    sentences = [step.text % step.params for step in account.explain().steps]
    assert sentences[-1] == "The bond does not suffice; 3.00 remains to be claimed."


def test_nonsense_is_refused():
    with pytest.raises(NegativeAmount):
        deduct(Decimal(-1), [])
    with pytest.raises(BadPercent):
        deduct(BOND, [FailedPeriod("Q1", Decimal(101))])
