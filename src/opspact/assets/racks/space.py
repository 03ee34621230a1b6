"""What is free in a rack: units, the longest run of them, power and ports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FRONT, REAR, BOTH = "front", "rear", "both"
FACES = (FRONT, REAR)


@dataclass(frozen=True)
class Block:
    """An asset in a rack: `first` is its lowest unit, `face` front, rear, or both for full depth."""

    first: int
    height: int
    face: str
    power_w: int = 0
    ports: int = 0

    @property
    def last(self) -> int:
        return self.first + self.height - 1

    @property
    def faces(self) -> tuple[str, ...]:
        return FACES if self.face == BOTH else (self.face,)


@dataclass(frozen=True)
class Run:
    """Free units in a row, both included."""

    first: int
    last: int

    @property
    def height(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Space:
    """How full a rack is. `runs` are free on both faces, from the bottom; budgets are None where none is set."""

    units: int
    used: int
    runs: tuple[Run, ...]
    power_used: int
    power_budget: int | None
    ports_used: int
    port_budget: int | None

    @property
    def free(self) -> int:
        return self.units - self.used

    @property
    def largest(self) -> int:
        return max((run.height for run in self.runs), default=0)

    @property
    def power_left(self) -> int | None:
        return None if self.power_budget is None else self.power_budget - self.power_used

    @property
    def ports_left(self) -> int | None:
        return None if self.port_budget is None else self.port_budget - self.ports_used

    def fits(self, height: int, power_w: int = 0) -> Run | None:
        """The shortest run that so many units fit into, the lowest of equals; None when space or power is lacking."""
        if self.power_left is not None and power_w > self.power_left:
            return None
        return min((run for run in self.runs if run.height >= height), key=lambda run: run.height, default=None)


def space_of(
    units: int, blocks: Iterable[Block], power_budget: int | None = None, port_budget: int | None = None
) -> Space:
    """A unit counts as used when something stands at either face of it; nothing outside the rack counts."""
    blocks = list(blocks)
    taken = {unit for block in blocks for unit in range(block.first, block.last + 1) if 1 <= unit <= units}
    return Space(
        units,
        len(taken),
        tuple(runs_of([unit for unit in range(1, units + 1) if unit not in taken])),
        sum(block.power_w for block in blocks),
        power_budget,
        sum(block.ports for block in blocks),
        port_budget,
    )


def free_at(units: int, blocks: Iterable[Block], face: str) -> list[int]:
    """The units where something of half depth could stand at this face, from the bottom."""
    taken = {unit for block in blocks if face in block.faces for unit in range(block.first, block.last + 1)}
    return [unit for unit in range(1, units + 1) if unit not in taken]


def runs_of(free: Sequence[int]) -> list[Run]:
    """Ascending units as runs."""
    found: list[Run] = []
    for unit in free:
        if found and found[-1].last == unit - 1:
            found[-1] = Run(found[-1].first, unit)
        else:
            found.append(Run(unit, unit))
    return found


def share(used: int, budget: int | None) -> int | None:
    """Per cent, cut off; None without a budget."""
    return 100 * used // budget if budget else None
