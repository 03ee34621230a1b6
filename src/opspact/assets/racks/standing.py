"""The racks of a contract with what stands in them, from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opspact.assets import placement
from opspact.assets.models import Asset, Rack
from opspact.assets.racks.space import Block, Run, Space, space_of


@dataclass(frozen=True)
class Filled:
    """A rack, its assets from the top, and what is left. `unplaced` are in the rack but at no unit."""

    rack: Rack
    assets: list[Asset]
    unplaced: list[Asset]
    space: Space

    @property
    def blocks(self) -> list[tuple[Asset, Block]]:
        return [(asset, block_of(asset)) for asset in self.assets]


def power_of(asset: Asset) -> int:
    """Its own figure, else its model's, in watts."""
    return asset.power_w or (asset.model.power_w if asset.model else None) or 0


def block_of(asset: Asset) -> Block:
    ports = (asset.model.ports if asset.model else None) or 0
    return Block(asset.u_pos or 1, placement.height_of(asset), asset.face, power_of(asset), ports)


def filled(racks: Sequence[Rack]) -> list[Filled]:
    """The racks in their order; one query for what stands in all of them."""
    standing: dict[int | None, list[Asset]] = defaultdict(list)
    for asset in placement.standing_in(racks):
        standing[asset.rack_id].append(asset)
    return [_filled(rack, standing[rack.pk]) for rack in racks]


def _filled(rack: Rack, assets: Iterable[Asset]) -> Filled:
    assets = list(assets)
    placed = [asset for asset in assets if asset.u_pos]
    unplaced = [asset for asset in assets if not asset.u_pos]
    space = space_of(rack.units, map(block_of, placed), rack.power_w, rack.ports)
    more = sum(power_of(asset) for asset in unplaced)
    if more:
        space = Space(**{**space.__dict__, "power_used": space.power_used + more})
    return Filled(rack, placed, unplaced, space)


def places_for(racks: Sequence[Rack], height: int, power_w: int) -> list[tuple[Filled, Run]]:
    """The racks with so many units in a row and so much power, those that are filled best by it first."""
    found = [(each, run) for each in filled(racks) if (run := each.space.fits(height, power_w)) is not None]
    return sorted(found, key=lambda pair: (pair[1].height, -pair[0].space.used, pair[0].rack.code))
