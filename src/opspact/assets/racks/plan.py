"""A room from above: its floor tiles, and the racks on them coloured by how full they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TILE, MARGIN = 44, 22


@dataclass(frozen=True)
class Standing:
    """A rack on the plan: column and row from 1, how full in per cent (None: nobody knows), where it leads."""

    column: int
    row: int
    name: str
    percent: int | None
    title: str
    url: str


def level(percent: int | None) -> str:
    """The step of the colour scale."""
    if percent is None:
        return "none"
    return "over" if percent > 100 else "high" if percent >= 80 else "mid" if percent >= 50 else "low"


def plan(columns: int, rows: int, racks: Sequence[Standing]) -> SafeString:
    """The list below it says the same, so the drawing is hidden from readers of screens."""
    width, height = MARGIN + columns * TILE + 1, MARGIN + rows * TILE + 1
    across = ((MARGIN + column * TILE + TILE / 2, MARGIN - 7, column + 1) for column in range(columns))
    down = ((MARGIN - 10, MARGIN + row * TILE + TILE / 2 + 4, row + 1) for row in range(rows))
    return format_html(
        '<svg class="as-plan" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        '<defs><pattern id="as-tiles" x="{m}" y="{m}" width="{t}" height="{t}" patternUnits="userSpaceOnUse">'
        '<path class="as-tile" d="M {t} 0 L 0 0 0 {t}"/></pattern></defs>'
        '<rect class="as-floor" x="{m}" y="{m}" width="{fw}" height="{fh}"/>'
        '<rect fill="url(#as-tiles)" x="{m}" y="{m}" width="{fw}" height="{fh}"/>{numbers}{racks}</svg>',
        w=width,
        h=height,
        m=MARGIN,
        t=TILE,
        fw=columns * TILE,
        fh=rows * TILE,
        numbers=format_html_join("", '<text class="as-plan-number" x="{}" y="{}">{}</text>', (*across, *down)),
        racks=format_html_join("", "{}", ((_rack(each),) for each in racks)),
    )


def _rack(each: Standing) -> SafeString:
    x, y = MARGIN + (each.column - 1) * TILE, MARGIN + (each.row - 1) * TILE
    percent = "—" if each.percent is None else f"{each.percent}%"
    return format_html(
        '<a href="{}" tabindex="-1" class="as-plan-rack as-fill-{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2"/><text x="{}" y="{}">{}</text>'
        '<text class="as-plan-percent" x="{}" y="{}">{}</text></a>',
        each.url,
        level(each.percent),
        each.title,
        x + 2.5,
        y + 2.5,
        TILE - 5,
        TILE - 5,
        x + TILE / 2,
        y + 19,
        each.name[-6:],
        x + TILE / 2,
        y + 34,
        percent,
    )
