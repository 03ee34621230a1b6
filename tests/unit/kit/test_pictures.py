"""The ribbon, the clock and the KPI card."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.utils import translation

from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.kit.shown.clocks import ClockFace
from opspact.kit.shown.kpis import KpiCard, Scale
from opspact.kit.shown.ribbon import ribbon
from opspact.kit.shown.states import STATE_WORDS, state_badge


def test_a_minute_in_a_month_is_drawn_exactly_and_above_what_is_good() -> None:
    end = 30 * DAY
    html = ribbon([(0, 10 * DAY, "up"), (10 * DAY, 10 * DAY + MINUTE, "down"), (10 * DAY + MINUTE, end, "up")], 0, end)
    assert 'x="33.33333%" width="0.00231%"' in html  # 1/43,200 of the month
    assert html.index("op-fill-up") < html.index("op-fill-down")


def test_a_ribbon_tells_those_who_cannot_see_it_how_long_each_state_lasted() -> None:
    with translation.override("zh-hans"):
        html = ribbon([(0, 2 * HOUR, "down"), (2 * HOUR, 24 * HOUR, "up")], 0, DAY)
    assert 'aria-label="正常 22 h 00 min, 中断 2 h 00 min"' in html


def test_unknown_is_hatched_and_links_lead_to_the_records() -> None:
    html = ribbon([(0, DAY, "unknown")], 0, DAY, link=lambda piece: f"/results/?from={piece[0]}&state={piece[2]}")
    assert 'fill="url(#op-hatch)"' in html
    assert 'href="/results/?from=0&amp;state=unknown"' in html


def test_every_state_has_its_own_word_and_shape() -> None:
    badges = [state_badge(state) for state in STATE_WORDS]
    assert len({badge.split('href="')[1].split('"')[0] for badge in badges}) == 6
    with pytest.raises(KeyError):
        state_badge("fine")


@pytest.mark.parametrize(
    ("left", "level"), [(16 * MINUTE, ""), (15 * MINUTE, "is-warn"), (0, "is-over"), (-MINUTE, "is-over")]
)
def test_a_clock_turns_amber_at_75_and_red_at_100_percent(left: int, level: str) -> None:
    assert ClockFace("response", left, 60 * MINUTE, "7×24").level == level


def test_a_paused_clock_is_neither_amber_nor_red_until_its_time_is_over() -> None:
    assert ClockFace("restore", MINUTE, HOUR, "5×8", paused_because="carrier").level == "is-paused"
    assert ClockFace("restore", -MINUTE, HOUR, "5×8", paused_because="carrier").level == "is-over"


def test_a_month_without_a_figure_breaks_the_line() -> None:
    months = [Fraction(1), None, Fraction(1, 2), Fraction(3, 4)]
    card = KpiCard("OA", Fraction(1), Fraction(96, 100), "met", months=months)
    assert card.sparkline == ["0.00,1.00 0.00,1.00", "66.67,19.00 100.00,10.00"]


def test_the_scale_says_where_it_begins() -> None:
    scale = Scale.for_figures([Fraction(9512, 10000), Fraction(96, 100)])
    assert scale.low_words == "94.00%"
    assert scale.at(Fraction(97, 100)) == "50.000"
