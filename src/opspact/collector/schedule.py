"""When each check runs. Pure: the wall clock is an argument, in microseconds since the epoch.

A check's time is cut into slots ``[start, end)`` of its interval, on a grid shifted by a hash of its id: the same after
each restart, and spread evenly over the checks. A slot is given out once, to be run or as missed with a reason, and the
next one begins where it ends:

1. A slot that has begun waits for its turn, in order.
2. If the check's previous run has not finished by then, the slot is missed: ``busy``.
3. If its turn has not come when it ends, it is missed: ``capacity``.
4. Slots that ended before anybody looked are missed: ``lag``; after a jump of the clock, ``clock``.
5. A check that is new or changed does not wait for the grid: its first slot begins within five seconds, and is half an
   interval to one and a half long.
6. A check that was accounted for until some instant, before a restart, is missed from there on: ``stopped``.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from opspact.core.instants import SECOND
from opspact.probes.wire import Assignment, Missed, MissedReason

_FIRST_WITHIN = 5 * SECOND


@dataclass(frozen=True, slots=True)
class Slot:
    """The time [start, end) for which a check is to be run once."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Due:
    """A check to start now, for this slot. :meth:`Planner.finished` must follow."""

    assignment: Assignment
    slot: Slot


@dataclass(slots=True)
class _Entry:
    assignment: Assignment
    next: Slot
    waiting: Slot | None = None

    @property
    def check(self) -> int:
        return self.assignment.check

    @property
    def interval(self) -> int:
        return self.assignment.interval_s * SECOND


def offset(check: int, interval: int) -> int:
    """The shift of a check's grid, 0 to ``interval`` − 1 µs, the same wherever it is computed."""
    return int.from_bytes(blake2b(str(check).encode(), digest_size=8).digest()) % interval


def grid_at_or_after(check: int, interval: int, at: int) -> int:
    """The first instant of the check's grid at or after ``at``."""
    return at + (offset(check, interval) - at) % interval


class Planner:
    """Gives out slots: those to run now, and those that were missed."""

    def __init__(self, capacity: int) -> None:
        """``capacity``: how many checks may run at once."""
        self._capacity = capacity
        self._entries: dict[int, _Entry] = {}
        self._heap: list[tuple[int, int]] = []
        self._queue: deque[int] = deque()
        self._running: set[int] = set()

    def assign(self, assignments: Iterable[Assignment], now: int, until: Mapping[int, int]) -> list[Missed]:
        """Take the checks to run in place of those before; ``until`` is how far each is accounted for already."""
        missed: list[Missed] = []
        before, self._entries = self._entries, {}
        for assignment in assignments:
            old = before.get(assignment.check)
            if old is not None and old.assignment == assignment:
                self._entries[assignment.check] = old
                continue
            entry = _Entry(assignment, _first_slot(assignment, now, until.get(assignment.check)))
            self._entries[assignment.check] = entry
            if old is not None:
                missed += _take_over(old, entry, now)
            elif assignment.check in until:
                missed += _gap(assignment.check, until[assignment.check], entry.next.start, MissedReason.STOPPED)
        self._rebuild()
        return missed

    def due(self, now: int) -> tuple[list[Due], list[Missed]]:
        """What to start now, and what was missed since the last call."""
        missed = list(self._open_slots(now))
        return list(self._take_turns()), missed

    def finished(self, check: int) -> None:
        """A run that :meth:`due` gave out has ended."""
        self._running.discard(check)

    def jumped(self, now: int) -> list[Missed]:
        """The wall clock was set: everything goes on from ``now``; slots it was set past are missed."""
        missed: list[Missed] = []
        for entry in self._entries.values():
            begun = entry.waiting or entry.next
            start = grid_at_or_after(entry.check, entry.interval, now)
            missed += _gap(entry.check, begun.start, start, MissedReason.CLOCK)
            entry.waiting = None
            entry.next = Slot(start, start + entry.interval)
        self._rebuild()
        return missed

    def next_start(self) -> int | None:
        """When the next slot begins, None without checks."""
        return self._heap[0][0] if self._heap else None

    def __len__(self) -> int:
        """How many checks are assigned."""
        return len(self._entries)

    def _rebuild(self) -> None:
        self._heap = [(entry.next.start, entry.check) for entry in self._entries.values()]
        heapq.heapify(self._heap)
        self._queue = deque(check for check in self._queue if self._is_waiting(check))

    def _is_waiting(self, check: int) -> bool:
        return check in self._entries and self._entries[check].waiting is not None

    def _open_slots(self, now: int) -> Iterator[Missed]:
        while self._heap and self._heap[0][0] <= now:
            entry = self._entries[heapq.heappop(self._heap)[1]]
            yield from self._skip_past(entry, now)
            slot, entry.next = entry.next, Slot(entry.next.end, entry.next.end + entry.interval)
            if entry.waiting is not None:  # and it keeps its place in the queue
                yield _missed(entry.check, entry.waiting.start, entry.waiting.end, MissedReason.CAPACITY)
                entry.waiting = slot
            elif entry.check in self._running:
                yield _missed(entry.check, slot.start, slot.end, MissedReason.BUSY)
            else:
                entry.waiting = slot
                self._queue.append(entry.check)
            heapq.heappush(self._heap, (entry.next.start, entry.check))

    def _skip_past(self, entry: _Entry, now: int) -> Iterator[Missed]:
        if entry.next.end > now:
            return
        start = entry.next.end + (now - entry.next.end) // entry.interval * entry.interval
        reason = MissedReason.BUSY if entry.check in self._running else MissedReason.LAG
        yield _missed(entry.check, entry.next.start, start, reason)
        entry.next = Slot(start, start + entry.interval)

    def _take_turns(self) -> Iterator[Due]:
        while self._queue and len(self._running) < self._capacity:
            entry = self._entries[self._queue.popleft()]
            slot, entry.waiting = entry.waiting, None
            if slot is not None:
                self._running.add(entry.check)
                yield Due(entry.assignment, slot)


def _take_over(old: _Entry, entry: _Entry, now: int) -> list[Missed]:
    """The changed check begins no later than it would have, and misses what it had begun to wait for."""
    begun = old.waiting or old.next
    entry.next = Slot(max(now, min(entry.next.start, begun.start)), entry.next.end)
    reason = MissedReason.LAG if old.waiting is None else MissedReason.CAPACITY
    return _gap(entry.check, begun.start, entry.next.start, reason)


def _first_slot(assignment: Assignment, now: int, until: int | None) -> Slot:
    interval = assignment.interval_s * SECOND
    if until is not None and now <= until <= now + interval:
        start = until
    else:
        start = now + offset(assignment.check, min(interval, _FIRST_WITHIN))
    # At least half an interval long: in a shorter one the run could not finish before the next begins.
    return Slot(start, grid_at_or_after(assignment.check, interval, start + interval // 2))


def _missed(check: int, start: int, end: int, reason: MissedReason) -> Missed:
    return Missed(check=check, from_us=start, to_us=end, reason=reason.value)


def _gap(check: int, start: int, end: int, reason: MissedReason) -> list[Missed]:
    return [_missed(check, start, end, reason)] if start < end else []
