"""Signatures drawn on a page: the strokes as the path of an SVG of 400 × 150, whole numbers only.

    M12 30L13 31L15 33M40 20L41 22

Compact, drawn again by every browser and printer, and with nothing in it that a page could be made to run.
"""

from __future__ import annotations

import re

from opspact.core.inputs import Wrong
from opspact.core.words import N_

WIDTH, HEIGHT = 400, 150
LONGEST = 20_000
FEWEST_POINTS = 8
_STROKES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+")
_POINT = re.compile(r"(\d+) (\d+)")


def check(path: str) -> str:
    """The path, if it is a signature. Raises Wrong for anything else, or for a dot or two."""
    if not path:
        raise Wrong(N_("nobody has signed yet; sign in the box"))
    if len(path) > LONGEST or not _STROKES.fullmatch(path):
        raise Wrong(N_("this is no signature drawn here; clear it and sign again"))
    points = [(int(x), int(y)) for x, y in _POINT.findall(path)]
    if any(x > WIDTH or y > HEIGHT for x, y in points):
        raise Wrong(N_("this is no signature drawn here; clear it and sign again"))
    if len(set(points)) < FEWEST_POINTS:
        raise Wrong(N_("the signature is too short; sign again"))
    return path
