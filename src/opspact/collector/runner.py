"""Running the checks that are due, and deciding what of their results is written down."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from opspact.collector.clock import Clock
from opspact.collector.doubt import Doubt
from opspact.collector.log import say
from opspact.collector.schedule import Due, Planner
from opspact.collector.spool import Record
from opspact.collector.store import Store
from opspact.probes.details import detail
from opspact.probes.kind import Outcome
from opspact.probes.net import has_route, is_local
from opspact.probes.registry import KINDS, probe
from opspact.probes.wire import Assignment, Missed, MissedReason, ResultRow

CAPACITY = 500
"""Probes that run at once."""

_WAKE_S = 0.5
_LONGEST_HOLD_S = 15.0
"""When a failure that could be neither believed nor explained is given up as unknown."""


@dataclass(frozen=True, slots=True)
class _Taken:
    due: Due
    at: int
    began: float
    ended: float
    outcome: Outcome
    local: bool


class Runner:
    """Starts what is due, holds failures until they can be judged, and hands everything to the store."""

    def __init__(
        self,
        store: Store,
        doubt: Doubt,
        clock: Clock,
        *,
        capacity: int = CAPACITY,
        ask: Callable[[Assignment], Awaitable[Outcome]] = probe,
    ) -> None:
        self._store = store
        self._doubt = doubt
        self._clock = clock
        self._ask = ask
        self._planner = Planner(capacity)
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], Due] = {}
        self._taken: list[_Taken] = []
        self._missed: list[Missed] = []
        self._fault: BaseException | None = None

    @property
    def checks(self) -> int:
        """How many checks are assigned."""
        return len(self._planner)

    @property
    def has_held_failures(self) -> bool:
        """Whether a failure waits for a look at the uplink."""
        return any(one.outcome.seen == "down" and not one.local for one in self._taken)

    def assign(self, assignments: list[Assignment], until: dict[int, int]) -> None:
        """Run these checks from now on; ``until`` says how far each is accounted for."""
        self._missed += self._planner.assign(assignments, self._clock.wall(), until)
        self._woken.set()

    async def start_checks(self) -> None:
        """Start each check when it is due, for ever."""
        while self._fault is None:
            self._look_at_clock()
            now = self._clock.wall()
            due, missed = self._planner.due(now)
            self._missed += missed
            for one in due:
                self._start(one)
            upcoming = self._planner.next_start()
            wait_s = _WAKE_S if upcoming is None else min(_WAKE_S, max(0.0, (upcoming - self._clock.wall()) / 1e6))
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._woken.wait()
        raise self._fault

    async def write_down(self) -> None:
        """Twice a second, judge what was taken and store it, for ever."""
        while True:
            await asyncio.sleep(_WAKE_S)
            records = self._judge()
            missed, self._missed = self._missed, []
            await self._store.write(records, missed, self._still_open())

    async def stop(self) -> None:
        """Give up what runs and what can't be judged yet, as missed, and store everything."""
        for task in self._running:
            task.cancel()
        self._missed += [_stopped(due) for due in self._running.values()]
        records = self._judge()
        self._missed += [_stopped(one.due) for one in self._taken]
        await self._store.write(records, self._missed, {})

    def _still_open(self) -> dict[int, int]:
        due = [*self._running.values(), *(one.due for one in self._taken)]
        return {one.assignment.check: one.slot.start for one in sorted(due, key=lambda one: -one.slot.start)}

    def _look_at_clock(self) -> None:
        if jump := self._clock.jump():
            say("clock-jumped", level="warning", seconds=round(jump / 1e6, 3))
            now = self._clock.monotonic()
            self._doubt.jumped(now - 2 * _WAKE_S, now)
            self._missed += self._planner.jumped(self._clock.wall())

    def _start(self, due: Due) -> None:
        task = asyncio.create_task(self._take(due), name=f"check-{due.assignment.check}")
        self._running[task] = due
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        due = self._running.pop(task)
        self._planner.finished(due.assignment.check)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fault = error

    async def _take(self, due: Due) -> None:
        at, began = self._clock.wall(), self._clock.monotonic()
        outcome = await self._ask(due.assignment)
        ended = self._clock.monotonic()
        host = _host(due.assignment)
        local = is_local(host)
        if outcome.seen == "down" and not has_route(host):
            outcome = Outcome("unknown", detail=detail("no_route"))
        elif outcome.seen in ("up", "degraded") and not local:
            self._doubt.heard(began, ended)
        self._taken.append(_Taken(due, at, began, ended, outcome, local))

    def _judge(self) -> list[Record]:
        """Take out everything that can be judged now."""
        taken, self._taken = self._taken, []
        records = []
        for one in taken:
            reason = self._doubt.verdict(one.outcome.seen, one.began, one.ended, local=one.local)
            if reason == "wait" and self._clock.monotonic() - one.ended < _LONGEST_HOLD_S:
                self._taken.append(one)
                continue
            if reason == "wait":
                reason = "uplink"
            records.append(_record(one, one.outcome if reason is None else Outcome("unknown", detail=detail(reason))))
        return records


def _host(assignment: Assignment) -> str:
    """The host of an assignment, empty where its kind or its address is not understood."""
    try:
        return KINDS[assignment.kind].host(assignment.address)
    except (KeyError, ValueError):
        return ""


def _record(taken: _Taken, outcome: Outcome) -> Record:
    value = outcome.value if outcome.value is not None and math.isfinite(outcome.value) else None
    row = ResultRow(taken.due.assignment.check, taken.at, outcome.seen, value, outcome.detail)
    return Record(row, taken.due.slot.end)


def _stopped(due: Due) -> Missed:
    return Missed(
        check=due.assignment.check, from_us=due.slot.start, to_us=due.slot.end, reason=MissedReason.STOPPED.value
    )
