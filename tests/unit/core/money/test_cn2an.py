"""Capitals against cn2an, an independent implementation, with the one difference that `docs/why/money.md` names."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.errors import AmountTooFine
from opspact.core.money import capital, parse_capital

CENTS = st.integers(0, 10**18 - 1) | st.integers(0, 10**7)
# Mostly zeros, where the rules for 零 are.
SPARSE = st.lists(st.sampled_from("00000129"), min_size=1, max_size=18).map(lambda digits: int("".join(digits)))


def empty_wan(cents):
    """亿 above, nothing at 万, thousands below: we write the 零 that stands for the empty places, cn2an does not."""
    yi, below = divmod(cents // 100, 10**8)
    return yi > 0 and 1000 <= below < 10_000


@given(CENTS | SPARSE, st.booleans())
def test_it_spells_as_cn2an_does_but_for_one_zero(cents, negative):
    amount = Decimal(-cents if negative and cents else cents).scaleb(-2)
    theirs = cn2an.an2cn(f"{amount:f}", "rmb")
    if empty_wan(cents):
        theirs = theirs[: theirs.index("亿") + 1] + "零" + theirs[theirs.index("亿") + 1 :]
    assert capital(amount) == theirs


@given(CENTS | SPARSE)
def test_it_reads_what_cn2an_writes(cents):
    amount = Decimal(cents).scaleb(-2)
    text = cn2an.an2cn(f"{amount:f}", "rmb")
    assert parse_capital(text) == amount
    assert parse_capital(text.replace("元", "圆").replace("整", "正")) == amount


def test_the_table_of_differences_holds(worked_table):
    for row in worked_table("money.md", "Compared with cn2an"):
        assert capital(Decimal(row["Amount"])) == row["Here"]
        assert cn2an.an2cn(row["Amount"], "rmb") == row["cn2an"]
        assert parse_capital(row["cn2an"]) == Decimal(row["Amount"])


@pytest.mark.parametrize("amount", ["0.005", "1.999"])
def test_cn2an_cuts_a_third_decimal_where_we_refuse_it(amount):
    with pytest.raises(AmountTooFine):
        capital(Decimal(amount))
    assert cn2an.an2cn(amount, "rmb")
