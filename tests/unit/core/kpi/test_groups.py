"""Groups of systems against a count of every unit of time, and systems measured elsewhere against `measure`."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.availability import Rules, measure
from opspact.core.errors import BadWeights
from opspact.core.kpi import Asked, MeasuredTime, Member, Objective, Role, combined
from opspact.core.kpi.errors import BadMeasure, RecordTwice, UnknownReading
from opspact.core.kpi.rules.availability_each import availability_each
from opspact.core.kpi.rules.availability_mean import availability_mean
from opspact.core.states import Observed

ASKED = Asked(Objective.at_least("0.96"), (0, 1000), 1000)
LETTERS = {"U": Observed.UP, "D": Observed.DOWN, "G": Observed.DEGRADED, "X": Observed.UNKNOWN}


def member(code: str, down: int, unknown: int = 0, ast: int = 1000, weight: int = 1, **rules) -> Member:
    return Member(MeasuredTime(code, ast, unknown_us=unknown, down_us=down, rules=Rules(**rules)), weight, code)


def test_one_of_three_below_fails_each_and_not_their_mean():
    group = [member("OA", 0), member("WEB", 0), member("DUTY", 60)]
    each, mean = availability_each(group, ASKED), availability_each(group, ASKED, "group_mean")
    assert (each.verdict, each.figure.value, each.ids(Role.AGAINST)) == ("missed", Fraction(94, 100), ("DUTY",))
    assert (mean.verdict, mean.figure.value) == ("met", Fraction(98, 100))


def test_the_four_weightings_of_one_group():
    """A: 10% down of 1000, importance 3; B: up for 500."""
    group = [member("A", 100, weight=3), member("B", 0, ast=500)]
    expected = {"equal": "19/20", "time": "14/15", "importance": "37/40", "minimum": "9/10"}
    for weighting, value in expected.items():
        assert str(availability_mean(group, ASKED, weighting).figure.value) == value


def test_a_system_never_seen_leaves_the_group_open():
    group = [member("A", 0), member("B", 0, unknown=1000)]
    answer = availability_mean(group, ASKED)
    assert (answer.verdict, answer.ids(Role.PENDING)) == ("undecidable", ("B",))
    assert availability_each(group, ASKED).verdict == "undecidable"
    assert answer.reason


def test_from_the_agreed_observed_share_on_the_value_decides():
    rules = {"decide_on_observed_fraction": Decimal("0.95")}
    for unknown, verdict in ((50, "met"), (51, "undecidable")):
        group = [member("A", 20, unknown=unknown, **rules)]
        assert availability_mean(group, ASKED, rules=Rules(**rules)).verdict == verdict
        assert availability_each(group, ASKED, rules=Rules(**rules)).verdict == verdict


def test_no_system_is_not_applicable():
    assert availability_mean([], ASKED).verdict == "not_applicable"
    assert availability_each([member("A", 0, ast=0)], ASKED).ids(Role.LEFT_OUT) == ("A",)


def test_bad_groups_are_refused():
    with pytest.raises(BadMeasure):
        MeasuredTime("A", 10, down_us=11)
    with pytest.raises(RecordTwice):
        availability_mean([member("A", 0), member("A", 0)], ASKED)
    for weights in ((-1, 2), (0, 0)):
        with pytest.raises(BadWeights):
            availability_mean([member(str(i), 0, weight=w) for i, w in enumerate(weights)], ASKED, "importance")
    with pytest.raises(UnknownReading):
        availability_mean([member("A", 0)], ASKED, "median")
    with pytest.raises(UnknownReading):
        availability_each([member("A", 0)], ASKED, "some")


SEEN = st.text("UDGX", min_size=0, max_size=8)
RULES = st.builds(Rules, st.sampled_from([None, Decimal("0.5")]), st.booleans(), st.booleans())


@given(SEEN, RULES, st.sampled_from([Fraction(1, 2), Fraction(3, 4), Fraction(1)]))
def test_durations_alone_give_the_figures_of_the_ledger(seen, rules, objective):
    timeline = [(i, i + 1, LETTERS[letter]) for i, letter in enumerate(seen)]
    by_ledger = measure(timeline, [], period=(0, 8), in_service=[(0, len(seen))], now=8, rules=rules)
    count = {letter: seen.count(letter) for letter in LETTERS}
    one = MeasuredTime("S", len(seen), 0, count["X"], count["D"], count["G"], rules)
    for name in ("availability", "best", "worst", "observed_fraction", "excluded_fraction"):
        assert getattr(one, name) == getattr(by_ledger, name), name
    assert one.judge(objective) == by_ledger.judge(objective)


@given(st.lists(st.tuples(st.text("UDX", min_size=1, max_size=6), st.integers(0, 3)), min_size=1, max_size=4))
def test_counting_every_unit_of_every_system_agrees(systems):
    group = [
        Member(MeasuredTime(str(i), len(seen), 0, seen.count("X"), seen.count("D")), weight, str(i))
        for i, (seen, weight) in enumerate(systems)
    ]
    worst = [(Fraction(seen.count("U"), len(seen)), weight, len(seen)) for seen, weight in systems]
    best = [(Fraction(len(seen) - seen.count("D"), len(seen)), weight, len(seen)) for seen, weight in systems]
    for name, values in (("worst", worst), ("best", best)):
        weighted = [value for value, weight, _ in values for _ in range(weight)]
        by_unit = [value for value, _, length in values for _ in range(length)]
        plain = [value for value, _, _ in values]
        expected = {
            "equal": sum(plain) / len(plain),
            "time": sum(by_unit) / len(by_unit),
            "importance": sum(weighted) / len(weighted) if weighted else None,
            "minimum": min(plain),
        }
        for method, value in expected.items():
            assert getattr(combined(method, group, Rules()), name) == value, (method, name)
