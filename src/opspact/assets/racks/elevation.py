"""A rack drawn from the front and from the rear, units from the bottom."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opspact.assets.racks.space import Block, free_at

UNIT, WIDTH, MARGIN, PAD = 20, 250, 26, 6
CHARACTER = 7.0
"""Width of half a Chinese character at 12.5 px."""


@dataclass(frozen=True)
class Drawn:
    """A block with its words: `state` is the asset's lifecycle, `title` what hovering says."""

    block: Block
    name: str
    title: str
    url: str
    state: str


def elevation(units: int, drawn: Sequence[Drawn], face: str, place_url: Callable[[int], str] | None) -> SafeString:
    """One face. The list beside it says the same, so the drawing is hidden from readers of screens.

    `place_url(unit)` is where something is put at a free unit; None for who may not.
    """
    height = units * UNIT + 2 * PAD
    free = free_at(units, [each.block for each in drawn], face)
    return format_html(
        '<svg class="as-rack" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        '<rect class="as-rack-frame" x="{m}" y="0.5" width="{fw}" height="{fh}" rx="3"/>{numbers}{free}{blocks}</svg>',
        w=WIDTH + MARGIN + PAD,
        h=height,
        m=MARGIN - PAD + 0.5,
        fw=WIDTH + 2 * PAD - 1,
        fh=height - 1,
        numbers=format_html_join(
            "",
            '<text class="as-rack-number" x="{}" y="{}">{}</text>',
            ((MARGIN - PAD - 4, _top(units, unit) + UNIT * 0.7, unit) for unit in range(1, units + 1)),
        ),
        free=format_html_join("", "{}", ((_free(units, unit, place_url),) for unit in free)),
        blocks=format_html_join("", "{}", ((_block(units, each),) for each in drawn if face in each.block.faces)),
    )


def _top(units: int, unit: int) -> int:
    return PAD + (units - unit) * UNIT


def _free(units: int, unit: int, place_url: Callable[[int], str] | None) -> SafeString:
    rect = format_html(
        '<rect class="as-rack-free" x="{}" y="{}" width="{}" height="{}"/>',
        MARGIN,
        _top(units, unit) + 0.5,
        WIDTH,
        UNIT - 1,
    )
    if place_url is None:
        return rect
    title = _("U%(unit)s is free: place an asset here") % {"unit": unit}
    return format_html(
        '<a href="{}" tabindex="-1"><title>{}</title>{}<text class="as-rack-plus" x="{}" y="{}">+</text></a>',
        place_url(unit),
        title,
        rect,
        MARGIN + WIDTH / 2,
        _top(units, unit) + UNIT * 0.72,
    )


def _block(units: int, each: Drawn) -> SafeString:
    first, last = max(1, each.block.first), min(units, each.block.last)
    top, height = _top(units, last), (last - first + 1) * UNIT
    return format_html(
        '<a href="{}" tabindex="-1" class="as-rack-block as-life-{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2"/><rect class="as-mark" x="{}" y="{}" width="5" height="{}"/>'
        '<text x="{}" y="{}">{}</text></a>',
        each.url,
        each.state,
        each.title,
        MARGIN,
        top + 0.5,
        WIDTH,
        height - 1,
        MARGIN,
        top + 0.5,
        height - 1,
        MARGIN + 12,
        top + height / 2 + 4.5,
        fitting(each.name, WIDTH - 20),
    )


def fitting(text: str, width: float) -> str:
    """As much of the text as a box of so many pixels holds."""
    left, kept = width / CHARACTER, ""
    for character in text:
        left -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if left < 1:
            return kept + "…"
        kept += character
    return kept
