"""Counting outages: which pieces of counted downtime are one outage."""

from collections.abc import Sequence
from typing import NamedTuple

from opspact.core.instants import Instant
from opspact.core.intervals import Interval, merge_within


class Outage(NamedTuple):
    """From the first to the last counted instant. `open`: not over at the horizon; `down_us`: what counts of it."""

    start: Instant
    end: Instant
    open: bool
    down_us: int


def count_outages(
    counted: Sequence[Interval], seen_down: Sequence[Interval], merge_gap_us: int, horizon: Instant
) -> list[Outage]:
    """Group the counted downtime by the episodes in which the system was seen down, up to `horizon`.

    Episodes less than `merge_gap_us` apart are one. An outage that runs on through a night outside service time, or
    through approved maintenance, stays one; only its counted time is in `down_us`. Both lists are normal (`intervals`).
    """
    outages: list[Outage] = []
    position = 0
    for _, episode_end in merge_within(seen_down, merge_gap_us):
        first = position
        while position < len(counted) and counted[position][0] < episode_end:
            position += 1
        pieces = counted[first:position]
        if pieces:
            down = sum(end - start for start, end in pieces)
            outages.append(Outage(pieces[0][0], pieces[-1][1], episode_end >= horizon, down))
    return outages
