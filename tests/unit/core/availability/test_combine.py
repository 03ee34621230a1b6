"""Combining checks against a pointwise evaluation of the rule."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opspact.core.availability.combine import Expression, combine, combine_dated
from opspact.core.errors import BadExpression, IntervalsOverlap
from opspact.core.states import Observed

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN
END = 30

CODES = st.sampled_from("ABCDE")
LEAVES = CODES.map(lambda code: {"check": code})


def groups(members):
    lists = st.lists(members, min_size=1, max_size=4, unique_by=lambda member: repr(Expression.parse(member)))
    return st.one_of(
        lists.map(lambda of: {"all": of}),
        lists.map(lambda of: {"any": of}),
        lists.flatmap(lambda of: st.integers(1, len(of)).map(lambda k: {"k": k, "of": of})),
    )


TREES = st.recursive(LEAVES, groups, max_leaves=8)


@st.composite
def timeline(draw):
    pieces, at = [], draw(st.integers(-3, 5))
    for _ in range(draw(st.integers(0, 6))):
        end = at + draw(st.integers(1, 8))
        pieces.append((at, end, draw(st.sampled_from(list(Observed)))))
        at = end + draw(st.sampled_from([0, 0, 0, 1, 4]))
    return pieces


TIMELINES = st.dictionaries(CODES, timeline())


def seen_at(timeline, point):
    return next((seen for start, end, seen in timeline if start <= point < end), UNKNOWN)


def evaluate(data, timelines, point):
    """What the words of the rule say about one instant."""
    if "check" in data:
        return seen_at(timelines.get(data["check"], []), point)
    members = data.get("all") or data.get("any") or data["of"]
    k = len(members) if "all" in data else data.get("k", 1)
    states = [evaluate(member, timelines, point) for member in members]
    if states.count(UP) >= k:
        return UP
    if sum(state in (UP, DEGRADED) for state in states) >= k:
        return DEGRADED
    return UNKNOWN if sum(state is not DOWN for state in states) >= k else DOWN


@given(TREES, TIMELINES)
def test_it_agrees_with_the_rule_at_every_instant(tree, timelines):
    made = combine(Expression.parse(tree), timelines, 0, END)
    assert [made[0][0], made[-1][1]] == [0, END]
    assert [seen_at(made, point) for point in range(END)] == [evaluate(tree, timelines, p) for p in range(END)]
    assert all(one[1] == two[0] and one[2] is not two[2] for one, two in pairwise(made))


@given(TREES, TREES, TIMELINES, st.integers(0, END), st.integers(0, END))
def test_a_rule_that_changes_holds_from_its_date(first, second, timelines, change, gap):
    dated = [(None, change, Expression.parse(first)), (change + gap, None, Expression.parse(second))]
    made = combine_dated(dated, timelines, 0, END)
    for point in range(END):
        tree = first if point < change else second if point >= change + gap else None
        assert seen_at(made, point) is (evaluate(tree, timelines, point) if tree else UNKNOWN)


@given(TREES)
def test_an_expression_survives_json(tree):
    expression = Expression.parse(tree)
    assert Expression.parse(expression.to_json()) == expression


def test_one_of_two_lines_up_is_enough_for_a_redundant_pair():
    pair = Expression.parse({"any": [{"check": "LINE-1"}, {"check": "LINE-2"}]})
    lines = {"LINE-1": [(0, 10, DOWN)], "LINE-2": [(0, 5, UP), (5, 10, DOWN)]}
    assert combine(pair, lines, 0, 10) == [(0, 5, UP), (5, 10, DOWN)]


def test_two_rules_for_one_time_are_refused():
    rule = Expression.parse({"check": "A"})
    with pytest.raises(IntervalsOverlap):
        combine_dated([(0, 6, rule), (5, None, rule)], {}, 0, 10)


@pytest.mark.parametrize(
    ("rubbish", "path"),
    [
        (None, "$"),
        ([], "$"),
        ({}, "$"),
        ({"check": ""}, "$.check"),
        ({"check": "A", "k": 1}, "$"),
        ({"all": []}, "$.all"),
        ({"any": {"check": "A"}}, "$.any"),
        ({"all": [{"check": "A"}, {"any": [3]}]}, "$.all[1].any[0]"),
        ({"k": 0, "of": [{"check": "A"}]}, "$.k"),
        ({"k": 2, "of": [{"check": "A"}]}, "$.k"),
        ({"k": True, "of": [{"check": "A"}]}, "$.k"),
        ({"all": [{"check": "A"}, {"check": "A"}]}, "$.all[1]"),
    ],
)
def test_it_names_the_place_of_what_is_no_rule(rubbish, path):
    with pytest.raises(BadExpression) as caught:
        Expression.parse(rubbish)
    assert caught.value.params["path"] == path


def test_it_refuses_endless_nesting():
    tree = {"check": "A"}
    for _ in range(5000):
        tree = {"all": [tree]}
    with pytest.raises(BadExpression, match="nested too deeply"):
        Expression.parse(tree)
