"""What people may write into a document, and what they are told when it is wrong."""

from fractions import Fraction

import pytest

from opspact.calc.values import duration_text, instant_text, read_amount, read_duration, read_instant, read_share
from opspact.core.inputs import Wrong

HOUR = 3_600_000_000


def test_an_instant_needs_its_offset() -> None:
    assert read_instant("2022-07-06T09:00:00+08:00") == 1_657_069_200_000_000
    assert read_instant("2022-07-06T01:00:00Z") == 1_657_069_200_000_000
    with pytest.raises(Wrong, match=r"2022-07-06T09:00:00 has no time zone"):
        read_instant("2022-07-06T09:00:00")


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("4 h", 4 * HOUR),
        ("1 h 30 min", HOUR * 3 // 2),
        ("1.5h", HOUR * 3 // 2),
        ("2 d", 48 * HOUR),
        ("90 s", HOUR // 40),
    ],
)
def test_durations_are_exact(text: str, us: int) -> None:
    assert read_duration(text) == us


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4 hours", "-1 h", "4 h and more", "3 WD", "1" * 100_000, 4, None, True]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(Wrong, match="expected a duration"):
        read_duration(text)


def test_a_share_is_written_in_three_ways() -> None:
    assert {read_share("96%"), read_share("0.96"), read_share("24/25")} == {Fraction(24, 25)}
    with pytest.raises(Wrong, match=r"expected a share such as 96% or 0\.96, found 1/0"):
        read_share("1/0")


def test_an_amount_with_three_decimals_is_refused() -> None:
    assert str(read_amount("704.10")) == "704.10"
    assert str(read_amount("1" + "0" * 39 + ".01")) == "1" + "0" * 39 + ".01"
    with pytest.raises(Wrong, match=r"704\.105 has more than two decimals"):
        read_amount("704.105")


def test_answers_show_local_time_and_hours() -> None:
    assert instant_text(1_657_069_200_000_000, "Asia/Shanghai") == "2022-07-06T09:00:00+08:00"
    assert duration_text(-27 * HOUR) == "-27:00:00"
    assert duration_text(HOUR + 1) == "1:00:00.000001"
