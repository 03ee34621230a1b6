"""Money and capitals against the worked tables, the contract and an independent spelling."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import AmountTooFine, AmountTooLarge, BadCapital, BadWeights, NotAnAmount
from opspact.core.money import Mode, capital, parse_capital, round_money, split

CENTS = st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(0, 10**7)
# Amounts whose digits are mostly zeros, where the rules for 零 are.
SPARSE = st.lists(st.sampled_from("00000129"), min_size=1, max_size=18).map(lambda digits: int("".join(digits)))


def test_the_table_of_capitals_holds_both_ways(worked_table):
    for row in worked_table("money.md", "Capitals"):
        assert capital(Decimal(row["Amount"])) == row["Capitals"]
        assert str(parse_capital(row["Capitals"])) == row["Amount"]


def test_the_table_of_shares_holds(worked_table):
    for row in worked_table("money.md", "Shares of the price"):
        weights = [Decimal(weight) for weight in row["Weights"].split(", ")]
        assert [str(share) for share in split(Decimal(row["Total"]), weights)] == row["Shares"].split(", ")


def spelled(cents):
    """Every digit with its place, then the customary contractions."""
    yuan, rest = divmod(abs(cents), 100)
    places = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟", "万", "拾", "佰", "仟"]
    digits = str(yuan)
    text = "".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] + places[len(digits) - 1 - i] for i, digit in enumerate(digits))
    for place in "拾佰仟":
        text = text.replace(f"零{place}", "零")
    while "零零" in text:
        text = text.replace("零零", "零")
    for unit in "万亿":
        text = text.replace(f"零{unit}", unit)
    text = text.replace("亿万", "亿零") if "亿万" in text else text
    return text, rest


@given(CENTS | SPARSE)
def test_the_digits_spelled_are_those_of_an_independent_spelling(cents):
    """The placing of 零 has choices, which the worked table fixes; all other characters have none."""
    text, rest = spelled(cents)
    expected = text.replace("零", "") + ("元" if abs(cents) >= 100 else "")
    made = capital(Decimal(cents).scaleb(-2)).replace("负", "").replace("零", "")
    if rest == 0:
        expected = expected if abs(cents) >= 100 else "元"
    assert made.startswith(expected)


@given(CENTS | SPARSE)
def test_capitals_read_back_as_the_same_amount(cents):
    amount = Decimal(cents).scaleb(-2)
    assert parse_capital(capital(amount)) == amount
    assert "零零" not in capital(amount)


@given(st.integers(0, 10**12), st.data())
def test_a_changed_character_never_reads_as_the_same_amount(cents, data):
    amount = Decimal(cents).scaleb(-2)
    text = capital(amount)
    position = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in "壹贰叁肆伍陆柒捌玖一二十百" if c != text[position]]))
    changed = text[:position] + other + text[position + 1 :]
    with suppress(BadCapital):
        assert parse_capital(changed) != amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("拾壹万柒仟叁佰伍拾元整", "117350.00"),
        ("人民币贰佰叁拾肆万柒仟圆正", "2347000.00"),
        ("壹拾万零柒仟元零伍角叁分", "107000.53"),
        ("壹元伍角整", "1.50"),
        ("壹佰元", "100.00"),
    ],
)
def test_it_reads_what_the_rules_and_the_contract_also_allow(text, amount):
    assert str(parse_capital(text)) == amount


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("一百元整", 1),
        ("贰佰叁拾肆萬柒仟元証", 10),
        ("壹佰贰仟元整", 4),
        ("壹贰元整", 2),
        ("壹万万元整", 3),
        ("万元整", 1),
        ("壹亿零元整", 3),
        ("壹元整整", 4),
        ("壹拾元叁", 5),
        ("", 1),
    ],
)
def test_it_names_the_first_character_that_is_wrong(text, position):
    with pytest.raises(BadCapital) as caught:
        parse_capital(text)
    assert caught.value.params["position"] == position
    assert caught.value.params["character"] == text[position - 1 : position]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.HALF_UP, ["0.13", "0.12", "-0.13", "0.12"]),
        (Mode.HALF_EVEN, ["0.12", "0.12", "-0.12", "0.12"]),
        (Mode.DOWN, ["0.12", "0.12", "-0.12", "0.12"]),
        (Mode.UP, ["0.13", "0.13", "-0.13", "0.12"]),
    ],
)
def test_rounding_is_to_the_cent_in_the_named_mode(mode, expected):
    amounts = ["0.125", "0.1249", "-0.125", "0.12"]
    assert [str(round_money(Decimal(amount), mode)) for amount in amounts] == expected


@given(st.integers(0, 10**40))
def test_rounding_is_exact_however_large_the_amount(thousandths):
    rounded = round_money(Decimal(f"{thousandths}E-3"))
    assert Fraction(rounded) == Fraction((thousandths + 5) // 10, 100)


def test_the_contracts_own_figures():
    price = Decimal("2347000.00")
    assert round_money(price * Decimal("0.05")) == Decimal("117350.00")
    assert round_money(price * Decimal("0.01")) == Decimal("23470.00")
    assert round_money(Decimal("117350.00") * Decimal("0.05")) == Decimal("5867.50")
    payments = split(price, [60, 30, 10])
    assert payments == [Decimal(1408200), Decimal(704100), Decimal(234700)]
    assert [round_money(p * Decimal("0.0005")) for p in payments] == [
        Decimal("704.10"),
        Decimal("352.05"),
        Decimal("117.35"),
    ]
    assert [round_money(p * Decimal("0.05")) for p in payments] == [Decimal(70410), Decimal(35205), Decimal(11735)]
    assert round_money(price / 365) == Decimal("6430.14")


@given(st.integers(-(10**14), 10**14), st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_shares_add_up_and_stay_within_a_cent_of_their_due(cents, weights):
    total = Decimal(cents).scaleb(-2)
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(Fraction(share) - Fraction(total) * weight / sum(weights)) < Fraction(1, 100)


@pytest.mark.parametrize("wrong", [1.5, "12", None, True, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+99999999")])
def test_what_is_no_exact_amount_is_refused(wrong):
    with pytest.raises(NotAnAmount):
        round_money(wrong)
    with pytest.raises(NotAnAmount):
        split(wrong, [1])
    with pytest.raises(NotAnAmount):
        capital(wrong)


def test_other_nonsense_is_refused():
    with pytest.raises(AmountTooFine):
        capital(Decimal("1.005"))
    with pytest.raises(AmountTooFine):
        capital(Decimal("1." + "0" * 39 + "1"))
    with pytest.raises(AmountTooFine):
        split(Decimal("1.005"), [1])
    with pytest.raises(AmountTooLarge):
        capital(Decimal(10) ** 16)
    with pytest.raises(BadWeights) as caught:
        split(Decimal(1), [1, -1])
    assert caught.value.params["position"] == 1
    with pytest.raises(BadWeights):
        split(Decimal(1), [0, 0])
