"""Spare parts (备品备件): the stock is the sum of its movements; a count entered here or in Excel is a movement too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from opspact.assets import shortages
from opspact.assets.ledgers import common
from opspact.assets.ledgers.software import CODE_HELP, numbered
from opspact.assets.models import SpareMovement, SparePart
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Amount, Field, Ledger, Text, Whole


def count_what_changed(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
    """A stock that was written as a figure is a correction by count: its movement says by how much."""
    counted = [
        SpareMovement(
            part=record,
            kind=SpareMovement.Kind.CORRECTED,
            amount=record.stock - (record.was.get("stock") or 0),
            stock_after=record.stock,
            price=record.price,
            at=caller.now,
            by=caller.user,
        )
        for record in records
        if "stock" in getattr(record, "was", {})
    ]
    SpareMovement.objects.bulk_create(counted, batch_size=1000)


def follow(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
    """Movements of what was counted, and a message where the stock sank or the minimum rose."""
    count_what_changed(caller, contract, records)
    stood = [
        (record, {"stock": record.stock, "minimum": record.minimum} | getattr(record, "was", {}))
        for record in records
        if record.version > 1  # a new part is short from its beginning: whoever records it sees that
    ]
    short = [part for part, was in stood if shortages.fell(part, was["stock"], was["minimum"])]
    shortages.tell(caller, contract, short)


SPARES = Ledger(
    name="assets.sparepart",
    model=SparePart,
    title=_("Spare parts"),
    one=_("Spare part"),
    url_name="assets:sparepart",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="tool",
    order=70,
    is_key_given=False,
    related=("site",),
    searched=("code", "name", "part_no", "fits", "place"),
    before_write=numbered("SP-"),
    after_write=follow,
    notes=(_("A stock that differs from the ledger's is recorded as a correction by count."),),
    fields=(
        common.code(help=CODE_HELP),
        Field("name", _("Name"), Text(120), required=True, also=("名称", "备件名称"), phone=True, width="l"),
        Field("part_no", _("Part number"), Text(80), also=("备件号", "型号", "料号")),
        Field("fits", _("Fits"), Text(200), also=("适用设备", "适用机型")),
        Field(
            "stock",
            _("Stock"),
            Whole(0, 1_000_000),
            also=("库存", "库存数量", "现有数量"),
            phone=True,
            help=_("A figure entered here is a correction by count. Receiving and using have buttons of their own."),
        ),
        Field("minimum", _("Minimum"), Whole(0, 1_000_000), also=("最低库存", "安全库存")),
        Field("unit", _("Unit"), Text(10), also=("单位",)),
        Field("price", _("Price (CNY)"), Amount(), also=("单价",), default=False),
        common.site(label=_("Kept at")),
        Field("place", _("Place"), Text(60), also=("库位", "存放位置")),
        common.remark(),
    ),
)
