"""A machine room from above, its racks and how full they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.ledgers import common
from opspact.assets.racks.plan import Standing, level, plan
from opspact.assets.racks.space import share
from opspact.assets.racks.standing import Filled, filled
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.shown import formats


class RoomPage(RecordPage):
    template_name = "assets/room.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        by = "power" if request.GET.get("by") == "power" else "space"
        racks = filled(list(common.racks(request.contract).select_related("contract", "room").filter(room=record)))
        is_on_plan = {each.rack.pk: bool(each.rack.plan_x and each.rack.plan_y) for each in racks}
        assets = reverse("assets:asset_list", kwargs={"contract": request.contract.code})
        standing = [_standing(each, by) for each in racks if is_on_plan[each.rack.pk]]
        return {
            "by": by,
            "choices": (("space", _("Space")), ("power", _("Power"))),
            "sentence": sentence(record, racks),
            "plan": plan(record.plan_columns, record.plan_rows, standing),
            "rows": [
                (each, url_of(each), space_share(each), power_share(each), level(_share(each, by))) for each in racks
            ],
            "off_plan": [(each, url_of(each)) for each in racks if not is_on_plan[each.rack.pk]],
            "assets_url": f"{assets}?room={record.pk}",
        }


def url_of(each: Filled) -> str:
    return reverse("assets:rack", kwargs={"contract": each.rack.contract.code, "pk": each.rack.pk})


def space_share(each: Filled) -> int | None:
    return share(each.space.used, each.space.units)


def power_share(each: Filled) -> int | None:
    return share(each.space.power_used, each.space.power_budget)


def _share(each: Filled, by: str) -> int | None:
    return power_share(each) if by == "power" else space_share(each)


def _standing(each: Filled, by: str) -> Standing:
    words = _("%(rack)s: %(free)s of %(units)s U free")
    title = words % {"rack": each.rack, "free": each.space.free, "units": each.space.units}
    return Standing(each.rack.plan_x or 1, each.rack.plan_y or 1, each.rack.code, _share(each, by), title, url_of(each))


def sentence(room: Any, racks: list[Filled]) -> str:
    """Totals: racks, units, and power against the room's own budget or, without one, the racks'."""
    n, units = len(racks), sum(each.space.units for each in racks)
    used = sum(each.space.used for each in racks)
    words = ngettext(
        "%(n)s rack with %(units)s U: %(used)s used, %(free)s free.",
        "%(n)s racks with %(units)s U: %(used)s used, %(free)s free.",
        n,
    )
    text = words % {"n": n, "units": units, "used": used, "free": units - used}
    power = sum(each.space.power_used for each in racks)
    budget = room.power_w or sum(each.space.power_budget or 0 for each in racks)
    words = _("Power: %(power)s of %(budget)s W.") if budget else _("Power: %(power)s W.")
    return f"{text} {words % {'power': formats.number(power), 'budget': formats.number(budget)}}"
