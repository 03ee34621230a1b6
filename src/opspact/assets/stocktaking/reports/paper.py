"""Counting sheets for rooms where no phone may go: by room and rack, with a box to tick and a code to scan later."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import segno
from django.utils.translation import gettext as _

from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import queries
from opspact.assets.stocktaking.places import Place, Places
from opspact.kit.typesetting import compiled

TEMPLATE = Path(__file__).resolve().parent / "paper.typ"
Item = StocktakingItem.State


def sheets(stocktaking: Stocktaking, *, only_open: bool = False) -> bytes:
    """A PDF, A4, a new page for each room. Raises kit.typesetting.FontsMissing."""
    states = (Item.OPEN,) if only_open else queries.EXPECTED
    places = Places(stocktaking.contract)
    rooms: dict[str, dict[str, list[dict[str, str]]]] = {}
    for item in queries.items(stocktaking, *states):
        where = Place.of(item, "expected_")
        room = rooms.setdefault(places.words(Place(where.site, where.room)), {})
        rack = item.expected_rack.code if item.expected_rack else ""
        room.setdefault(rack, []).append(_row(item))
    content = {
        "title": f"{stocktaking.code} {stocktaking.name}",
        "mark": _("Demo data") if stocktaking.contract.simulated else "",
        "rooms": [
            {"name": room, "racks": [{"name": rack, "rows": rows} for rack, rows in racks.items()]}
            for room, racks in rooms.items()
        ],
        "words": _words(),
    }
    inputs = {"content": json.dumps(content, ensure_ascii=False)}
    return compiled(TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs)[0]


def _row(item: StocktakingItem) -> dict[str, str]:
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
def _qr(text: str) -> str:
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=1, xmldecl=False)
    return target.getvalue().decode()


def _words() -> dict[str, str]:
    return {
        "sheet": _("Counting sheet"),
        "rack": _("Rack"),
        "none": _("No rack"),
        "found": _("Found"),
        "code": _("Asset code"),
        "name": _("Name"),
        "serial": _("Serial number"),
        "unit": _("Unit"),
        "actual": _("Actual place, if another"),
        "remark": _("Remark"),
        "beyond": _("Found beyond this list (code or serial number, what it is)"),
        "signed": _("Counted by: ____________    Checked by: ____________    Date: ____________"),
    }
