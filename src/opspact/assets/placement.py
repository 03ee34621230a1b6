"""Where assets stand: a rack's units are nobody's twice, and what stands in a rack stands in its room and site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q, prefetch_related_objects

from opspact.assets.models import Asset, Face, Rack
from opspact.core.inputs import Wrong
from opspact.core.words import N_

Problems = dict[int, list[tuple[str, Wrong]]]
_OUT = ("scrapped",)


def height_of(asset: Asset) -> int:
    """The units an asset takes: its own, else its model's; at least 1 once it has a place."""
    return asset.units or (asset.model.units if asset.model else 0) or 1


def complete(assets: Iterable[Asset]) -> None:
    """Room and site follow the rack, the site follows the room. Whoever puts something into a rack holds the rack,
    so that two people never give the same units at once."""
    assets = list(assets)
    racks = {asset.rack_id for asset in assets if asset.rack_id and asset.u_pos}
    list(Rack.objects.select_for_update(no_key=True).filter(pk__in=racks).order_by("pk").values_list("pk"))
    prefetch_related_objects(assets, "rack__room__site", "room__site")
    for asset in assets:
        if asset.rack is not None:
            asset.room = asset.rack.room
        if asset.room is not None:
            asset.site = asset.room.site


def clashes(contract: Any, assets: Sequence[Asset]) -> Problems:
    """Units outside the rack, or taken by another asset, of the ledger or of these. One query."""
    problems: Problems = {}
    placed = [(position, asset) for position, asset in enumerate(assets) if asset.rack_id and asset.u_pos]
    taken = _taken(
        {asset.rack_id for _at, asset in placed if asset.rack_id}, [asset.pk for asset in assets if asset.pk]
    )
    for position, asset in placed:
        if asset.lifecycle in _OUT:
            continue
        rack, first, last = asset.rack, asset.u_pos, asset.u_pos + height_of(asset) - 1
        if last > rack.units:
            wrong = Wrong(
                N_("units %(first)s to %(last)s are beyond rack %(rack)s, which has %(units)s"),
                first=first,
                last=last,
                rack=rack.code,
                units=rack.units,
            )
            problems.setdefault(position, []).append(("u_pos", wrong))
            continue
        for other in taken[rack.pk]:
            if _overlap(asset, other):
                wrong = Wrong(
                    N_("units %(first)s to %(last)s of rack %(rack)s are taken by %(other)s"),
                    first=first,
                    last=last,
                    rack=rack.code,
                    other=str(other),
                )
                problems.setdefault(position, []).append(("u_pos", wrong))
                break
        taken[rack.pk].append(asset)
    return problems


def standing_in(racks: Iterable[Rack]) -> list[Asset]:
    """The assets that are in these racks, from the top, those at no unit last."""
    return list(_standing(Q(rack__in=racks)).order_by(F("u_pos").desc(nulls_last=True), "code"))


def _standing(where: Q) -> Any:
    found = Asset.objects.filter(where, deleted_at=None).exclude(lifecycle__in=_OUT)
    return found.select_related("model", "category", "contract")


def _taken(racks: set[int], but: Sequence[int]) -> dict[int, list[Asset]]:
    taken: dict[int, list[Asset]] = defaultdict(list)
    if racks:
        for asset in _standing(Q(rack__in=racks, u_pos__isnull=False)).exclude(pk__in=but):
            taken[asset.rack_id].append(asset)
    return taken


def _overlap(one: Asset, other: Asset) -> bool:
    if Face.BOTH not in (one.face, other.face) and one.face != other.face:
        return False
    first, second = one.u_pos or 0, other.u_pos or 0
    return first < second + height_of(other) and second < first + height_of(one)
