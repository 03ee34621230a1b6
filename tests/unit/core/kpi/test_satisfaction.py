"""Satisfaction: the worked table of `docs/why/indicators.md`, and a count by hand."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.kpi import Asked, Objective, Role
from opspact.core.kpi.errors import BadParameter, RatingOffScale, RecordTwice, UnknownReading
from opspact.core.kpi.records import Rating
from opspact.core.kpi.rules.satisfaction import TOO_FEW, SatisfactionReading, satisfaction

ASKED = Asked(Objective.at_least("0.95"), (0, 100), 100)


def ratings(text: str) -> list[Rating]:
    made = []
    for score, count in re.findall(r"(\d|auto|void)×(\d+)", text):
        given_by = {"auto": {"automatic": True}, "void": {"valid": False}}.get(score, {})
        made += [(5 if given_by else int(score), given_by)] * int(count)
    return [Rating(f"R{i}", 50, score, **given_by) for i, (score, given_by) in enumerate(made)]


def test_the_worked_table_of_ratings_holds(worked_table):
    for row in worked_table("indicators.md", "Ratings"):
        answer = satisfaction(ratings(row["Ratings"]), ASKED, SatisfactionReading(method=row["Method"]))
        figure = ["-" if x is None else str(x) for x in (answer.figure.value, answer.figure.best, answer.figure.worst)]
        assert [*figure, str(answer.verdict)] == [row["Value"], row["Best"], row["Worst"], row["Verdict"]], row["Case"]


def test_every_rating_has_a_role_and_a_reason():
    found = satisfaction(
        [
            Rating("good", 10, 4),
            Rating("bad", 10, 3),
            Rating("auto", 10, 5, automatic=True),
            Rating("void", 10, 5, valid=False),
            Rating("before", -1, 5),
            Rating("after", 100, 5),
        ],
        ASKED,
    )
    assert found.ids(Role.FOR) == ("good",)
    assert found.ids(Role.AGAINST) == ("bad",)
    assert found.ids(Role.LEFT_OUT) == ("auto", "void", "before", "after")
    assert all(used.why for used in found.used)
    assert found.reason == TOO_FEW


def test_a_rating_to_come_does_not_count_yet():
    asked = Asked(ASKED.objective, (0, 100), 20)
    assert satisfaction([Rating("a", 21, 1), Rating("b", 20, 5)], asked).figure.value == 1


def test_both_methods_are_shown_and_one_judges():
    answer = satisfaction(ratings("4×20"), ASKED)
    assert (answer.verdict, answer.beside["mean_of_scale"].value) == ("met", Fraction(4, 5))


@pytest.mark.parametrize("score", [0, 6])
def test_a_rating_off_the_scale_is_refused_with_its_position(score):
    with pytest.raises(RatingOffScale) as refused:
        satisfaction([Rating("a", 0, 5), Rating("b", 0, score)], ASKED)
    assert refused.value.params["position"] == 1


def test_the_same_rating_twice_is_refused():
    with pytest.raises(RecordTwice):
        satisfaction([Rating("a", 0, 5), Rating("a", 0, 5)], ASKED)


def test_readings_that_make_no_sense_are_refused():
    with pytest.raises(UnknownReading):
        SatisfactionReading(method="median")
    for wrong in ({"scale": 1}, {"good_from": 6}, {"minimum_sample": -1}):
        with pytest.raises(BadParameter):
            SatisfactionReading(**wrong)


RATING = st.tuples(st.integers(-2, 12), st.integers(1, 5), st.booleans(), st.sampled_from([True, False, False, False]))


@given(st.lists(RATING, max_size=25), st.integers(0, 12), st.sampled_from(["share_of_good", "mean_of_scale"]))
def test_a_count_by_hand_agrees(given_ratings, now, method):
    records = [Rating(str(i), at, score, valid, auto) for i, (at, score, valid, auto) in enumerate(given_ratings)]
    answer = satisfaction(records, Asked(Objective.at_least("0.95"), (0, 10), now), SatisfactionReading(method=method))
    good = poor = points = 0
    for at, score, valid, auto in given_ratings:
        if at in range(min(10, now + 1)) and valid and not auto:
            points += score
            good, poor = (good + 1, poor) if score in (4, 5) else (good, poor + 1)
    count = good + poor
    assert (len(answer.ids(Role.FOR)), len(answer.ids(Role.AGAINST))) == (good, poor)
    if not count:
        assert answer.verdict == "not_applicable"
        return
    value = Fraction(good, count) if method == "share_of_good" else Fraction(points, 5 * count)
    assert answer.figure.value == value
    assert answer.verdict == ("undecidable" if count < 10 else "met" if value * 20 >= 19 else "missed")
