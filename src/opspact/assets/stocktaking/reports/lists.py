"""The counting list in Excel: out with what is expected, back with results and actual places filled in."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Stocktaking, StocktakingItem
from opspact.assets.stocktaking import queries, recognising
from opspact.assets.stocktaking.marking import Beyond, Said
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.reports import beyond
from opspact.assets.stocktaking.reports.cells import Refused, parsed, placed
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers import Choice, Field, Reference, Text
from opspact.kit.ledgers.sheets import RawRow, open_sheet

Item = StocktakingItem.State
RESULTS = ((Item.FOUND.value, gettext_lazy("Found")), (Item.MISSING.value, gettext_lazy("Missing")))
ALSO = {"在": "found", "有": "found", "已盘到": "found", "正常": "found", "√": "found", "是": "found", "无": "missing"}
ALSO |= {"盘亏": "missing", "未找到": "missing", "×": "missing", "否": "missing"}

FIELDS = (
    Field("code", gettext_lazy("Asset code"), Text(60), also=("资产编码", "资产编号", "编号")),
    Field("name", gettext_lazy("Name"), Text(120)),
    Field("serial_no", gettext_lazy("Serial number"), Text(100), also=("序列号", "SN")),
    Field("ledger_place", gettext_lazy("Place on the ledger"), Text(200)),
    Field("result", gettext_lazy("Result"), Choice(RESULTS, ALSO), also=("结果", "盘点结果")),
    Field("room", gettext_lazy("Actual room"), Reference(common.rooms), also=("实际机房",)),
    Field("rack", gettext_lazy("Actual rack"), Reference(common.racks), also=("实际机柜",)),
    Field("remark", gettext_lazy("Remark"), Text(300), also=("备注",)),
)


@dataclass
class Reading:
    """What a filled list says, and what is wrong with it: cell, column and sentence. Blank results say nothing."""

    said: list[Said] = field(default_factory=list)
    beyond: list[Beyond] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    blank: int = 0


def workbook(stocktaking: Stocktaking) -> bytes:
    """Every expected item; those already counted have their result."""
    places = Places(stocktaking.contract)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("Counting list")[:31])
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0F6B6B", "border": 1})
        text = book.add_format({"num_format": "@"})
        for column, each in enumerate(FIELDS):
            sheet.set_column(column, column, 20, text)
            sheet.write_string(0, column, str(each.label), head)
        sheet.freeze_panes(1, 2)
        last = 1
        for last, item in enumerate(queries.lean(stocktaking, *queries.EXPECTED), start=1):
            for column, cell in enumerate(_cells(item, places)):
                sheet.write_string(last, column, cell)
        results = [str(label) for _value, label in RESULTS]
        sheet.data_validation(1, 4, last, 4, {"validate": "list", "source": results, "error_type": "warning"})
        sheet.autofilter(0, 0, last, len(FIELDS) - 1)
        beyond.write(book, stocktaking, places, head, text)
    return target.getvalue()


def read(stocktaking: Stocktaking, content: bytes, name: str) -> Reading:
    """Raises kit.ledgers.files.WorkbookError for what is no such list."""
    contract = stocktaking.contract
    sheet = open_sheet(content, name, FIELDS, ("result",))
    bound = {each.name: each.bound(contract) for each in FIELDS}
    items = {item.asset_id: item for item in queries.lean(stocktaking) if item.asset_id}
    rows = list(sheet.rows())
    wanted = {row.number: _label(row, bound) for row in rows}
    assets = recognising.find(contract, {label for label in wanted.values() if label.text})
    reading, seen = Reading(), {}
    reading.beyond, reading.problems = beyond.read(stocktaking, content, name)
    for row in rows:
        try:
            said = _said(row, bound, items, assets.get(wanted[row.number]), seen)
        except Refused as refused:
            reading.problems.append(refused.problem(row, bound))
            continue
        if said is None:
            reading.blank += 1
        else:
            reading.said.append(said)
    return reading


def _label(row: RawRow, fields: dict[str, Field]) -> recognising.Label:
    said = (recognising.read(str(row.values.get(name) or "")) for name in ("code", "serial_no"))
    return next((label for label in said if label.text), recognising.Label(""))


def _said(
    row: RawRow, fields: dict[str, Field], items: dict[Any, StocktakingItem], asset: Asset | None, seen: dict[int, int]
) -> Said | None:
    values = {name: parsed(row, fields[name]) for name in ("result", "room", "rack", "remark")}
    if values["result"] is None and values["room"] is None and values["rack"] is None:
        return None
    item = items.get(asset.pk) if asset is not None else None
    if item is None or item.state == Item.EXTRA:
        raise Refused("code", Wrong(N_("this asset is not on the list of this stocktaking")))
    if item.pk in seen:
        raise Refused("code", Wrong(N_("row %(row)s is about the same asset"), row=seen[item.pk]))
    seen[item.pk] = row.number
    to = Item(values["result"] or Item.FOUND)
    if to == Item.MISSING and (values["room"] or values["rack"]):
        raise Refused("result", Wrong(N_("what is missing has no actual place")))
    said = Said(item, to, _place(item, values), values["remark"] or "")
    return None if _is_known(said) else said


def _is_known(said: Said) -> bool:
    """A list that comes back as it went out says nothing anew."""
    item = said.item
    if said.remark != item.remark:
        return False
    if said.to == Item.FOUND and said.place is not None:
        return item.state == Item.MOVED and Place.of(item, "found_") == said.place
    return item.state == said.to


def _place(item: StocktakingItem, values: dict[str, Any]) -> Place | None:
    """The room alone says nothing of the rack unless the room is another one."""
    if values["rack"] is None and values["room"] is not None and values["room"].pk == item.expected_room_id:
        return None
    found = placed(values)
    return found if found.is_known else None


def _cells(item: StocktakingItem, places: Places) -> list[str]:
    asset = item.asset
    is_moved = item.state == Item.MOVED
    result = {Item.FOUND: Item.FOUND, Item.MOVED: Item.FOUND, Item.MISSING: Item.MISSING}.get(Item(item.state), "")
    return [
        asset.code if asset else "",
        asset.name if asset else "",
        asset.serial_no if asset else "",
        places.words(Place.of(item, "expected_")),
        str(dict(RESULTS).get(result, "")),
        places.rooms[item.found_room_id].code if is_moved and item.found_room_id in places.rooms else "",
        places.racks[item.found_rack_id].code if is_moved and item.found_rack_id in places.racks else "",
        item.remark,
    ]
