"""Labels as PDF, or as pictures for looking at them, by typst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import segno

from opspact.assets.labels import code128
from opspact.assets.labels.formats import Format
from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.typesetting import compiled

TEMPLATE = Path(__file__).resolve().parent / "label.typ"
PADDING = 1.5
"""mm inside a label that stay white."""
FINEST = 0.19
"""mm: the narrowest bar (7.5 mil) that office printers print and hand-held scanners read."""
QR_QUIET = 4
"""Modules (ISO/IEC 18004)."""
ROOM_FOR_BOTH = 29.0
"""mm of height from which on a label has room for QR and bars."""


@dataclass(frozen=True)
class Label:
    """The words of one label. `qr` is what its QR code says, "" for none; `bars` the same for Code 128."""

    code: str
    name: str
    lines: tuple[str, ...]
    foot: str = ""
    qr: str = ""
    bars: str = ""


@dataclass(frozen=True)
class Layout:
    """How labels go on paper: the first `skip` places of a partly used sheet stay empty; a shift mends a printer that
    feeds askew, in mm; `is_framed` draws the edges, for cutting plain paper."""

    format: Format
    skip: int = 0
    shift_x: float = 0
    shift_y: float = 0
    is_framed: bool = False


def check(labels: Sequence[Label], format_: Format) -> None:
    """Raises Wrong for a code that the label has no room for, or that Code 128 can't write."""
    for label in labels:
        if not label.bars:
            continue
        if label.qr and format_.height < ROOM_FOR_BOTH:
            raise Wrong(N_("this label is too low for QR and Code 128 together; choose one of them"))
        needed = code128.modules(label.bars) * FINEST
        if needed > format_.width:
            raise Wrong(
                N_("“%(code)s” needs %(needed)s mm as Code 128, this label has %(room)s; take a wider one or QR"),
                code=shown(label.code),
                needed=f"{needed:.0f}",
                room=f"{format_.width:g}",
            )


def pdf(labels: Sequence[Label], layout: Layout) -> bytes:
    """All labels in one file. Raises Wrong (see `check`) and FontsMissing."""
    return compiled(TEMPLATE.read_bytes(), format="pdf", sys_inputs=_inputs(labels, layout))[0]


def pictures(labels: Sequence[Label], layout: Layout, ppi: int = 300) -> list[bytes]:
    """The same as one PNG a page."""
    return compiled(TEMPLATE.read_bytes(), format="png", ppi=ppi, sys_inputs=_inputs(labels, layout))


def _inputs(labels: Sequence[Label], layout: Layout) -> dict[str, str]:
    check(labels, layout.format)
    pages: list[list[dict[str, Any]]] = []
    for slot, label in enumerate(labels, start=layout.skip):
        page, left, top = layout.format.place(slot)
        if not pages or page > layout.skip // layout.format.per_page + len(pages) - 1:
            pages.append([])
        drawn = asdict(label) | {"left": left + layout.shift_x, "top": top + layout.shift_y}
        pages[-1].append(drawn | {"qr": _qr(label.qr), "bars": code128.svg(label.bars) if label.bars else ""})
    size = {"page": layout.format.page, "width": layout.format.width, "height": layout.format.height}
    content = {"pages": pages, "padding": PADDING, "framed": layout.is_framed, **size}
    return {"content": json.dumps(content, ensure_ascii=False)}


def _qr(text: str) -> str:
    if not text:
        return ""
    made: str = segno.make(text, error="m", micro=False).svg_inline(border=QR_QUIET, omitsize=True, svgclass=None)
    return made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
