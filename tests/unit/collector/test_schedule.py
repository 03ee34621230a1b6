"""The schedule: every moment of a check is in exactly one slot, and every slot is run or missed."""

from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from opspact.collector.schedule import Due, Planner, grid_at_or_after, offset
from opspact.core.instants import SECOND
from opspact.probes.wire import Assignment

NOW = 1_700_000_000 * SECOND


def check(number: int, interval_s: int = 10, address: str = "a:1") -> Assignment:
    return Assignment(check=number, kind="tcp", address=address, interval_s=interval_s, timeout_s=1.0)


def first_due(planner: Planner) -> tuple[Due, int]:
    """The first slot of the only check, and when it began."""
    now = planner.next_start()
    assert now is not None
    due, missed = planner.due(now)
    assert missed == []
    return due[0], now


def test_the_grid_of_a_check_is_the_same_after_a_restart_and_differs_between_checks() -> None:
    assert [offset(number, 60 * SECOND) for number in (1, 2)] == [offset(number, 60 * SECOND) for number in (1, 2)]
    assert offset(1, 60 * SECOND) != offset(2, 60 * SECOND)


def test_checks_are_spread_evenly_over_their_interval() -> None:
    tenths: dict[int, int] = defaultdict(int)
    for number in range(1, 10_001):
        tenths[offset(number, 60 * SECOND) // (6 * SECOND)] += 1
    assert sorted(tenths) == list(range(10))
    assert all(900 < count < 1_100 for count in tenths.values())


@given(st.integers(1, 2**40), st.integers(1, 86_400), st.integers(0, 2**51))
def test_a_grid_point_is_found_at_or_after_any_instant(number: int, interval_s: int, at: int) -> None:
    interval = interval_s * SECOND
    point = grid_at_or_after(number, interval, at)
    assert at <= point < at + interval
    assert point % interval == offset(number, interval)


def test_a_new_check_begins_within_five_seconds_however_long_its_interval() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1, interval_s=86_400)], NOW, {})
    due, began = first_due(planner)
    assert NOW <= began < NOW + 5 * SECOND
    assert due.slot.start == began


def test_a_check_runs_once_an_interval() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1)], NOW, {})
    starts = []
    for second in range(120):
        due, missed = planner.due(NOW + second * SECOND)
        assert missed == []
        for one in due:
            starts.append(one.slot.start)
            planner.finished(1)
    assert 12 <= len(starts) <= 13
    assert all(later - earlier == 10 * SECOND for earlier, later in pairwise(starts[1:]))


def test_a_slot_whose_check_still_runs_is_missed_as_busy() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1)], NOW, {})
    first, _ = first_due(planner)
    due, missed = planner.due(first.slot.end)
    assert due == []
    assert [(one.from_us, one.to_us, one.reason) for one in missed] == [
        (first.slot.end, first.slot.end + 10 * SECOND, "busy")
    ]


def test_a_slot_that_got_no_turn_is_missed_for_lack_of_capacity_and_the_next_takes_its_place() -> None:
    planner = Planner(capacity=1)
    long, short = check(1, 3_600), check(2, 10)
    planner.assign([long], NOW, {})
    first_due(planner)
    later = NOW + 10 * SECOND
    planner.assign([long, short], later, {})
    assert planner.due(later + 5 * SECOND) == ([], [])
    due, missed = planner.due(later + 15 * SECOND)
    assert due == []
    assert [(one.check, one.reason) for one in missed] == [(2, "capacity")]
    planner.finished(1)
    due, missed = planner.due(later + 15 * SECOND)
    assert [one.assignment.check for one in due] == [2]
    assert due[0].slot.start <= later + 15 * SECOND < due[0].slot.end


def test_slots_that_ended_before_anybody_looked_are_missed_as_lag() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1)], NOW, {})
    first, _ = first_due(planner)
    planner.finished(1)
    due, missed = planner.due(first.slot.end + 35 * SECOND)
    assert [(one.from_us, one.to_us, one.reason) for one in missed] == [
        (first.slot.end, first.slot.end + 30 * SECOND, "lag")
    ]
    assert due[0].slot.start == first.slot.end + 30 * SECOND


