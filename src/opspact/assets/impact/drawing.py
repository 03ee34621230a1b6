"""The graph of impact as a picture: columns by distance from left to right, lines where one needs the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opspact.assets.impact.answers import Answer, Thing
from opspact.assets.impact.layout import columns
from opspact.assets.impact.spread import Extent
from opspact.assets.racks.elevation import fitting

MOST, MOST_IN_COLUMN, FEW = 150, 16, 3
"""Beyond so many things in all or in one column, those of one category are drawn as one, unless they are few."""
BOX, LINE, ROW, GAP, PAD = 170, 30, 40, 52, 10
MARKS = {Extent.STOPPED: "■ ", Extent.DEGRADED: "▲ ", Extent.FINE: ""}


@dataclass(frozen=True)
class Box:
    """What is drawn as one: a thing, or several of one category and distance that would be too many."""

    label: str
    title: str
    url: str
    css: str


def picture(answer: Answer) -> SafeString:
    """The list beside it says the same, so the drawing is hidden from readers of screens."""
    key_of, boxes, depth = _boxes(answer)
    edges = {
        (key_of[need.on], key_of[need.who])
        for need in answer.impact.needs
        if need.on in key_of and need.who in key_of and key_of[need.on] != key_of[need.who]
    }
    edges |= {("start", key_of[thing.node]) for thing in answer.things if thing.depth == 0}
    placed = columns(depth, edges)
    tallest = max(map(len, placed))
    at: dict[Hashable, tuple[float, float]] = {}
    for column, keys in enumerate(placed):
        start = PAD + (tallest - len(keys)) * ROW / 2
        for row, key in enumerate(keys):
            at[key] = (PAD + column * (BOX + GAP), start + row * ROW)
    width, height = 2 * PAD + len(placed) * (BOX + GAP) - GAP, 2 * PAD + tallest * ROW
    return format_html(
        '<svg class="as-graph" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        "{edges}{boxes}</svg>",
        w=width,
        h=height,
        edges=format_html_join(
            "", '<path class="as-edge" d="{}"/>', ((_line(at, *edge),) for edge in sorted(edges, key=str))
        ),
        boxes=format_html_join("", "{}", ((_box(boxes[key], *at[key]),) for key in at)),
    )


def _boxes(answer: Answer) -> tuple[dict[int, Hashable], dict[Hashable, Box], dict[Hashable, int]]:
    """By node the key of its box; the boxes; and their columns."""
    crowd = Counter(thing.depth for thing in answer.assets)
    alike = Counter((thing.depth, thing.category) for thing in answer.assets)
    is_much = len(answer.things) > MOST
    last = max((thing.depth for thing in answer.assets), default=0) + 1
    start: Hashable = "start"
    key_of: dict[int, Hashable] = {node: start for node, depth in answer.impact.depth.items() if depth == 0}
    boxes = {start: Box(answer.subject.title, answer.subject.title, answer.subject.record_url, "as-start")}
    depth = {start: 0}
    groups: dict[Hashable, list[Thing]] = {}
    for thing in answer.things:
        is_crowded = is_much or crowd[thing.depth] > MOST_IN_COLUMN
        is_grouped = not thing.is_system and is_crowded and alike[thing.depth, thing.category] > FEW
        key: Hashable = (thing.depth, thing.category) if is_grouped else thing.node
        key_of[thing.node] = key
        # Systems are what the picture is about: they stand together at its end.
        depth[key] = last if thing.is_system else thing.depth
        groups.setdefault(key, []).append(thing)
    boxes |= {key: _one(things[0]) if len(things) == 1 else _many(things) for key, things in groups.items()}
    return key_of, boxes, depth


def _one(thing: Thing) -> Box:
    mark = "◆ " if thing.is_single else MARKS[thing.extent]
    css = f"as-ext-{thing.extent}{' as-system' if thing.is_system else ''}{' as-single' if thing.is_single else ''}"
    return Box(f"{mark}{thing.label}", " · ".join([thing.name, thing.category, *thing.kpis]), thing.url, css)


def _many(things: list[Thing]) -> Box:
    worst = max(thing.extent for thing in things)
    label = _("%(category)s × %(n)s") % {"category": things[0].category, "n": len(things)}
    return Box(f"{MARKS[worst]}{label}", label, f"#category-{things[0].category}", f"as-ext-{worst} as-many")


def _line(at: Mapping[Hashable, tuple[float, float]], start: Hashable, end: Hashable) -> str:
    """From the right edge of the left box to the left edge of the right one; within a column around their right."""
    (x1, y1), (x2, y2) = sorted((at[start], at[end]))
    x1, y1, y2 = x1 + BOX, y1 + LINE / 2, y2 + LINE / 2
    if x2 + BOX == x1:
        return f"M {x1:g} {y1:g} C {x1 + 28:g} {y1:g} {x1 + 28:g} {y2:g} {x1:g} {y2:g}"
    return f"M {x1:g} {y1:g} C {x1 + GAP / 2:g} {y1:g} {x2 - GAP / 2:g} {y2:g} {x2:g} {y2:g}"


def _box(box: Box, x: float, y: float) -> SafeString:
    return format_html(
        '<a href="{}" tabindex="-1" class="as-node {}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text x="{}" y="{}">{}</text></a>',
        box.url,
        box.css,
        box.title,
        x,
        y,
        BOX,
        LINE,
        x + 8,
        y + LINE / 2 + 4.5,
        fitting(box.label, BOX - 24),
    )
