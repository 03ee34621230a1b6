"""Flapping: changes that are too quick to be outages, and how many of them fall into one window.

A fault that ends before it is confirmed leaves no trace in the ledger (`docs/why/states.md`); here it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from opspact.core.availability.errors import BadWindow
from opspact.core.fold import Result
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

_FAILED = (Observed.DOWN, Observed.DEGRADED)


class Flapping(NamedTuple):
    """`most` changes in any half-open window, first reached by the change at `at`; `spans` is when it flapped."""

    most: int
    at: Instant | None
    spans: list[Interval]


def changes_seen(results: Iterable[Result]) -> list[Instant]:
    """When raw results in order of time went from up to failed (down, degraded) or back; unknown says nothing."""
    known = [(result.at, result.seen in _FAILED) for result in results if result.seen != Observed.UNKNOWN]
    return [at for (_, before), (at, after) in pairwise(known) if before is not after]


def changes_of(timeline: ObservedTimeline) -> list[Instant]:
    """When a joined timeline changed its state."""
    return [start for _, (start, _, _) in pairwise(timeline)]


def flapping(changes: Sequence[Instant], window_us: int, at_least: int) -> Flapping:
    """`changes` in order. It flapped from the first to the last of any `at_least` changes within one window.

    O(n). Raises BadWindow.
    """
    if window_us <= 0 or at_least < 2:
        raise BadWindow(window=window_us, changes=at_least)
    most, reached, oldest = 0, None, 0
    spans: list[Interval] = []
    for newest, at in enumerate(changes):
        while at - changes[oldest] >= window_us:
            oldest += 1
        count = newest - oldest + 1
        if count > most:
            most, reached = count, at
        if count >= at_least:
            spans.append((changes[oldest], at))
    return Flapping(most, reached, normalise(spans))