def test_time_before_a_restart_that_nobody_accounted_for_is_missed_as_stopped() -> None:
    planner = Planner(capacity=10)
    until = NOW - 3_600 * SECOND
    missed = planner.assign([check(1)], NOW, {1: until})
    assert [(one.from_us, one.reason) for one in missed] == [(until, "stopped")]
    assert missed[0].to_us == planner.next_start()


def test_a_quick_restart_waits_for_the_end_of_the_slot_it_had_answered() -> None:
    planner = Planner(capacity=10)
    until = NOW + 4 * SECOND
    assert planner.assign([check(1)], NOW, {1: until}) == []
    assert planner.next_start() == until


def test_a_clock_set_forward_skips_slots_as_clock_and_one_set_back_goes_on_at_once() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1)], NOW, {})
    first, _ = first_due(planner)
    planner.finished(1)
    missed = planner.jumped(NOW + 3_600 * SECOND)
    assert [(one.from_us, one.reason) for one in missed] == [(first.slot.end, "clock")]
    assert planner.jumped(NOW) == []
    start = planner.next_start()
    assert start is not None
    assert NOW <= start < NOW + 10 * SECOND


def test_a_changed_check_is_run_soon_and_an_unchanged_one_keeps_its_slots() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1, 3_600)], NOW, {})
    first_due(planner)
    planner.finished(1)
    before = planner.next_start()
    planner.assign([check(1, 3_600)], NOW + 60 * SECOND, {})
    assert planner.next_start() == before
    planner.assign([check(1, 3_600, address="b:2")], NOW + 60 * SECOND, {})
    after = planner.next_start()
    assert after is not None
    assert after < NOW + 65 * SECOND


def test_a_check_that_is_gone_is_not_run() -> None:
    planner = Planner(capacity=10)
    planner.assign([check(1), check(2)], NOW, {})
    planner.assign([check(2)], NOW, {})
    due, _ = planner.due(NOW + 9 * SECOND)
    assert [one.assignment.check for one in due] == [2]
    assert len(planner) == 1


step = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 40_000_000)),
    st.tuples(st.just("finish"), st.integers(0, 5)),
    st.tuples(st.just("change"), st.integers(1, 6)),
)


@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
    st.integers(1, 4),
    st.lists(step, max_size=60),
)
def test_every_moment_is_either_given_to_a_run_or_missed_and_only_once(
    intervals: list[int], capacity: int, steps: list[tuple[str, int]]
) -> None:
    checks = [check(number, interval) for number, interval in enumerate(intervals, start=1)]
    planner = Planner(capacity)
    missed = planner.assign(checks, NOW, {one.check: NOW for one in checks})
    given_out: list[tuple[int, int, int]] = []
    running: list[Due] = []
    now = NOW
    for what, amount in steps:
        if what == "wait":
            now += amount
        elif what == "finish" and running:
            planner.finished(running.pop(amount % len(running)).assignment.check)
        elif what == "change":
            missed += planner.assign(checks[:], now, {})
        due, more = planner.due(now)
        missed += more
        running += due
        given_out += [(one.assignment.check, one.slot.start, one.slot.end) for one in due]
        assert len(running) <= capacity
        assert len({one.assignment.check for one in running}) == len(running)
    for one in checks:
        spans = [(start, end) for number, start, end in given_out if number == one.check]
        spans += [(gap.from_us, gap.to_us) for gap in missed if gap.check == one.check]
        spans.sort()
        assert all(start < end for start, end in spans)
        assert all(earlier[1] == later[0] for earlier, later in pairwise(spans))
        assert not spans or spans[0][0] == NOW
        # What is not given out yet waits for its turn or has not begun: at most the present slot of the check.
        assert not spans or now - spans[-1][1] < 1.5 * one.interval_s * SECOND
