"""The notation of the worked tables: `3D` a result, `U 0-2, X 2-9` a timeline, all in minutes."""

import re

from opspact.core.fold import Result
from opspact.core.instants import MINUTE
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

SEEN = {"U": Observed.UP, "G": Observed.DEGRADED, "D": Observed.DOWN, "X": Observed.UNKNOWN}


def results(text: str) -> list[Result]:
    return [Result(int(minute) * MINUTE, SEEN[seen]) for minute, seen in re.findall(r"(\d+)([UGDX])", text)]


def timeline(text: str) -> ObservedTimeline:
    found = re.findall(r"([UGDX]) (\d+)-(\d+)", text)
    return [(int(start) * MINUTE, int(end) * MINUTE, SEEN[seen]) for seen, start, end in found]
