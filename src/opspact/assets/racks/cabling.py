"""Following cables from a port to the far end, through patch panels. Pure.

The front and the rear of one port of a patch panel are two ports of the same name with F and R behind it (12F, 12R):
what comes in at one goes on at the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

MARKS = {"F": "R", "R": "F", "前": "后", "后": "前"}


class Port(NamedTuple):
    """A port of an asset; `name` is folded, see `port`."""

    asset: int
    name: str


class Step(NamedTuple):
    """One cable on the way, by its key, and the port it leads to."""

    cable: int
    port: Port


CablesAt = Callable[[int], Mapping[Port, tuple[int, Port]]]
"""The cables of an asset: by port the cable's key and the port at its other end."""


def port(asset: int, name: str) -> Port:
    """Ports are the same whatever their capitals and blanks."""
    return Port(asset, "".join(name.split()).upper())


def twin(at: Port) -> Port | None:
    """The other side of a patch panel's port; None for a port that is an end."""
    mark = at.name[-1:]
    if mark not in MARKS or not at.name[:-1].rstrip("-_/.")[-1:].isdigit():
        return None
    return at._replace(name=at.name[:-1] + MARKS[mark])


def trace(start: Port, cables_at: CablesAt) -> Iterator[Step]:
    """The cables from a port on, in order, as far as they go. A ring is followed once round."""
    seen: set[int] = set()
    at: Port | None = start
    while at is not None and (found := cables_at(at.asset).get(at)) is not None and found[0] not in seen:
        cable, far = found
        seen.add(cable)
        yield Step(cable, far)
        at = twin(far)
