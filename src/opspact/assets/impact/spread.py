"""How a stop spreads over needs, redundancy included. Pure: no database, no words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

Node = int
"""Whatever tells things apart; see `graph` for how assets and systems are numbered."""


class Extent(IntEnum):
    """How far something suffers: each worse than the one before."""

    FINE = 0
    DEGRADED = 1
    STOPPED = 2


class Need(NamedTuple):
    """`who` needs `on`. Needs of the same `who` and `group` back each other up; "" stands alone.

    A loose one is known to matter but not how much: it degrades, it never stops.
    """

    who: Node
    on: Node
    group: str = ""
    is_loose: bool = False


Around = Callable[[Collection[Node]], Iterable[Need]]
"""All needs on these nodes, and for those in a group the other needs of that group."""


@dataclass
class Impact:
    """What suffers, the seeds included, with the round in which it first did, and the needs that were followed."""

    extent: dict[Node, Extent]
    depth: dict[Node, int]
    needs: set[Need] = field(default_factory=set)
    is_cut: bool = False
    """More suffers than was asked for."""

    def of(self, node: Node) -> Extent:
        return self.extent.get(node, Extent.FINE)


def spread(seeds: Mapping[Node, Extent], around: Around, most: int | None = None) -> Impact:
    """The least state of everything that agrees with the seeds and with `suffering`. One call of `around` a round.

    With `most`, it stops after the round in which more than so many suffer.
    """
    impact = Impact(dict(seeds), dict.fromkeys(seeds, 0))
    asked: set[Node] = set()
    needs_of: dict[Node, set[Need]] = {}
    users_of: dict[Node, set[Node]] = {}
    due, depth = set(seeds), 0
    while due:
        if most is not None and len(impact.extent) > most:
            impact.is_cut = True
            break
        depth += 1
        for need in around(due - asked):
            needs_of.setdefault(need.who, set()).add(need)
            users_of.setdefault(need.on, set()).add(need.who)
        asked |= due
        due = _raise({who for node in due for who in users_of.get(node, ())}, needs_of, impact, depth)
    impact.needs = {each for who, needs in needs_of.items() if who in impact.extent for each in needs}
    return impact


def _raise(whose: set[Node], needs_of: Mapping[Node, set[Need]], impact: Impact, depth: int) -> set[Node]:
    """Set those of these nodes that suffer more than was known; gives them back."""
    raised = set()
    for who in whose:
        extent = suffering(needs_of[who], impact.of)
        if extent > impact.of(who):
            impact.extent[who] = extent
            impact.depth.setdefault(who, depth)
            raised.add(who)
    return raised


def suffering(needs: Iterable[Need], extent_of: Callable[[Node], Extent]) -> Extent:
    """What the states of what it needs do to something that needs them.

    Alone: a stop stops it, a degradation degrades it. In a group: all stopped stops it; some stopped, or none fully
    well, degrades it; one that is degraded while another is well does nothing.
    """
    worst = Extent.FINE
    groups: dict[str, list[Extent]] = {}
    for need in needs:
        extent = extent_of(need.on)
        if need.group:
            groups.setdefault(need.group, []).append(extent)
        else:
            worst = max(worst, min(extent, Extent.DEGRADED) if need.is_loose else extent)
    for extents in groups.values():
        if min(extents) is Extent.STOPPED:
            return Extent.STOPPED
        if min(extents) is Extent.DEGRADED or max(extents) is Extent.STOPPED:
            worst = max(worst, Extent.DEGRADED)
    return worst


def closure(start: Node, needs_of: Callable[[Collection[Node]], Iterable[Need]], most: int) -> Impact:
    """Everything that `start` needs, directly or not, by distance; at most about so many things."""
    found = Impact({start: Extent.FINE}, {start: 0})
    due, depth = {start}, 0
    while due:
        if len(found.extent) > most:
            found.is_cut = True
            break
        depth += 1
        needs = set(needs_of(due))
        due = {need.on for need in needs} - found.extent.keys()
        found.needs |= needs
        found.depth.update(dict.fromkeys(due, depth))
        found.extent.update(dict.fromkeys(due, Extent.FINE))
    return found


def single_points(start: Node, found: Impact) -> set[Node]:
    """Those of a closure whose stop alone stops `start`."""
    on: dict[Node, set[Need]] = {}
    of: dict[tuple[Node, str], set[Need]] = {}
    for need in found.needs:
        on.setdefault(need.on, set()).add(need)
        of.setdefault((need.who, need.group), set()).add(need)

    def around(nodes: Collection[Node]) -> set[Need]:
        direct = {need for node in nodes for need in on.get(node, ())}
        return direct.union(*(of[need.who, need.group] for need in direct if need.group))

    stops = {node: spread({node: Extent.STOPPED}, around).of(start) for node in found.extent if node != start}
    return {node for node, extent in stops.items() if extent is Extent.STOPPED}
