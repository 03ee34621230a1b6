"""Code 128 by ISO/IEC 15417: code sets B and C, the check character, no characters beyond ASCII 32 to 126."""

from __future__ import annotations

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_

QUIET = 10
"""Modules that must stay white on either side."""
# Six widths for each of the values 0 to 105, and seven for the stop.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "2141214121211111431113411311411141131143114111134113111131411141313111414111312114122112142112322331112"
)
_PATTERNS = [_WIDTHS[at : at + 6] for at in range(0, 6 * 106, 6)] + [_WIDTHS[6 * 106 :]]
_TO_C, _TO_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106


def values(text: str) -> list[int]:
    """The symbol characters from the start to the check character and the stop, as few as can be. Raises Wrong."""
    if not text or any(not " " <= character <= "~" for character in text):
        raise Wrong(N_("“%(found)s” can't be written as Code 128, only as QR"), found=shown(text))
    chosen = _shortest(text)
    check = (chosen[0] + sum(place * value for place, value in enumerate(chosen[1:], start=1))) % 103
    return [*chosen, check, _STOP]


def widths(text: str) -> list[int]:
    """The widths of bars and spaces in modules, a bar first, without the quiet zones. Raises Wrong."""
    return [int(width) for value in values(text) for width in _PATTERNS[value]]


def modules(text: str) -> int:
    """How wide the symbol is with both quiet zones, in modules. Raises Wrong."""
    return sum(widths(text)) + 2 * QUIET


def svg(text: str) -> str:
    """The bars, to be stretched to any height; the quiet zones are part of it. Raises Wrong."""
    at, drawn = QUIET, []
    for place, width in enumerate(widths(text)):
        if place % 2 == 0:
            drawn.append(f"M{at} 0h{width}v1h-{width}z")
        at += width
    box = f'viewBox="0 0 {at + QUIET} 1" preserveAspectRatio="none"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{"".join(drawn)}"/></svg>'


def _shortest(text: str) -> tuple[int, ...]:
    """Start and data characters: two digits fit into one character of set C, changing sets costs one."""
    # For each beginning of the text, the shortest way to write it that leaves set B or C in force.
    reached: list[dict[str, tuple[int, ...]]] = [{"B": (_START_B,), "C": (_START_C,)}]
    for end in range(1, len(text) + 1):
        ways = {"B": (*reached[end - 1]["B"], ord(text[end - 1]) - 32)}
        pair = text[max(0, end - 2) : end]
        if len(pair) == 2 and pair.isdecimal():
            ways["C"] = (*reached[end - 2]["C"], int(pair))
        for here, there, change in (("B", "C", _TO_C), ("C", "B", _TO_B)):
            if there not in ways or len(ways[here]) + 1 < len(ways[there]):
                ways[there] = (*ways[here], change)
        reached.append(ways)
    return min(reached[-1].values(), key=len)
