"""How a stop spreads: the worked cases of docs/why/impact.md, and random graphs against a slow reading of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hypothesis import given
from hypothesis import strategies as st

from opspact.assets.impact.spread import Extent, Need, closure, single_points, spread

FINE, DEGRADED, STOPPED = Extent.FINE, Extent.DEGRADED, Extent.STOPPED
OA, DUTY, WEB1, WEB2, DB, HOST, SWITCH, UPS_A, UPS_B = range(1, 10)


def around_of(needs: Iterable[Need]) -> object:
    needs = list(needs)

    def around(nodes: Collection[int]) -> list[Need]:
        direct = [need for need in needs if need.on in nodes]
        grouped = {(need.who, need.group) for need in direct if need.group}
        return direct + [need for need in needs if (need.who, need.group) in grouped]

    return around


HOUSE = [
    Need(OA, WEB1, "web"),
    Need(OA, WEB2, "web"),
    Need(OA, DB),
    Need(WEB1, HOST),
    Need(WEB2, SWITCH),
    Need(DB, HOST),
    Need(HOST, UPS_A, "power"),
    Need(HOST, UPS_B, "power"),
    Need(DUTY, SWITCH, is_loose=True),
]


def suffers(*stopped: int, needs: Iterable[Need] = HOUSE) -> dict[int, Extent]:
    found = spread(dict.fromkeys(stopped, STOPPED), around_of(needs))  # type: ignore[arg-type]
    return {node: extent for node, extent in found.extent.items() if node not in stopped}


def test_one_of_a_group_degrades_and_all_of_it_stop() -> None:
    assert suffers(WEB1) == {OA: DEGRADED}
    assert suffers(WEB1, WEB2) == {OA: STOPPED}


def test_a_stop_goes_on_through_what_stands_alone() -> None:
    assert suffers(HOST) == {WEB1: STOPPED, DB: STOPPED, OA: STOPPED}


def test_half_of_the_power_degrades_what_hangs_on_it_but_a_group_with_a_healthy_member_feels_nothing() -> None:
    needs = [each for each in HOUSE if each.on != DB]
    assert suffers(UPS_A, needs=needs) == {HOST: DEGRADED, WEB1: DEGRADED, DB: DEGRADED}


def test_a_group_without_a_healthy_member_is_degraded() -> None:
    needs = [Need(OA, WEB1, "g"), Need(OA, WEB2, "g"), Need(WEB1, DB, "x"), Need(WEB1, HOST, "x"), Need(WEB2, SWITCH)]
    assert suffers(DB, needs=needs) == {WEB1: DEGRADED}
    assert suffers(DB, SWITCH, needs=needs) == {WEB1: DEGRADED, WEB2: STOPPED, OA: DEGRADED}


def test_a_loose_need_never_stops() -> None:
    assert suffers(SWITCH) == {WEB2: STOPPED, OA: DEGRADED, DUTY: DEGRADED}


def test_with_a_bound_it_stops_and_says_so() -> None:
    chain = [Need(node, node + 1) for node in range(100)]
    found = spread({100: STOPPED}, around_of(chain), most=10)  # type: ignore[arg-type]
    assert found.is_cut
    assert 10 < len(found.extent) < 20


def test_single_points_are_what_nothing_backs_up() -> None:
    def needs_of(nodes: Collection[int]) -> list[Need]:
        return [need for need in HOUSE if need.who in nodes]

    found = closure(OA, needs_of, 100)
    assert found.extent.keys() == {OA, WEB1, WEB2, DB, HOST, SWITCH, UPS_A, UPS_B}
    assert single_points(OA, found) == {DB, HOST}


NODES = st.integers(0, 6)
NEEDS = st.lists(
    st.builds(Need, NODES, NODES, st.sampled_from(["", "", "g", "h"]), st.booleans()).map(
        lambda need: need._replace(is_loose=need.is_loose and not need.group)
    ),
    max_size=14,
    unique=True,
)
SEEDS = st.dictionaries(NODES, st.sampled_from([DEGRADED, STOPPED]), min_size=1, max_size=3)


def slowly(seeds: dict[int, Extent], needs: list[Need]) -> dict[int, Extent]:
    """Say everything of everybody again and again, in the words of the page, until nothing changes."""
    state = {node: seeds.get(node, FINE) for node in range(7)}
    while True:
        after = dict(state)
        for who in range(7):
            mine = [need for need in needs if need.who == who]
            verdicts = [state[need.on] for need in mine if not need.group and not need.is_loose]
            verdicts += [DEGRADED for need in mine if need.is_loose and state[need.on] != FINE]
            for group in {need.group for need in mine if need.group}:
                members = [state[need.on] for need in mine if need.group == group]
                if all(member == STOPPED for member in members):
                    verdicts.append(STOPPED)
                elif any(member == STOPPED for member in members) or all(member != FINE for member in members):
                    verdicts.append(DEGRADED)
            after[who] = max([state[who], *verdicts])
        if after == state:
            return {node: extent for node, extent in state.items() if extent != FINE}
        state = after


@given(SEEDS, NEEDS)
def test_it_agrees_with_a_slow_reading_of_the_rules(seeds: dict[int, Extent], needs: list[Need]) -> None:
    assert spread(seeds, around_of(needs)).extent == slowly(seeds, needs)  # type: ignore[arg-type]


@given(NEEDS, NODES)
def test_a_single_point_is_what_stops_it_alone(needs: list[Need], start: int) -> None:
    found = closure(start, lambda nodes: [need for need in needs if need.who in nodes], 100)
    alone = {node for node in range(7) if node != start and slowly({node: STOPPED}, needs).get(start) == STOPPED}
    assert single_points(start, found) == alone
