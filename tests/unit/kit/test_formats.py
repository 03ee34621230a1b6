"""Times, durations and percentages in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from opspact.core.instants import HOUR, MINUTE, SECOND
from opspact.kit.shown import formats
from opspact.kit.shown.money import money

NOW = datetime(2022, 7, 6, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 s"),
        (45 * SECOND + 999_999, "45 s"),
        (5 * MINUTE + 20 * SECOND, "5 min 20 s"),
        (25 * MINUTE, "25 min"),
        (2 * HOUR + 5 * MINUTE, "2 h 05 min"),
        (350 * HOUR + 24 * MINUTE, "350 h 24 min"),  # 4% of a year, domain notes §2: 350.4 h
        (-6 * HOUR, "−6 h 00 min"),
        (None, "—"),
    ],
)
def test_a_duration_is_in_words_and_cut_off(us: int | None, words: str) -> None:
    assert formats.duration(us) == words


def test_a_percentage_is_never_rounded_up_to_an_objective() -> None:
    assert formats.percent(Fraction(95996, 100000)) == "95.99%"
    assert formats.percent(Decimal("0.96")) == "96.00%"
    assert formats.percent(None) == "—"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=3), "3 分钟前"),
        (timedelta(minutes=-12), "12 分钟后"),
        (timedelta(hours=5), "5 小时前"),
        (timedelta(days=2), "07-04 12:00"),
        (timedelta(days=400), "2021-06-01 12:00"),
    ],
)
def test_a_time_is_relative_when_near_and_a_date_when_far(ago: timedelta, words: str) -> None:
    with translation.override("zh-hans"):
        assert formats.near(NOW - ago, NOW) == words


def test_the_exact_time_is_on_hover_in_the_zone_of_the_site() -> None:
    html = formats.when(NOW, NOW)
    assert 'title="2022-07-06 12:00:00"' in html
    assert 'datetime="2022-07-06T04:00:00+00:00"' in html


def test_money_has_separators_and_capitals_on_hover() -> None:
    html = money(Decimal("1408200"))
    assert ">1,408,200.00<" in html
    assert 'title="壹佰肆拾万捌仟贰佰元整"' in html


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (999_999_999, "999,999,999"),
        (2**30, "2³⁰"),
        (2**80, "2⁸⁰"),
        (2**64 - 1, "≈ 1.8 × 10¹⁹"),  # 18,446,744,073,709,551,615
        (1_208_907_372_870_555_465_154_560, "≈ 1.2 × 10²⁴"),
        (9_990_000_000, "≈ 1.0 × 10¹⁰"),
        (-3_000_000_000, "≈ -3.0 × 10⁹"),
        (0, "0"),
        (None, "—"),
    ],
)
def test_a_number_that_nobody_reads_is_shortened(value: int | None, words: str) -> None:
    shown = formats.figure(value)
    assert re.sub("<[^>]+>", "", shown) == words


def test_the_exact_number_is_on_hover() -> None:
    assert 'title="1,208,907,372,870,555,465,154,560"' in formats.figure(1_208_907_372_870_555_465_154_560)
