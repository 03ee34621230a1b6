"""The fold against its worked tables and against a slow re-derivation of its rules."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core import shorthand

from opspact.core.errors import BadPolicy, UnknownState
from opspact.core.fold import FoldPolicy, FoldState, Result, Transition, expire, fold, ledger, revise
from opspact.core.instants import MINUTE, SECOND
from opspact.core.states import Observed

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN
POLICY = FoldPolicy(MINUTE)


def folded(results, sweep, policy=POLICY):
    state, transitions, late = fold(FoldState.new(0), results, policy)
    assert late == []
    state, silent = expire(state, sweep, policy)
    return ledger(UNKNOWN, 0, [*transitions, *silent], sweep)


def test_the_worked_table_holds(worked_table):
    for row in worked_table("states.md", "Worked table"):
        made = folded(shorthand.results(row["Results"]), int(row["Sweep"]) * MINUTE)
        assert made == shorthand.timeline(row["Ledger"]), row["Case"]


def test_the_table_of_late_results_holds(worked_table):
    for row in worked_table("states.md", "Late results"):
        start, end = (int(minute) * MINUTE for minute in row["Interval"].split("-"))
        made = revise(start, end, shorthand.results(row["Late results"]), POLICY)
        assert made == shorthand.timeline(row["Becomes"]), row["Case"]


def slow_ledger(results, end, policy):
    """Rules 1 to 3 read off the whole history: cut it at each blindness into stretches of sight, judge each alone."""
    stretches, blind_from = [[]], []
    last = None
    for at, seen in results:
        if last is not None and at - last > policy.valid_for_us:
            blind_from.append(last + policy.interval_us)
            stretches.append([])
        if seen is UNKNOWN:
            blind_from.append(at)
            stretches.append([])
        else:
            stretches[-1].append((at, seen))
        last = at
    if last is not None and end - last > policy.valid_for_us:
        blind_from.append(last + policy.interval_us)
        stretches.append([])
    boundaries = [(0, UNKNOWN)]
    for number, stretch in enumerate(stretches):
        changes, pending_from = judge_stretch(stretch, policy.confirm)
        boundaries += changes
        if number < len(blind_from):
            boundaries.append((blind_from[number] if pending_from is None else pending_from, UNKNOWN))
    pieces = []
    for (start, seen), (finish, _) in pairwise([*boundaries, (end, UNKNOWN)]):
        if start == finish:
            continue
        if pieces and pieces[-1][2] is seen:
            pieces[-1] = (pieces[-1][0], finish, seen)
        else:
            pieces.append((start, finish, seen))
    return pieces


def judge_stretch(stretch, confirm):
    """The changes of one stretch of unbroken sight, and where its unconfirmed failures begin."""
    changes, now, since = [], UNKNOWN, -1
    pending_from = None
    for i, (at, seen) in enumerate(stretch):
        if seen is UP:
            if now is not UP:
                now, since = UP, i
                changes.append((at, UP))
            pending_from = None
            continue
        if now is DOWN and seen is DEGRADED:
            now, since = DEGRADED, i
            changes.append((at, DEGRADED))
            pending_from = None
            continue
        run = stretch[max(0, i - confirm + 1) : i + 1]
        full = len(run) == confirm
        if now is not DOWN and full and all(s is DOWN for _, s in run):
            now, since = DOWN, i - confirm + 1
            changes.append((run[0][0], DOWN))
        elif now in (UP, UNKNOWN) and full and all(s is not UP for _, s in run):
            now, since = DEGRADED, i - confirm + 1
            changes.append((run[0][0], DEGRADED))
        pending_from = first_pending(stretch[: i + 1], now, since)
    return changes, pending_from


def first_pending(history, now, since):
    """The earliest of the trailing results that are worse than the state in force."""
    worse = {UP: (DEGRADED, DOWN), UNKNOWN: (DEGRADED, DOWN), DEGRADED: (DOWN,), DOWN: ()}[now]
    first = None
    for at, seen in reversed(history[since + 1 :] if now is not DEGRADED else history[since:]):
        if seen not in worse:
            break
        first = at
    return first


SEEN = st.sampled_from([UP, UP, DOWN, DOWN, DEGRADED, UNKNOWN])
STEPS = st.lists(st.tuples(st.sampled_from([30, 60, 60, 60, 100, 155, 156, 400]), SEEN), max_size=40)


def as_results(steps):
    at, results = 0, []
    for step, seen in steps:
        at += step * SECOND
        results.append(Result(at, seen))
    return results


@given(STEPS, st.integers(0, 500), st.integers(1, 4))
def test_it_agrees_with_a_slow_reading_of_the_rules(steps, wait, confirm):
    policy = FoldPolicy(MINUTE, confirm=confirm)
    results = as_results(steps)
    end = (results[-1].at if results else 0) + wait * SECOND + 1
    assert folded(results, end, policy) == slow_ledger([(r.at, r.seen) for r in results], end, policy)


@given(STEPS, st.lists(st.integers(0, 40), max_size=5), st.randoms(use_true_random=False))
def test_batches_and_order_within_them_change_nothing(steps, cuts, random):
    results = as_results(steps)
    whole = fold(FoldState.new(0), results, POLICY)
    state, transitions = FoldState.new(0), []
    edges = sorted({0, len(results), *(min(cut, len(results)) for cut in cuts)})
    for begin, finish in pairwise(edges):
        batch = results[begin:finish]
        random.shuffle(batch)
        state, made, late = fold(FoldState.from_json(json.loads(json.dumps(state.to_json()))), batch, POLICY)
        transitions += made
        assert late == []
    assert (state, transitions) == whole[:2]


@given(STEPS)
def test_a_sweep_before_each_result_writes_the_same_ledger(steps):
    results = as_results(steps)
    state, transitions = FoldState.new(0), []
    for result in results:
        state, silent = expire(state, result.at - 1, POLICY)
        state, made, late = fold(state, [result], POLICY)
        transitions += [*silent, *made]
        assert late == []
    _, expected, _ = fold(FoldState.new(0), results, POLICY)
    assert [t[:3] for t in transitions] == [t[:3] for t in expected]


@given(STEPS)
def test_transitions_never_go_back_and_always_chain(steps):
    _, transitions, _ = fold(FoldState.new(0), as_results(steps), POLICY)
    seen = UNKNOWN
    for before, after in pairwise([Transition(0, UNKNOWN, UNKNOWN, 0, None), *transitions]):
        assert before.at <= after.at <= after.confirmed_at
        assert after.before is seen is not after.after
        seen = after.after


def test_duplicates_are_dropped_and_older_results_come_back_as_late():
    state, _, _ = fold(FoldState.new(0), shorthand.results("1U 2U 3U"), POLICY)
    again, transitions, late = fold(state, shorthand.results("3D 2D 4U"), POLICY)
    assert late == shorthand.results("2D")
    assert transitions == []
    assert again.last_at == 4 * MINUTE


def test_a_result_still_on_its_way_when_the_sweep_passed_is_folded():
    state, _ = expire(FoldState.new(0), 10 * MINUTE, POLICY)
    state, transitions, late = fold(state, shorthand.results("9U"), POLICY)
    assert late == []
    assert transitions[0][:3] == (9 * MINUTE, UNKNOWN, UP)


def test_results_for_unknown_time_published_long_ago_come_back_as_late():
    state, _, _ = fold(FoldState.new(0), shorthand.results("1U"), POLICY)
    state, silent = expire(state, 60 * MINUTE, POLICY)
    assert silent[0][:3] == (2 * MINUTE, UP, UNKNOWN)
    state, transitions, late = fold(state, shorthand.results("2U 3U 59U"), POLICY)
    assert late == shorthand.results("2U 3U")
    assert transitions[0][:3] == (59 * MINUTE, UNKNOWN, UP)


def test_the_sweep_moves_seen_until_and_never_back():
    state, _, _ = fold(FoldState.new(0), shorthand.results("1U"), POLICY)
    swept, silent = expire(state, 2 * MINUTE, POLICY)
    assert (swept.seen, swept.seen_until, silent) == (UP, 2 * MINUTE, [])
    assert expire(swept, MINUTE, POLICY)[0].seen_until == 2 * MINUTE


@given(STEPS, st.integers(0, 20), st.integers(1, 20))
def test_a_revision_covers_exactly_its_interval(steps, start, length):
    begin, finish = start * MINUTE, (start + length) * MINUTE
    pieces = revise(begin, finish, as_results(steps), POLICY)
    assert pieces[0][0] == begin
    assert pieces[-1][1] == finish
    assert all(one[1] == two[0] and one[2] is not two[2] for one, two in pairwise(pieces))


def slow_revision(start, end, results, policy):
    """Rule 4 read off the late results alone: sight begins with the first, and what waits at the end stays unknown."""
    used = [(result.at, result.seen) for result in results if result.at < end]
    if not used:
        return [(start, end, UNKNOWN)]
    origin = min(start, used[0][0])
    pieces = slow_ledger([(at - origin, seen) for at, seen in used], end - origin, policy)
    waiting = waiting_from([(at, seen) for at, seen in used], end, policy)
    edges = {origin + a for a, _, _ in pieces} | ({waiting} if waiting is not None else set())
    points = [start, *sorted(edge for edge in edges if start < edge < end), end]
    made = []
    for begin, finish in pairwise(points):
        seen = next(seen for a, b, seen in pieces if a <= begin - origin < b)
        if waiting is not None and begin >= waiting:
            seen = UNKNOWN
        if made and made[-1][2] is seen:
            made[-1] = (made[-1][0], finish, seen)
        else:
            made.append((begin, finish, seen))
    return made


def waiting_from(results, end, policy):
    """The first of the failures that nobody confirmed before `end`, unless sight was lost by then."""
    stretch, last = [], None
    for at, seen in results:
        if seen is UNKNOWN or (last is not None and at - last > policy.valid_for_us):
            stretch = []
        if seen is not UNKNOWN:
            stretch.append((at, seen))
        last = at
    if not stretch or end - last > policy.valid_for_us:
        return None
    return judge_stretch(stretch, policy.confirm)[1]


@given(STEPS.map(lambda steps: steps[:10]), st.integers(0, 300), st.integers(1, 600), st.integers(1, 4))
def test_a_revision_agrees_with_a_slow_reading_of_the_late_results(steps, start, length, confirm):
    policy = FoldPolicy(MINUTE, confirm=confirm)
    results, begin, finish = as_results(steps), start * SECOND, (start + length) * SECOND
    assert revise(begin, finish, results, policy) == slow_revision(begin, finish, results, policy)


@given(STEPS.map(lambda steps: steps[:7]), st.data())
def test_late_is_what_rule_4_calls_late(steps, data):
    """Results arrive out of order, sweeps come between; the oracle judges each by all that was folded so far."""
    results = as_results(steps)
    arriving = data.draw(st.permutations(results)) if results else []
    state, folded_ones, swept = FoldState.new(0), [], 0
    for result in arriving:
        if data.draw(st.booleans()):
            swept = max(
                swept, max((each.at for each in folded_ones), default=0) + data.draw(st.integers(0, 600)) * SECOND
            )
            state, _ = expire(state, swept, POLICY)
        newest = max((each.at for each in folded_ones), default=None)
        covered = max(swept, newest or 0)
        pieces = slow_ledger([(each.at, each.seen) for each in folded_ones], covered + 1, POLICY)
        since, _, seen = pieces[-1]
        known_blind = max(swept, newest or 0) - POLICY.valid_for_us if seen is UNKNOWN else -1
        is_late = (newest is not None and result.at < newest) or result.at < since or result.at <= known_blind
        state, _, late = fold(state, [result], POLICY)
        assert late == ([result] if is_late else [])
        if not late:
            folded_ones.append(result)


@given(st.lists(st.integers(0, 2), max_size=10), st.sampled_from([DOWN, DEGRADED]))
def test_failures_that_never_reach_confirmation_leave_no_trace(runs, seen):
    """Flapping: after each success at most two failures in a row, however often."""
    shown = [UP, *(each for run in runs for each in [*[seen] * run, UP])]
    results = [Result(minute * MINUTE, each) for minute, each in enumerate(shown)]
    assert folded(results, len(results) * MINUTE) == [(0, len(results) * MINUTE, UP)]


@given(st.lists(st.integers(0, 2), max_size=4), st.integers(3, 6), st.lists(st.integers(0, 2), max_size=4))
def test_an_outage_amid_flapping_lasts_from_its_first_failure_to_the_first_success(before, length, after):
    shown = [UP, *(each for run in before for each in [*[DOWN] * run, UP])]
    start = len(shown)
    shown += [*[DOWN] * length, UP, *(each for run in after for each in [*[DOWN] * run, UP])]
    results = [Result(minute * MINUTE, each) for minute, each in enumerate(shown)]
    assert folded(results, len(shown) * MINUTE) == [
        (0, start * MINUTE, UP),
        (start * MINUTE, (start + length) * MINUTE, DOWN),
        ((start + length) * MINUTE, len(shown) * MINUTE, UP),
    ]


def test_it_refuses_a_state_it_does_not_know():
    with pytest.raises(UnknownState, match="fine is not an observed state"):
        fold(FoldState.new(0), [Result(1, "fine")], POLICY)


@pytest.mark.parametrize("wrong", [{"interval_us": 0}, {"confirm": 0}, {"patience": MINUTE - 1}])
def test_it_refuses_a_policy_that_cannot_work(wrong):
    with pytest.raises(BadPolicy):
        FoldPolicy(**{"interval_us": MINUTE, **wrong})
