"""Counting sheets for rooms where no phone may go: by room and rack, with a box to tick and codes to scan later.

The codes of rooms and racks tell the counting page where one stands, those of rows what was ticked.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import segno
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.assets.labels import marks
from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import queries
from opspact.assets.stocktaking.places import Place, Places
from opspact.kit.typesetting import compiled

TEMPLATE = Path(__file__).resolve().parent / "paper.typ"
MOST = 5000
"""Rows of one PDF; more are printed room by room."""
Item = StocktakingItem.State
QrCode = tuple[int, list[int]]
"""Its width and its pixels, row by row: 0 black, 255 white."""


def sheets(stocktaking: Stocktaking, *, only_open: bool = False, within: Place | None = None) -> bytes:
    """A PDF, A4, a new page for each room. `within`: only what is expected in this room, or in no room of this site.

    Raises ValidationError for more than MOST rows, kit.typesetting.FontsMissing.
    """
    states = (Item.OPEN,) if only_open else queries.EXPECTED
    items = queries.lean(stocktaking, *states)
    if within is not None:
        items = items.filter(expected_site=within.site, expected_room=within.room)
    if (n := items.count()) > MOST:
        words = {"n": n, "most": MOST}
        raise ValidationError(_("%(n)s rows are too many for one PDF (%(most)s): print room by room.") % words)
    content = {
        "title": f"{stocktaking.code} {stocktaking.name}",
        "mark": _("Demo data") if stocktaking.contract.simulated else "",
        "rooms": _rooms(stocktaking, items),
        "words": _words(),
    }
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    return compiled(TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs)[0]


def _rooms(stocktaking: Stocktaking, items: object) -> list[dict[str, object]]:
    places, code = Places(stocktaking.contract), stocktaking.contract.code
    rooms: dict[Place, dict[Place, list[dict[str, object]]]] = {}
    for item in items:  # type: ignore[attr-defined]
        rack = Place.of(item, "expected_")
        rooms.setdefault(Place(rack.site, rack.room), {}).setdefault(rack, []).append(_row(item))

    def named(place: Place, name: str, **more: object) -> dict[str, object]:
        return {"name": name, "qr": _qr(marks.place_mark(code, places.value(place))), **more}

    def rack_name(place: Place) -> str:
        return places.racks[place.rack].code if place.rack in places.racks else ""

    return [
        named(room, places.words(room), racks=[named(rack, rack_name(rack), rows=rows) for rack, rows in racks.items()])
        for room, racks in rooms.items()
    ]


def _row(item: StocktakingItem) -> dict[str, object]:
    asset = item.asset
    assert asset is not None, "what is expected is an asset"
    return {
        "code": asset.code,
        "name": asset.name,
        "serial": asset.serial_no,
        "unit": f"U{asset.u_pos}" if asset.u_pos else "",
        "qr": _qr(asset.code),
    }


@cache
def _qr(text: str) -> QrCode:
    """With the same mask for all: choosing the best of eight takes most of the time, and readers know each."""
    rows = segno.make(text, error="m", micro=False, mask=2).matrix
    width = len(rows) + 2
    pixels = bytearray(b"\xff" * width * width)
    for y, row in enumerate(rows, start=1):
        for x, is_black in enumerate(row, start=1):
            if is_black:
                pixels[y * width + x] = 0
    return width, list(pixels)


def _words() -> dict[str, str]:
    return {
        "sheet": _("Counting sheet"),
        "rack": _("Rack"),
        "none": _("No rack"),
        "found": _("Found"),
        "code": _("Asset code"),
        "name": _("Name"),
        "serial": _("Serial number"),
        "unit": _("Units"),
        "actual": _("Actual place, if another"),
        "remark": _("Remark"),
        "beyond": _("Found beyond this list"),
        "scanned": _("Code or serial number"),
        "what": _("What it is"),
        "where": _("Found in"),
        "signed": _("Counted by: ____________    Checked by: ____________    Date: ____________"),
    }
