"""What can be asked about: an asset, a rack, a room, a leased circuit, a business system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from opspact.assets.impact.graph import seeds_of_circuit
from opspact.assets.impact.spread import Extent, Node
from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Circuit, Rack, Room


@dataclass(frozen=True)
class Subject:
    """`seeds` is what stops with it; `start` the one node whose needs can be asked for, None where there are many."""

    kind: str
    record: Any
    seeds: dict[Node, Extent]
    start: Node | None = None

    @property
    def title(self) -> str:
        return str(self.record)

    @property
    def is_place(self) -> bool:
        return self.kind in ("rack", "room")

    @property
    def record_url(self) -> str:
        """Of its own page; a system's belongs to another room, its page about impact stands in."""
        if self.kind == "system":
            return "#"
        return reverse(f"assets:{self.kind}", kwargs={"contract": self.record.contract.code, "pk": self.record.pk})

    def url(self, contract: Any) -> str:
        """Of its page about impact."""
        return graph_url(contract, self.kind, self.record.pk)


def graph_url(contract: Any, kind: str, pk: int) -> str:
    return reverse("assets:impact", kwargs={"contract": contract.code, "kind": kind, "pk": pk})


def of_asset(asset: Asset) -> Subject:
    return Subject("asset", asset, {asset.pk: Extent.STOPPED}, asset.pk)


def of_rack(rack: Rack) -> Subject:
    return Subject("rack", rack, _stopped(Asset.objects.filter(rack=rack)))


def of_room(room: Room) -> Subject:
    return Subject("room", room, _stopped(Asset.objects.filter(room=room)))


def of_circuit(circuit: Circuit) -> Subject:
    return Subject("circuit", circuit, seeds_of_circuit(circuit))


def of_system(system: Any) -> Subject:
    return Subject("system", system, {-system.pk: Extent.STOPPED}, -system.pk)


def _stopped(assets: QuerySet[Asset]) -> dict[Node, Extent]:
    there = assets.filter(deleted_at=None).exclude(lifecycle="scrapped")
    return dict.fromkeys(there.values_list("pk", flat=True), Extent.STOPPED)


KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Subject]]] = {
    "asset": (
        lambda contract: Asset.objects.select_related("contract").filter(contract=contract, deleted_at=None),
        of_asset,
    ),
    "rack": (
        lambda contract: Rack.objects.select_related("contract").filter(contract=contract, deleted_at=None),
        of_rack,
    ),
    "room": (
        lambda contract: Room.objects.select_related("contract").filter(contract=contract, deleted_at=None),
        of_room,
    ),
    "circuit": (
        lambda contract: Circuit.objects.select_related("contract").filter(contract=contract, deleted_at=None),
        of_circuit,
    ),
    "system": (common.systems, of_system),
}
"""By the word in the address: where to look, and how to ask."""
