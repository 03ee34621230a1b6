"""Machine rooms and racks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers import common
from opspact.assets.models import Rack, Room
from opspact.kit.ledgers import Field, Ledger, Reference, Text, Whole

ROOMS = Ledger(
    name="assets.room",
    model=Room,
    title=_("Machine rooms"),
    one=_("Machine room"),
    url_name="assets:room",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="building",
    order=30,
    related=("site",),
    fields=(
        common.code(),
        Field("name", _("Name"), Text(120), required=True, also=("名称", "机房名称"), phone=True),
        Field(
            "site", _("Site"), Reference(common.sites), required=True, also=("地点", "站点"), filter=True, sort=False
        ),
        Field("floor", _("Floor"), Text(20), also=("楼层",)),
        Field("network", _("Network"), Text(40), also=("网络",)),
        Field("power_w", _("Power budget (W)"), Whole(0), also=("供电容量",)),
        Field("plan_columns", _("Plan: columns"), Whole(1, 200), default=False),
        Field("plan_rows", _("Plan: rows"), Whole(1, 200), default=False),
        Field("keeper", _("Keeper"), Text(60), also=("管理员",)),
        common.remark(),
    ),
)

RACKS = Ledger(
    name="assets.rack",
    model=Rack,
    title=_("Racks"),
    one=_("Rack"),
    url_name="assets:rack",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="server-2",
    order=31,
    related=("room", "room__site"),
    fields=(
        common.code(_("Code"), "机柜编号"),
        Field("name", _("Name"), Text(120), also=("名称",), phone=True),
        Field(
            "room", _("Machine room"), Reference(common.rooms), required=True, also=("机房",), filter=True, sort=False
        ),
        Field("units", _("Height (U)"), Whole(1, 60), also=("U数", "高度U")),
        Field("power_w", _("Power budget (W)"), Whole(0), also=("供电容量",)),
        Field("ports", _("Ports"), Whole(0), also=("端口数",)),
        Field("plan_x", _("Plan: column"), Whole(1, 200), default=False),
        Field("plan_y", _("Plan: row"), Whole(1, 200), default=False),
        common.remark(),
    ),
)
