"""A room with three servers in rack A01, a second room, people who count, and a stocktaking over the first room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.integration.assets.world import CALLER, NOW, make_asset, make_category, make_contract, make_rack

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Asset, Rack, Room, Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.stocktaking import counting, leading
from opspact.assets.stocktaking.counting import Confirmed, Scanned
from opspact.assets.stocktaking.places import Place
from opspact.contracts.models import Contract, Site
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

LATER = NOW + timedelta(hours=1)


@dataclass
class World:
    contract: Contract
    rack: Rack
    other_room: Room
    other_rack: Rack
    assets: list[Asset]

    def caller(self, role: str, name: str = "") -> Caller:
        """Somebody with the role, the same person for the same name."""
        name = name or role
        user, _made = User.objects.get_or_create(username=name, defaults={"name": name})
        Grant.objects.get_or_create(user=user, role=role, contract_code=self.contract.code)
        return Caller(user, LATER, "test")

    @property
    def leader(self) -> Caller:
        return self.caller(Role.SERVICE_MANAGER, "王经理")

    @property
    def counter(self) -> Caller:
        return self.caller(Role.ENGINEER, "李工")

    @property
    def client(self) -> Caller:
        return self.caller(Role.CLIENT_ASSET_MANAGER, "赵资产")

    def here(self) -> Place:
        return Place.of(self.assets[0])

    def elsewhere(self) -> Place:
        return Place(self.other_room.site_id, self.other_room.pk, self.other_rack.pk)

    def planned(self, **scope: Any) -> Stocktaking:
        values = {"name": "一号机房盘点", "scope": scope or {"room": [self.rack.room_id]}}
        return actions.create(self.leader, STOCKTAKINGS, self.contract, values)

    def running(self, **scope: Any) -> Stocktaking:
        made = self.planned(**scope)
        leading.start(self.leader, made)
        made.refresh_from_db()
        return made

    def scan(
        self,
        stocktaking: Stocktaking,
        text: str,
        place: Place | None = None,
        *,
        key: UUID | None = None,
        by: Any = None,
    ) -> StocktakingScan:
        scanned = Scanned(key or uuid4(), text, self.here() if place is None else place, LATER)
        return counting.receive(by or self.counter, stocktaking, [scanned])[0]

    def confirm(
        self, stocktaking: Stocktaking, scan: StocktakingScan, *, is_here: bool, by: Any = None, at: Any = LATER
    ) -> bool:
        """Whether the place was settled so."""
        ((_scan, is_settled),) = counting.confirm(by or self.counter, stocktaking, [Confirmed(scan.key, is_here, at)])
        return is_settled

    def item(self, stocktaking: Stocktaking, number: int) -> StocktakingItem:
        return stocktaking.items.get(asset=self.assets[number])


def make_world() -> World:
    contract = make_contract()
    make_category(contract)
    rack = make_rack(contract)
    site = Site.objects.get(code="HQ")
    other = actions.create(CALLER, ROOMS, contract, {"code": "R2", "name": "二号机房", "site": site})
    other_rack = actions.create(CALLER, RACKS, contract, {"code": "B07", "room": other, "units": 42})
    assets = [
        make_asset(
            contract,
            ASSETS,
            name,
            serial_no=f"SN00{n}",
            rack=rack,
            u_pos=n * 4,
            department="指挥处",
            lifecycle="in_use",
        )
        for n, name in enumerate(("数据库服务器", "应用服务器", "备份服务器"), start=1)
    ]
    make_asset(contract, ASSETS, "测试服务器", serial_no="SN900", rack=other_rack, lifecycle="in_use")
    return World(contract, rack, other, other_rack, assets)
