"""The cables between ports (布线台账): label, colour, and an A and a Z end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.assets.ledgers import common
from opspact.assets.ledgers.relations import assets
from opspact.assets.models import Asset, Cable
from opspact.assets.racks.cabling import Port, port
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Amount, BigReference, Choice, Field, Ledger, Text

PORT_HELP = _("Front and rear of a patch panel's port are 12F and 12R: a trace goes on through them.")


class Colour(TextChoices):
    """Colours that cables are sold in."""

    BLUE = "blue", pgettext_lazy("colour", "blue")
    GREY = "grey", pgettext_lazy("colour", "grey")
    YELLOW = "yellow", pgettext_lazy("colour", "yellow")
    RED = "red", pgettext_lazy("colour", "red")
    GREEN = "green", pgettext_lazy("colour", "green")
    ORANGE = "orange", pgettext_lazy("colour", "orange")
    AQUA = "aqua", pgettext_lazy("colour", "aqua")
    PURPLE = "purple", pgettext_lazy("colour", "purple")
    PINK = "pink", pgettext_lazy("colour", "pink")
    WHITE = "white", pgettext_lazy("colour", "white")
    BLACK = "black", pgettext_lazy("colour", "black")


ALSO_COLOURS = {
    "蓝色": "blue", "灰色": "grey", "gray": "grey", "黄色": "yellow", "红色": "red", "绿色": "green", "橙色": "orange",
    "橘色": "orange", "水蓝": "aqua", "水蓝色": "aqua", "紫色": "purple", "粉色": "pink", "白色": "white",
    "黑色": "black",
}  # fmt: skip


def lock_ends(caller: Caller, contract: Any, cables: Sequence[Any]) -> None:
    """Who writes a cable holds its two assets, so that a port is not taken as A of one and Z of another at once."""
    ends = {end for cable in cables for end in (cable.a_asset_id, cable.z_asset_id)}
    list(Asset.objects.select_for_update(no_key=True).filter(pk__in=ends).order_by("pk").values_list("pk"))


def check(contract: Any, cables: Sequence[Any]) -> dict[int, list[tuple[str, Wrong]]]:
    """A port has one cable, at whichever end."""
    problems: dict[int, list[tuple[str, Wrong]]] = defaultdict(list)
    taken = _taken(contract, cables)
    for position, cable in enumerate(cables):
        for side, at in (("a_port", port_a(cable)), ("z_port", port_z(cable))):
            if (other := taken.get(at)) is None:
                taken[at] = cable
                continue
            if other is cable:
                wrong = Wrong(N_("both ends are the same port"))
            else:
                msgid = N_("port %(port)s of %(asset)s has cable %(cable)s already")
                end = cable.a_asset if side == "a_port" else cable.z_asset
                wrong = Wrong(msgid, port=getattr(cable, side), asset=end.code, cable=other.code)
            problems[position].append((side, wrong))
    return dict(problems)


def _taken(contract: Any, cables: Sequence[Any]) -> dict[Port, Any]:
    ends = {end for cable in cables for end in (cable.a_asset_id, cable.z_asset_id)}
    there = Cable.objects.filter(Q(a_asset__in=ends) | Q(z_asset__in=ends), contract=contract, deleted_at=None)
    taken: dict[Port, Any] = {}
    for cable in there.exclude(pk__in=[each.pk for each in cables if each.pk]):
        taken[port_a(cable)] = taken[port_z(cable)] = cable
    return taken


def port_a(cable: Any) -> Port:
    return port(cable.a_asset_id, cable.a_port)


def port_z(cable: Any) -> Port:
    return port(cable.z_asset_id, cable.z_port)


CABLES = Ledger(
    name="assets.cable",
    model=Cable,
    title=_("Cables"),
    one=_("Cable"),
    url_name="assets:cable",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="plug-connected",
    order=32,
    related=("a_asset", "z_asset"),
    searched=("code", "kind", "a_asset", "a_port", "z_asset", "z_port"),
    check=check,
    before_write=lock_ends,
    fields=(
        common.code(_("Label"), "线标", "线缆编号", "标签"),
        Field("kind", _("Kind of cable"), Text(40), also=("线缆类型", "类型"), filter=True),
        Field("colour", _("Colour"), Choice(Colour, also=ALSO_COLOURS), also=("颜色",), filter=True),
        Field("length_m", _("Length (m)"), Amount(places=1), also=("长度", "长度米"), default=False),
        Field(
            "a_asset", _("A end"), BigReference(assets), required=True, also=("A端设备", "A端"), phone=True, filter=True
        ),
        Field("a_name", _("A end's name"), is_written=False, sort=False),
        Field("a_port", _("A port"), Text(40), required=True, also=("A端端口", "A端口"), help=PORT_HELP),
        Field(
            "z_asset", _("Z end"), BigReference(assets), required=True, also=("Z端设备", "Z端"), phone=True, filter=True
        ),
        Field("z_name", _("Z end's name"), is_written=False, sort=False),
        Field("z_port", _("Z port"), Text(40), required=True, also=("Z端端口", "Z端口"), help=PORT_HELP),
        common.remark(),
    ),
)
