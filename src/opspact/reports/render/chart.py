"""The one chart of a report: a ribbon of exact intervals per system, in the product's colours.

Readable without colour as well: down stands out above and below the strip, degraded is lower than it, unknown is
hatched, and the value is written beside it. Presentation attributes only, so a page under a strict policy can show it.
"""

from __future__ import annotations

from html import escape

from opspact.reports.content import Chart, ChartRow

FILL = {
    "up": "#4fae7f",
    "down": "#d6333a",
    "degraded": "#eda922",
    "maintenance": "#5b93e6",
    "excused": "#9a78da",
    "unknown": "url(#op-report-unknown)",
}
INK, MUTED, LINE = "#172322", "#55666a", "#b9c6c5"

WIDTH, NAMES, VALUES = 720, 150, 70
ROW, STRIP, TOP, LEGEND = 26, 14, 22, 26
LEAST_WIDTH = 0.8
NAME_CHARACTERS = 12


def svg(chart: Chart) -> str:
    """The chart as one SVG element, 720 units wide, as high as it has rows."""
    height = TOP + ROW * len(chart["rows"]) + LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{_text(chart["title"])}" font-family="Noto Sans SC, sans-serif" font-size="11">',
        _HATCH,
        *_ticks(chart, TOP + ROW * len(chart["rows"])),
    ]
    for position, row in enumerate(chart["rows"]):
        parts += _row(chart, row, TOP + ROW * position)
    parts += _legend(chart, height)
    return "".join([*parts, "</svg>"])


_HATCH = (
    '<defs><pattern id="op-report-unknown" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="5" height="5" fill="#eef1f2"/>'
    '<line x1="0" y1="0" x2="0" y2="5" stroke="#566369" stroke-width="1.5"/></pattern></defs>'
)


def _x(chart: Chart, instant: int) -> float:
    return NAMES + (WIDTH - NAMES - VALUES) * (instant - chart["start"]) / (chart["end"] - chart["start"])


def _ticks(chart: Chart, bottom: int) -> list[str]:
    parts = []
    for instant, label in chart["ticks"]:
        x = _x(chart, instant)
        parts.append(
            f'<line x1="{x:.2f}" y1="{TOP - 4}" x2="{x:.2f}" y2="{bottom}" stroke="{LINE}" stroke-width="0.5"/>'
        )
        parts.append(f'<text x="{x + 3:.2f}" y="{TOP - 8}" fill="{MUTED}" font-size="9">{_text(label)}</text>')
    return parts


def _row(chart: Chart, row: ChartRow, y: int) -> list[str]:
    middle, strip = y + ROW / 2 + 4, y + (ROW - STRIP) / 2
    name = row["name"] if len(row["name"]) <= NAME_CHARACTERS else row["name"][: NAME_CHARACTERS - 1] + "…"
    parts = [f'<text x="0" y="{middle}" fill="{INK}">{_text(name)}</text>']
    for start, end, state in sorted(row["pieces"], key=lambda piece: piece[2] == "down"):
        left = _x(chart, start)
        width = _x(chart, end) - left
        if state == "down":
            width = max(width, LEAST_WIDTH)
        top, high = _SHAPE.get(state, (0, STRIP))
        parts.append(
            f'<rect x="{left:.2f}" y="{strip + top:g}" width="{width:.2f}" height="{high:g}" fill="{FILL[state]}"/>'
        )
    parts.append(f'<text x="{WIDTH}" y="{middle}" fill="{INK}" text-anchor="end">{_text(row["value"])}</text>')
    return parts


_SHAPE = {"down": (-3, STRIP + 6), "degraded": (3, STRIP - 3)}


def _legend(chart: Chart, height: int) -> list[str]:
    parts, x, y = [], float(NAMES), height - 14
    for state, word in chart["legend"]:
        parts.append(f'<rect x="{x:g}" y="{y}" width="12" height="10" fill="{FILL[state]}"/>')
        parts.append(f'<text x="{x + 16:g}" y="{y + 9}" fill="{MUTED}">{_text(word)}</text>')
        x += 16 + 18 + sum(11.5 if ord(character) > 0x2E7F else 6.5 for character in word)
    return parts


def _text(text: str) -> str:
    return escape(text, quote=True)
