"""The second sheet of the counting list: what was found beyond the list, as the lines at the end of a paper sheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets.ledgers import common
from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import queries, recognising
from opspact.assets.stocktaking.marking import Beyond
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.reports.cells import Problem, Refused, parsed, placed
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers import Field, Reference, Text
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.sheets import RawRow, open_sheet

Item = StocktakingItem.State
SHEET = N_("Found beyond this list")
FIELDS = (
    Field("text", gettext_lazy("Code or serial number"), Text(200), also=("编码或序列号", "扫描内容")),
    Field("what", gettext_lazy("What it is"), Text(300), also=("设备说明",)),
    Field("room", gettext_lazy("Actual room"), Reference(common.rooms), also=("实际机房",)),
    Field("rack", gettext_lazy("Actual rack"), Reference(common.racks), also=("实际机柜",)),
)


def write(book: Any, stocktaking: Stocktaking, places: Places, head: Any, text: Any) -> None:
    """Add the sheet with what is known already."""
    sheet = book.add_worksheet(_(SHEET)[:31])
    for column, each in enumerate(FIELDS):
        sheet.set_column(column, column, 28, text)
        sheet.write_string(0, column, str(each.label), head)
    sheet.freeze_panes(1, 1)
    for row, item in enumerate(queries.lean(stocktaking, Item.UNKNOWN, Item.EXTRA), start=1):
        for column, cell in enumerate(_cells(item, places)):
            sheet.write_string(row, column, cell)


def read(stocktaking: Stocktaking, content: bytes, name: str) -> tuple[list[Beyond], list[Problem]]:
    """What is new on the sheet, and what is wrong; nothing where a list has no such sheet."""
    try:
        rows = list(open_sheet(content, name, FIELDS, ("text",)).rows())
    except WorkbookError:
        return [], []
    bound = {each.name: each.bound(stocktaking.contract) for each in FIELDS}
    labels = {row.number: recognising.read(str(row.values.get("text") or "")) for row in rows}
    assets = recognising.find(stocktaking.contract, {label for label in labels.values() if label.text})
    items = list(queries.lean(stocktaking))
    expected = {item.asset_id for item in items if item.state in queries.EXPECTED}
    known = {item.text.lower(): item for item in items if item.state in (Item.UNKNOWN, Item.EXTRA)}
    found: list[Beyond] = []
    problems: list[Problem] = []
    for row in rows:
        asset = assets.get(labels[row.number])
        try:
            said = _said(row, bound, is_expected=asset is not None and asset.pk in expected)
        except Refused as refused:
            cell, label, text = refused.problem(row, bound)
            problems.append((f"{_(SHEET)} {cell}", label, text))
            continue
        before = known.get((asset.code if asset else labels[row.number].text).lower())
        if before is None or (said.remark and said.remark != before.remark):
            found.append(said)
    return found, problems


def _said(row: RawRow, fields: dict[str, Field], *, is_expected: bool) -> Beyond:
    values = {name: parsed(row, fields[name]) for name in fields}
    if not values["text"]:
        raise Refused("text", Wrong(N_("say its code or serial number, or what else is written on it")))
    if is_expected:
        raise Refused("text", Wrong(N_("this asset is on the counting list; fill its row there")))
    return Beyond(values["text"], placed(values), values["what"] or "")


def _cells(item: StocktakingItem, places: Places) -> list[str]:
    place = Place.of(item, "found_")
    room, rack = places.rooms.get(place.room or 0), places.racks.get(place.rack or 0)
    return [item.text, item.remark, room.code if room else "", rack.code if rack else ""]
