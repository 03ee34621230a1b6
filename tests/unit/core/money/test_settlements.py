"""Settlement by work done, and price cuts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import AmountTooLarge, BadWeights
from opspact.core.money import Instalment, RateCard, Spread, Work, cut_price, payment_plan, settle
from opspact.core.money.errors import BadDays, NegativeAmount, NotTheWhole, UnknownRate

PRICE, PAID = Decimal("2347000.00"), Decimal("1408200.00")
CARD = RateCard({"engineer-day": Decimal("680.00"), "drill": Decimal("12000.00")}, True, True)
PLAN = payment_plan(PRICE, [("P1", Decimal(60)), ("P2", Decimal(30)), ("P3", Decimal(10))])


def test_work_is_paid_by_the_rates_both_signed():
    found = settle(
        PRICE, PAID, CARD, [Work("engineer-day", Decimal("1606.5")), Work("drill", Decimal(2))], days_served=200
    )
    assert [str(line.amount) for line in found.lines] == ["1092420.00", "24000.00"]
    assert (str(found.amount), str(found.balance)) == ("1116420.00", "-291780.00")
    # 200 of 365 days of the price.
    assert (str(found.by_days), str(found.balance_by_days)) == ("1286027.40", "-122172.60")


@pytest.mark.parametrize("card", [RateCard(), RateCard(CARD.rates, True, False), RateCard(CARD.rates, False, True)])
def test_without_a_card_signed_by_both_it_is_undecidable_and_days_are_only_shown(card):
    found = settle(PRICE, PAID, card, [Work("engineer-day", Decimal(1))], days_served=200)
    assert (found.amount, found.balance, found.lines) == (None, None, ())
    assert str(found.by_days) == "1286027.40"
    assert "cannot be decided" in found.explain().steps[0].text


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), max_size=6), st.integers(0, 365))
def test_lines_add_up_to_the_settlement(work, days):
    card = RateCard(
        {f"w{n}": Decimal(cents).scaleb(-2) for n, (cents, _) in enumerate(work)} or {"x": Decimal(1)}, True, True
    )
    done = [Work(f"w{n}", Decimal(quantity).scaleb(-3)) for n, (_, quantity) in enumerate(work)]
    found = settle(PRICE, PAID, card, done, days_served=days)
    expected = sum((2 * cents * quantity + 1000) // 2000 for cents, quantity in work)
    assert found.amount * 100 == expected
    assert found.by_days * 100 == (2 * 234700000 * days + 365) // 730


def test_nonsense_is_refused_with_its_position():
    with pytest.raises(UnknownRate) as caught:
        settle(PRICE, PAID, CARD, [Work("drill", Decimal(1)), Work("dance", Decimal(1))], days_served=1)
    assert caught.value.params == {"position": 1, "item": "dance"}
    with pytest.raises(AmountTooLarge):
        settle(PRICE, PAID, CARD, [Work("drill", Decimal(10) ** 12)], days_served=1)
    with pytest.raises(AmountTooLarge):
        settle(Decimal(10) ** 16, PAID, CARD, [], days_served=1)
    with pytest.raises(BadDays):
        settle(PRICE, PAID, CARD, [], days_served=366)
    with pytest.raises(NegativeAmount):
        settle(PRICE, PAID, CARD, [Work("drill", Decimal(-1))], days_served=1)


def test_the_plan_is_the_contracts():
    assert [(item.code, str(item.amount)) for item in PLAN] == [
        ("P1", "1408200.00"),
        ("P2", "704100.00"),
        ("P3", "234700.00"),
    ]
    with pytest.raises(NotTheWhole):
        payment_plan(PRICE, [("P1", Decimal(60)), ("P2", Decimal("39.9"))])
    with pytest.raises(BadWeights):
        payment_plan(PRICE, [("P1", Decimal(110)), ("P2", Decimal(-10))])


def test_the_table_of_price_cuts_holds(worked_table):
    for row in worked_table("penalties.md", "Price cuts"):
        paid = frozenset(row["Paid"].split(", "))
        found = cut_price(PLAN, paid, Decimal(row["Cut"]), Spread(row["Taken from"]))
        assert [str(item.amount) for item in found.instalments] == [row["P1"], row["P2"], row["P3"]]
        assert str(found.to_return) == row["To return"]


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=5),
    st.sets(st.integers(0, 4)),
    st.integers(0, 10**7),
    st.sampled_from(Spread),
)
def test_a_cut_is_neither_lost_nor_taken_twice(amounts, paid, cut, spread):
    cut = min(cut, sum(amounts))
    plan = [Instalment(f"P{n}", Decimal(cents).scaleb(-2)) for n, cents in enumerate(amounts)]
    found = cut_price(plan, frozenset(f"P{n}" for n in paid), Decimal(cut).scaleb(-2), spread)
    after = [int(item.amount * 100) for item in found.instalments]
    assert sum(after) == sum(amounts) - cut + int(found.to_return * 100)
    assert all(
        0 <= new <= old and (n not in paid or new == old)
        for n, (new, old) in enumerate(zip(after, amounts, strict=True))
    )
    unpaid = sum(cents for n, cents in enumerate(amounts) if n not in paid)
    assert found.to_return * 100 == max(0, cut - unpaid)


def test_a_cut_above_the_price_is_refused():
    with pytest.raises(NegativeAmount):
        cut_price(PLAN, frozenset(), PRICE + 1)
