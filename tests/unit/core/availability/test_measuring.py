"""Measuring against a walk over every tick, with every setting; many periods, and columns against plain ledgers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.availability.walking import (
    DEGRADED,
    DOWN,
    GRANTS,
    LIMIT,
    RULES,
    SERVED,
    SERVICE,
    SPANS,
    UNKNOWN,
    UP,
    covers,
    faulty,
    judged_ticks,
    outages_of,
    timelines,
)

from opspact.core.availability import Basis, Columns, Granted, Rules, Spans, measure, series
from opspact.core.availability.errors import (
    BadGap,
    BadGrant,
    BadThreshold,
    PieceReversed,
    PiecesOverlap,
    PieceUnknownState,
)
from opspact.core.states import Observed, State, Verdict

EXCLUDED = (State.MAINTENANCE, State.EXCUSED)


def ratio(part, whole):
    return Fraction(part, whole) if whole else None


def bounds(seen, rules):
    """Availability, best and worst of ticks by what was seen in them, by the words of the rules."""
    unknown, n = seen.count(UNKNOWN), len(seen) - seen.count(UNKNOWN)
    down = sum(faulty(state, rules) for state in seen if state is not UNKNOWN)
    worst = ratio(n - down, n + unknown)
    if rules.unknown_is_down:
        return worst, worst, worst
    return ratio(n - down, n), ratio(n + unknown - down, n + unknown), worst


@given(timelines(), st.lists(GRANTS, max_size=4), SERVED, SERVICE, SPANS, st.integers(0, LIMIT + 5), RULES)
def test_it_agrees_with_a_walk_over_every_tick(observed, grants, in_service, service_time, period, now, rules):
    made = measure(
        observed, grants, period=period, in_service=in_service, service_time=service_time, now=now, rules=rules
    )
    ticks = judged_ticks(observed, grants, in_service, service_time, period, now)
    left = [seen for state, seen in ticks.values() if state not in EXCLUDED]
    assert {at: state for a, b, state in made.timeline for at in range(a, b)} == {
        at: state for at, (state, _) in ticks.items()
    }
    assert made.ast_us == len(ticks)
    assert made.excluded_us == len(ticks) - len(left)
    assert (made.up_us, made.degraded_us, made.down_us, made.unknown_us) == tuple(
        left.count(state) for state in (UP, DEGRADED, DOWN, UNKNOWN)
    )
    assert made.counted_down_us == sum(faulty(seen, rules) for seen in left)
    assert (made.availability, made.best, made.worst) == bounds(left, rules)
    raw = [seen for _, seen in ticks.values()]
    assert (made.raw, made.raw_best, made.raw_worst) == bounds(raw, rules)
    assert made.observed_fraction == ratio(len(left) - left.count(UNKNOWN), len(left))
    assert made.excluded_fraction == ratio(len(ticks) - len(left), len(ticks))


@given(timelines(), st.lists(GRANTS, max_size=3), SERVED, SERVICE, st.integers(0, LIMIT + 5), RULES)
def test_the_outages_are_the_runs_of_bad_ticks(observed, grants, in_service, service_time, now, rules):
    period = (0, LIMIT)
    made = measure(
        observed, grants, period=period, in_service=in_service, service_time=service_time, now=now, rules=rules
    )
    ticks = judged_ticks(observed, grants, in_service, service_time, period, now)
    expected = outages_of(observed, grants, ticks, period, now, rules)
    assert [tuple(outage) for outage in made.outages] == expected
    assert sum(outage.down_us for outage in made.outages) == made.counted_down_us
    assert made.longest_us == max((down for *_, down in expected), default=0)
    assert made.mttr_us == (made.counted_down_us // len(expected) if expected else None)
    well = sum(
        state not in EXCLUDED and seen is not UNKNOWN and not faulty(seen, rules) for state, seen in ticks.values()
    )
    assert made.mtbf_us == (well // len(expected) if expected else None)


@given(timelines(), st.lists(GRANTS, max_size=3), SERVED, SERVICE, st.integers(0, LIMIT + 5), RULES)
def test_each_figure_has_the_intervals_that_made_it(observed, grants, in_service, service_time, now, rules):
    made = measure(
        observed, grants, period=(0, LIMIT), in_service=in_service, service_time=service_time, now=now, rules=rules
    )
    lengths = {state: sum(end - start for start, end in made.intervals(state)) for state in State}
    assert lengths[State.UP] == made.up_us
    assert lengths[State.DOWN] == made.down_us
    assert lengths[State.DEGRADED] == made.degraded_us
    assert lengths[State.UNKNOWN] == made.unknown_us
    assert lengths[State.MAINTENANCE] + lengths[State.EXCUSED] == made.excluded_us
    assert sum(end - start for start, end in made.excluded_intervals) == made.excluded_us
    assert sum(end - start for start, end in made.counted_down_intervals) == made.counted_down_us
    marked = [(a, b) for kind, a, b, at in grants if kind == "unusable" and at is not None and at <= now]
    degraded = [tick for a, b, seen in observed if seen is DEGRADED for tick in range(a, b)]
    down = {tick for start, end in made.intervals(State.DOWN) for tick in range(start, end)}
    assert made.unusable_us == sum(tick in down and covers(marked, tick) for tick in degraded)


@given(timelines(), st.lists(GRANTS, max_size=3), SERVED, SERVICE, st.lists(SPANS, max_size=4), RULES)
def test_many_periods_of_one_ledger_are_each_as_if_measured_alone(
    observed, grants, in_service, service_time, periods, rules
):
    readings = {"in_service": in_service, "service_time": service_time, "now": 20, "rules": rules}
    together = series(Basis.of(observed, grants, **readings), periods)
    alone = [measure(observed, grants, period=period, **readings) for period in periods]
    assert together == alone
    assert [one.timeline for one in together] == [one.timeline for one in alone]


@given(
    timelines(), st.lists(GRANTS, max_size=3), SERVICE, RULES, st.fractions(Fraction(1, 2), 1), st.integers(0, LIMIT)
)
def test_the_downtime_left_is_the_most_that_can_be_added(observed, grants, service_time, rules, goal, now):
    """Tried out: the service time to come is down from its start on, one tick more and one tick less."""
    end = LIMIT + 20
    readings = {"in_service": [(0, end)], "service_time": service_time, "rules": rules}
    grants = [grant for grant in grants if grant.approved_at is not None and grant.approved_at <= now]
    past = [(a, min(b, now), seen) for a, b, seen in observed if a < now]
    so_far = measure(past, grants, period=(0, end), now=now, **readings)
    left = so_far.budget_left(goal, end)
    to_come = [
        tick
        for tick, (state, _) in judged_ticks([], grants, [(0, end)], service_time, (now, end), end).items()
        if state not in EXCLUDED
    ]
    for spent in {left, left + 1, 0} & set(range(len(to_come) + 1)):
        down = set(to_come[:spent])
        future = [(tick, tick + 1, DOWN if tick in down else UP) for tick in range(now, end)]
        verdict = measure([*past, *future], grants, period=(0, end), now=end, **readings).judge(goal)
        if verdict is not Verdict.NOT_APPLICABLE:
            assert (verdict is Verdict.MET) == (spent <= left)


@given(timelines(), st.randoms(use_true_random=False), st.integers(0, LIMIT), st.integers(0, LIMIT))
def test_columns_say_the_same_as_the_plain_ledger_in_any_order(observed, random, one, other):
    shuffled = [*observed, (7, 7, UP), *((a, a, DOWN) for a, _, _ in observed)]
    random.shuffle(shuffled)
    start, end = min(one, other), max(one, other)
    for columns in (Columns.of(observed), Columns.of(shuffled), Columns.of((a, b, str(s)) for a, b, s in observed)):
        made = columns.timeline(start, end)
        assert [seen for a, b, seen in made for _ in range(a, b)] == [
            next((seen for a, b, seen in observed if a <= tick < b), UNKNOWN) for tick in range(start, end)
        ]
        for state in Observed:
            inside = columns[state].within(start, end)
            assert inside.total_us == sum(b - a for a, b, seen in made if seen is state)


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=6), SPANS)
def test_spans_calculate_like_sets_of_ticks(one, other, window):
    left, right = Spans.of(one, "one"), Spans.of(other, "other")
    ticks = [{tick for a, b in spans for tick in range(a, b)} for spans in (one, other)]

    def held(spans):
        return {tick for a, b in spans.intervals() for tick in range(a, b)}

    assert held(left.both(right)) == ticks[0] & ticks[1]
    assert held(left.minus(right)) == ticks[0] - ticks[1]
    assert left.common_us(right) == right.common_us(left) == len(ticks[0] & ticks[1])
    assert held(left.within(*window)) == {tick for tick in ticks[0] if window[0] <= tick < window[1]}
    assert left.total_us == left.before[-1] == len(ticks[0])


WHOLE = {"period": (0, 10), "in_service": [(0, 10)], "now": 10}


@pytest.mark.parametrize(
    ("wrong", "error", "params"),
    [
        ({"observed": [(0, 2, UP), (5, 4, DOWN)]}, PieceReversed, {"element": "observed", "position": 1}),
        ({"observed": [(6, 8, UP), (0, 3, UP), (2, 4, DOWN)]}, PiecesOverlap, {"position": 2, "other": 1}),
        ({"observed": [(0, 2, UP), (2, 4, "fine")]}, PieceUnknownState, {"position": 1, "value": "fine"}),
        ({"observed": [(2, 4, UP), (0, 2, "")]}, PieceUnknownState, {"position": 1}),
        ({"granted": [Granted("excused", 5, 4, None)]}, PieceReversed, {"element": "granted", "position": 0}),
        (
            {"granted": [Granted("excused", 4, 5, 1), Granted("luck", 0, 1, 0)]},
            BadGrant,
            {"position": 1, "kind": "luck"},
        ),
        ({"in_service": [(0, 5), (9, 6)]}, PieceReversed, {"element": "in_service", "position": 1}),
        ({"service_time": [(0, 5), (7, 6)]}, PieceReversed, {"element": "service_time", "position": 1}),
        ({"period": (5, 4)}, PieceReversed, {"element": "period"}),
    ],
)
def test_it_names_the_element_and_its_position(wrong, error, params):
    with pytest.raises(error) as caught:
        measure(**{"observed": [], "granted": [], **WHOLE, **wrong})
    assert params.items() <= caught.value.params.items()
    assert caught.value.message % caught.value.params


def test_readings_that_cannot_be_meant_are_refused():
    with pytest.raises(BadThreshold):
        Rules(decide_on_observed_fraction=95)
    with pytest.raises(BadGap):
        Rules(merge_gap_us=-1)
