"""Placing a layered graph on paper: columns by distance, each column ordered so that few lines cross. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

SWEEPS = 4


def columns(depth: Mapping[Hashable, int], edges: Iterable[tuple[Hashable, Hashable]]) -> list[list[Hashable]]:
    """The nodes of each depth from 0 on, ordered by the places of their neighbours in the columns beside them."""
    found: list[list[Hashable]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in sorted(depth, key=str):
        found[depth[node]].append(node)
    beside: dict[Hashable, set[Hashable]] = defaultdict(set)
    for one, other in edges:
        if one in depth and other in depth:
            beside[one].add(other)
            beside[other].add(one)
    for sweep in range(SWEEPS):
        order = range(1, len(found)) if sweep % 2 == 0 else range(len(found) - 2, -1, -1)
        for at in order:
            before = at - 1 if sweep % 2 == 0 else at + 1
            places = {node: place / max(1, len(found[before]) - 1) for place, node in enumerate(found[before])}
            found[at] = _ordered(found[at], beside, places)
    return found


def _ordered(
    column: list[Hashable], beside: Mapping[Hashable, set[Hashable]], places: Mapping[Hashable, float]
) -> list[Hashable]:
    """By the middle of their neighbours; who has none there stays about where it is."""

    def middle(pair: tuple[int, Hashable]) -> tuple[float, int]:
        at, node = pair
        found = [places[other] for other in beside.get(node, ()) if other in places]
        return (sum(found) / len(found) if found else at / max(1, len(column) - 1), at)

    return [node for _at, node in sorted(enumerate(column), key=middle)]
