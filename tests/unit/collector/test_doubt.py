"""Which failures a collector may believe. Times are monotonic seconds; 1000 is the start."""

import pytest

from opspact.collector.doubt import Doubt


def watched(until: float) -> Doubt:
    """A collector whose event loop was never late until then."""
    doubt = Doubt(1_000.0)
    doubt.ticked(until - 0.25, until, 0.0)
    return doubt


def test_a_failure_stands_when_the_uplink_was_seen_after_it() -> None:
    doubt = watched(1_020)
    doubt.looked(1_000, 1_000.1, seen=True)
    assert doubt.verdict("down", 1_010, 1_012, local=False) == "wait"
    doubt.looked(1_013, 1_013.1, seen=True)
    assert doubt.verdict("down", 1_010, 1_012, local=False) is None


def test_a_failure_while_nothing_outside_was_seen_is_unknown() -> None:
    doubt = watched(1_030)
    doubt.looked(1_005, 1_005.1, seen=True)
    doubt.looked(1_013, 1_014, seen=False)
    assert not doubt.uplink
    assert doubt.verdict("down", 1_010, 1_012, local=False) == "uplink"
    doubt.looked(1_020, 1_020.1, seen=True)
    assert doubt.uplink
    assert doubt.verdict("down", 1_010, 1_012, local=False) == "uplink"
    assert doubt.verdict("down", 1_021, 1_022, local=False) == "wait"


def test_the_uplink_counts_as_down_from_the_last_time_it_was_seen() -> None:
    doubt = watched(1_030)
    doubt.looked(1_005, 1_005.1, seen=True)
    doubt.looked(1_013, 1_014, seen=False)
    doubt.looked(1_020, 1_020.1, seen=True)
    doubt.looked(1_025, 1_025.1, seen=True)
    assert doubt.verdict("down", 1_004, 1_005, local=False) is None
    assert doubt.verdict("down", 1_004, 1_006, local=False) == "uplink"
    assert doubt.verdict("down", 1_021, 1_022, local=False) is None


def test_targets_on_this_machine_need_no_uplink() -> None:
    doubt = watched(1_030)
    doubt.looked(1_013, 1_014, seen=False)
    assert doubt.verdict("down", 1_010, 1_012, local=True) is None


def test_a_collector_with_nothing_to_look_at_believes_what_it_sees() -> None:
    doubt = watched(1_030)
    doubt.looked(1_001, 1_001.1, seen=None)
    assert doubt.uplink
    assert doubt.verdict("down", 1_010, 1_012, local=False) is None


def test_an_answer_from_any_target_outside_proves_the_uplink() -> None:
    doubt = watched(1_030)
    doubt.looked(1_005, 1_005.1, seen=True)
    doubt.heard(1_013, 1_013.5)
    doubt.looked(1_013, 1_014, seen=False)
    assert doubt.uplink
    assert doubt.verdict("down", 1_010, 1_012, local=False) is None


@pytest.mark.parametrize(("lag", "verdict"), [(0.9, None), (1.1, "lag")])
def test_a_failure_while_the_collector_itself_stood_still_is_unknown(lag: float, verdict: str | None) -> None:
    doubt = watched(1_005)
    doubt.ticked(1_005, 1_005.25 + lag, lag)
    assert doubt.verdict("down", 1_004, 1_005.5, local=True) == verdict
    assert doubt.verdict("degraded", 1_004, 1_005.5, local=True) == verdict
    assert doubt.verdict("up", 1_004, 1_005.5, local=True) is None
    assert doubt.verdict("down", 1_001, 1_002, local=True) is None
    assert doubt.take_worst_lag() == lag
    assert doubt.take_worst_lag() == 0.0


def test_a_result_is_held_until_the_lag_of_its_time_is_known() -> None:
    assert watched(1_005).verdict("down", 1_004, 1_005.1, local=True) == "wait"


@pytest.mark.parametrize("seen", ["up", "degraded", "down"])
def test_any_result_around_a_jump_of_the_clock_is_unknown(seen: str) -> None:
    doubt = watched(1_030)
    doubt.jumped(1_009, 1_010)
    assert doubt.verdict(seen, 1_008, 1_009.5, local=True) == "clock"  # type: ignore[arg-type]
    assert doubt.verdict("up", 1_011, 1_012, local=True) is None


def test_what_is_unknown_already_keeps_its_own_reason() -> None:
    doubt = watched(1_005)
    doubt.jumped(1_000, 1_010)
    assert doubt.verdict("unknown", 1_004, 1_006, local=False) is None
