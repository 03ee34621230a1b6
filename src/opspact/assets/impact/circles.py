"""Finding a circle among dependencies, spelled out from its start back to it. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

Edge = tuple[int, int]


def closing(known: Iterable[Edge], added: Sequence[Edge]) -> dict[int, list[int]]:
    """Which of the added edges close a circle with the known ones and those added before them: by position the circle.

    A circle is given as [a, b, …, a], beginning with the edge that closes it. Such an edge does not count further.
    """
    onward: dict[int, set[int]] = {}
    for start, end in known:
        onward.setdefault(start, set()).add(end)
    whole = {start: set(ends) for start, ends in onward.items()}
    for start, end in added:
        whole.setdefault(start, set()).add(end)
    if not _has_circle(whole):
        return {}
    found: dict[int, list[int]] = {}
    for position, (start, end) in enumerate(added):
        way = path(onward, end, start)
        if way is None:
            onward.setdefault(start, set()).add(end)
        else:
            found[position] = [start, *way]
    return found


def path(onward: Mapping[int, Iterable[int]], start: int, end: int) -> list[int] | None:
    """The shortest way from one to the other, both included."""
    came: dict[int, int | None] = {start: None}
    due = deque([start])
    while due:
        node: int | None = due.popleft()
        if node == end:
            way = []
            while node is not None:
                way.append(node)
                node = came[node]
            return way[::-1]
        assert node is not None
        for after in sorted(onward.get(node, ())):
            if after not in came:
                came[after] = node
                due.append(after)
    return None


def _has_circle(onward: Mapping[int, set[int]]) -> bool:
    """Whether taking away, again and again, what nothing leads to leaves anything."""
    coming: dict[int, int] = dict.fromkeys(onward, 0)
    for ends in onward.values():
        for end in ends:
            coming[end] = coming.get(end, 0) + 1
    due = [node for node, count in coming.items() if not count]
    left = len(coming)
    while due:
        left -= 1
        for end in onward.get(due.pop(), ()):
            coming[end] -= 1
            if not coming[end]:
                due.append(end)
    return left > 0
