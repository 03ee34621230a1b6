"""From what a probe sees to what is written down, with a real spool and a real event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from opspact.collector.clock import Clock
from opspact.collector.doubt import Doubt
from opspact.collector.runner import Runner
from opspact.collector.spool import Formed
from opspact.collector.store import Limits, Store
from opspact.probes.kind import Outcome
from opspact.probes.wire import Assignment

OUTSIDE = "192.0.2.200:9"
INSIDE = "127.0.0.1:9"

Ask = Callable[[Assignment], Awaitable[Outcome]]


def check(number: int, address: str) -> Assignment:
    return Assignment(check=number, kind="tcp", address=address, interval_s=1, timeout_s=1.0)


async def saying(assignment: Assignment) -> Outcome:
    return Outcome("down", detail="timeout")


class World:
    """A runner whose clocks are the machine's unless a test sets them."""

    def __init__(self, folder: Path, ask: Ask = saying) -> None:
        self.clock = Clock()
        self.doubt = Doubt(self.clock.monotonic())
        self.store = Store(folder, Limits(free=0))
        self.runner = Runner(self.store, self.doubt, self.clock, ask=ask)

    async def run(self, seconds: float, *assignments: Assignment) -> Formed:
        self.runner.assign(list(assignments), {})
        tasks = [asyncio.create_task(part) for part in (self.runner.start_checks(), self.runner.write_down())]
        for _ in range(round(seconds / 0.1)):
            await asyncio.sleep(0.1)
            now = self.clock.monotonic()
            self.doubt.ticked(now - 0.1, now, 0.0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await self.runner.stop()
        formed = await self.store.oldest_batch()
        await self.store.close()
        assert formed is not None
        return formed


def seen(formed: Formed, check: int) -> set[tuple[str, str]]:
    return {(row.seen, row.detail) for row in formed.results if row.check == check}


def test_failures_behind_a_dead_uplink_are_unknown_but_those_on_this_machine_are_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opspact.collector.runner.has_route", lambda host: True)

    async def run() -> Formed:
        world = World(tmp_path)
        now = world.clock.monotonic()
        world.doubt.looked(now, now, seen=False)
        world.doubt.looked(now + 0.01, now + 0.02, seen=False)
        return await world.run(3, check(1, OUTSIDE), check(2, INSIDE))

    formed = asyncio.run(run())
    assert seen(formed, 1) == {("unknown", "uplink")}
    assert seen(formed, 2) == {("down", "timeout")}


def test_a_target_without_a_route_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opspact.collector.runner.has_route", lambda host: False)
    formed = asyncio.run(World(tmp_path).run(2.5, check(1, OUTSIDE)))
    assert seen(formed, 1) == {("unknown", "no_route")}


def test_a_probe_that_outlasts_its_slot_makes_the_next_ones_missed(tmp_path: Path) -> None:
    async def slow(assignment: Assignment) -> Outcome:
        await asyncio.sleep(60)
        return Outcome("up")

    formed = asyncio.run(World(tmp_path, slow).run(8, check(1, INSIDE)))
    assert formed.results == []
    assert [one.reason for one in formed.missed].count("stopped") == 1
    assert {one.reason for one in formed.missed} == {"busy", "stopped"}


def test_what_runs_when_it_stops_is_missed_and_not_guessed(tmp_path: Path) -> None:
    async def never(assignment: Assignment) -> Outcome:
        await asyncio.Event().wait()
        return Outcome("up")

    async def run() -> Formed:
        world = World(tmp_path, never)
        return await world.run(5.5, check(1, INSIDE))

    assert "stopped" in {one.reason for one in asyncio.run(run()).missed}


def test_results_around_a_jump_of_the_wall_clock_are_unknown(tmp_path: Path) -> None:
    async def up(assignment: Assignment) -> Outcome:
        return Outcome("up", 1.0, "ms")

    async def run() -> Formed:
        world = World(tmp_path, up)
        real, shift = world.clock.wall, [0]
        world.clock.wall = lambda: real() + shift[0]
        asyncio.get_running_loop().call_later(1.5, lambda: shift.__setitem__(0, 3_600_000_000))
        return await world.run(4, check(1, INSIDE))

    formed = asyncio.run(run())
    details = [row.detail for row in formed.results]
    assert details[0] == details[-1] == ""
    assert [one.reason for one in formed.missed if one.to_us - one.from_us > 3_590_000_000] == ["clock"]


def test_a_number_that_json_can_not_carry_is_left_out(tmp_path: Path) -> None:
    async def odd(assignment: Assignment) -> Outcome:
        return Outcome("up", float("nan"), "ms")

    formed = asyncio.run(World(tmp_path, odd).run(1.5, check(1, INSIDE)))
    assert {row.value for row in formed.results} == {None}


def test_a_fault_of_a_check_ends_the_runner_loudly(tmp_path: Path) -> None:
    async def broken(assignment: Assignment) -> Outcome:
        raise RuntimeError("broken")

    async def run() -> None:
        world = World(tmp_path, broken)
        world.runner.assign([check(1, INSIDE)], {})
        with pytest.raises(RuntimeError, match="broken"):
            await asyncio.wait_for(world.runner.start_checks(), 7)
        await world.store.close()

    asyncio.run(run())
