"""Figures of a group and their verdicts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core import shorthand

from opspact.core.availability import measure
from opspact.core.errors import NoSample
from opspact.core.instants import MINUTE
from opspact.core.kpi import (
    count_figure,
    from_percent,
    judge_at_least,
    judge_at_most,
    mean_availability,
    ratio_figure,
)
from opspact.core.states import Verdict


def system(observed, in_service=((0, 1000 * MINUTE),)):
    timeline = shorthand.timeline(observed)
    return measure(timeline, [], period=(0, 1000 * MINUTE), in_service=in_service, now=1000 * MINUTE)


def test_each_system_weighs_the_same_however_long_it_served():
    short = system("D 900-950, U 950-1000", in_service=[(900 * MINUTE, 1000 * MINUTE)])
    figure = mean_availability([system("U 0-1000"), short])
    assert figure.value == figure.best == figure.worst == Fraction(3, 4)
    assert figure.observed_fraction == 1
    assert figure.excluded_fraction == 0


def test_a_system_never_seen_widens_the_bounds_and_one_out_of_service_does_not():
    figure = mean_availability([system("U 0-1000"), system(""), system("U 0-1000", in_service=[])])
    assert (figure.value, figure.best, figure.worst) == (1, 1, Fraction(1, 2))
    assert figure.observed_fraction == Fraction(1, 2)
    assert judge_at_least(figure, Decimal("0.96")) is Verdict.UNDECIDABLE


def test_a_group_of_nothing_is_not_applicable():
    assert judge_at_least(mean_availability([]), Decimal("0.96")) is Verdict.NOT_APPLICABLE


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=5), st.lists(st.integers(0, 1000), max_size=3))
def test_the_value_lies_between_its_bounds(ups, unseen):
    systems = [system(f"U 0-{up}, D {up}-1000") for up in ups] + [system(f"U 0-{seen}") for seen in unseen]
    figure = mean_availability(systems)
    assert figure.worst <= figure.value <= figure.best


@pytest.mark.parametrize(
    ("confirmed", "pending", "verdict"),
    [(0, 0, "met"), (0, 1, "undecidable"), (1, 0, "missed"), (1, 3, "missed")],
)
def test_no_major_incident_means_none_confirmed_and_none_pending(confirmed, pending, verdict):
    assert judge_at_most(count_figure(confirmed, pending), 0) == verdict


@pytest.mark.parametrize(
    ("part", "whole", "verdict"),
    [(19, 20, "met"), (189, 200, "missed"), (9, 9, "undecidable"), (0, 0, "not_applicable")],
)
def test_satisfaction_needs_ten_ratings_to_decide(part, whole, verdict):
    assert judge_at_least(ratio_figure(part, whole, enough=10), from_percent(Decimal(95))) == verdict


@pytest.mark.parametrize(("part", "whole", "verdict"), [(5, 100, "met"), (6, 100, "missed"), (0, 0, "not_applicable")])
def test_complaints_may_reach_five_per_cent_and_no_more(part, whole, verdict):
    assert judge_at_most(ratio_figure(part, whole), from_percent(Decimal(5))) == verdict


def test_verdicts_are_exact_where_a_rounded_figure_would_lie():
    figure = ratio_figure(9599999, 10000000)
    assert judge_at_least(figure, Decimal("0.96")) is Verdict.MISSED
    assert judge_at_most(ratio_figure(1, 3), Fraction(1, 3)) is Verdict.MET


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (0, -1)])
def test_what_is_no_ratio_is_refused(part, whole):
    with pytest.raises(NoSample):
        ratio_figure(part, whole)


def test_a_negative_count_is_refused():
    with pytest.raises(NoSample):
        count_figure(0, -1)
