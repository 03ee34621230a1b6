"""Machine rooms and racks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from opspact.assets import placement
from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Rack, Room
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Field, Ledger, Reference, Text, Whole, writing
from opspact.kit.models import Change

Problems = dict[int, list[tuple[str, Wrong]]]


def check_racks(contract: Any, racks: Sequence[Any]) -> Problems:
    """A rack is as high as what stands in it, and stands on a tile of its room's plan that is nobody else's."""
    problems: dict[int, list[tuple[str, Wrong]]] = defaultdict(list)
    tops: dict[int | None, tuple[int, Asset]] = {}
    for asset in placement.standing_in([rack for rack in racks if rack.pk]):
        if asset.u_pos:
            top = asset.u_pos + placement.height_of(asset) - 1
            tops[asset.rack_id] = max(tops.get(asset.rack_id, (0, asset)), (top, asset), key=lambda pair: pair[0])
    tiles = _tiles(contract, racks)
    for position, rack in enumerate(racks):
        if rack.pk in tops and tops[rack.pk][0] > rack.units:
            top, highest = tops[rack.pk]
            wrong = Wrong(N_("%(asset)s stands as high as U%(top)s; move it first"), asset=str(highest), top=top)
            problems[position].append(("units", wrong))
        if rack.plan_x is None or rack.plan_y is None:
            continue
        room, place = rack.room, (rack.room_id, rack.plan_x, rack.plan_y)
        if rack.plan_x > room.plan_columns or rack.plan_y > room.plan_rows:
            size = {"columns": room.plan_columns, "rows": room.plan_rows}
            wrong = Wrong(N_("the plan of the room has %(columns)s columns and %(rows)s rows"), **size)
            problems[position].append(("plan_x", wrong))
        elif tiles.setdefault(place, rack) is not rack:
            wrong = Wrong(N_("rack %(rack)s stands on this tile of the plan"), rack=tiles[place].code)
            problems[position].append(("plan_x", wrong))
    return dict(problems)


def _tiles(contract: Any, racks: Sequence[Any]) -> dict[tuple[int, int | None, int | None], Any]:
    rooms = {rack.room_id for rack in racks}
    there = Rack.objects.filter(contract=contract, room__in=rooms, deleted_at=None, plan_x__isnull=False)
    there = there.exclude(pk__in=[rack.pk for rack in racks if rack.pk])
    return {(rack.room_id, rack.plan_x, rack.plan_y): rack for rack in there}


def keep_racks(contract: Any, racks: Sequence[Any]) -> Problems:
    """A rack is not taken off the ledger with assets in it."""
    held = Asset.objects.filter(rack__in=racks, deleted_at=None).exclude(lifecycle="scrapped")
    full = dict(held.order_by("-code").values_list("rack_id", "code"))
    message = N_("%(asset)s and perhaps more stands in rack %(rack)s; take it out first")
    return {
        at: [("", Wrong(message, asset=full[rack.pk], rack=rack.code))]
        for at, rack in enumerate(racks)
        if rack.pk in full
    }


def keep_rooms(contract: Any, rooms: Sequence[Any]) -> Problems:
    """A room is not taken off the ledger with racks or assets in it."""
    racks = Rack.objects.filter(room__in=rooms, deleted_at=None).values_list("room_id", "code")
    held = Asset.objects.filter(room__in=rooms, deleted_at=None).exclude(lifecycle="scrapped")
    full = {**dict(held.order_by("-code").values_list("room_id", "code")), **dict(racks.order_by("-code"))}
    message = N_("%(thing)s and perhaps more stands in room %(room)s; move it first")
    return {
        at: [("", Wrong(message, thing=full[room.pk], room=room.code))]
        for at, room in enumerate(rooms)
        if room.pk in full
    }


def take_along(caller: Caller, contract: Any, racks: Sequence[Any]) -> None:
    """What stands in a rack goes to the rack's new room with it."""
    moved = {rack.pk: rack.room for rack in racks if "room" in getattr(rack, "was", {}) and rack.was["room"]}
    assets = list(Asset.objects.filter(rack__in=moved, deleted_at=None).select_related("room", "contract"))
    changes = []
    with override(settings.LANGUAGE_CODE):
        for asset in assets:
            room = moved[asset.rack_id]
            changes.append((asset, Change.Verb.CHANGED, {"room": [str(asset.room or ""), str(room)]}))
            asset.room, asset.site, asset.updated_at = room, room.site, caller.now
            asset.version += 1
    Asset.objects.bulk_update(assets, ["room", "site", "version", "updated_at"], batch_size=writing.BATCH)
    writing.remember(caller, contract, changes)


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
    check_delete=keep_rooms,
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
    check=check_racks,
    check_delete=keep_racks,
    after_write=take_along,
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
