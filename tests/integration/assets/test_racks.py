"""Racks and rooms: pages, placing and moving, units under concurrency, budgets, finding a place."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_contract, make_rack
from tests.integration.monitoring.world import make_user

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.assets.models import Asset, Rack, Room
from opspact.assets.racks import moving
from opspact.assets.racks.standing import filled
from opspact.contracts.models import Contract, Site
from opspact.identity.roles import Role
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def asset(contract: Contract, name: str, **values: Any) -> Asset:
    return make_asset(contract, ASSETS, name, lifecycle="in_use", **values)


def test_a_rack_knows_its_free_units_and_its_power(contract: Contract) -> None:
    rack = make_rack(contract, units=10)
    actions.change(CALLER, RACKS, rack, {"power_w": 1000})
    asset(contract, "一", rack=rack, u_pos=3, units=2, power_w=700)
    asset(contract, "二", rack=rack, u_pos=8, units=1, face="front", power_w=400)
    (found,) = filled([Rack.objects.get(pk=rack.pk)])
    assert (found.space.used, found.space.largest, found.space.power_left) == (3, 3, -100)
    assert [(run.first, run.last) for run in found.space.runs] == [(1, 2), (5, 7), (9, 10)]


def test_the_rack_is_drawn_and_something_is_placed_moved_and_taken_out(contract: Contract, client: Client) -> None:
    rack = make_rack(contract)
    server = asset(contract, "数据库服务器", units=2)
    other = asset(contract, "交换机", rack=rack, u_pos=20, units=1)
    client.force_login(make_user(Role.ENGINEER))
    page = client.get(f"/c/watch/racks/{rack.pk}/").content.decode()
    assert "交换机" in page
    assert f"/c/watch/racks/{rack.pk}/place/?u_pos=5&amp;face=rear" in page
    place = f"/c/watch/racks/{rack.pk}/place/"
    assert server.code in client.get(place, {"u_pos": 5}).content.decode()
    form = {"asset": server.code, "rack": rack.pk, "u_pos": 19, "face": "both"}
    refused = client.post(place, form)
    assert f"机柜 A01 的 U19–U20 已被 {other.code} 交换机 占用" in refused.content.decode()
    client.post(place, form | {"u_pos": 5})
    server.refresh_from_db()
    assert (server.rack, server.u_pos, server.room) == (rack, 5, rack.room)
    for nothing in ("交换机", "9" * 40, ""):
        assert client.post(f"/c/watch/racks/{rack.pk}/out/", {"asset": nothing}).status_code == 404
    client.post(f"/c/watch/racks/{rack.pk}/out/", {"asset": server.pk})
    server.refresh_from_db()
    assert (server.rack, server.u_pos, server.room) == (None, None, rack.room)


def test_a_move_is_taken_back_to_where_the_asset_stood(contract: Contract, client: Client) -> None:
    rack, other = make_rack(contract), make_rack(contract, "B01")
    second = actions.create(CALLER, ROOMS, contract, {"code": "R2", "name": "二", "site": Site.objects.get(code="HQ")})
    actions.change(CALLER, RACKS, other, {"room": second})
    server = asset(contract, "服务器", rack=rack, u_pos=3, units=2, face="front")
    client.force_login(make_user(Role.ENGINEER))
    form = {"asset": server.code, "rack": other.pk, "u_pos": 30, "units": 4, "face": "both"}
    page = client.post(f"/c/watch/racks/{rack.pk}/place/", form, follow=True).content.decode()
    assert "撤销移动" in page
    back = client.post("/c/watch/racks/undo/")
    assert back.headers["Location"] == f"/c/watch/racks/{rack.pk}/"
    server.refresh_from_db()
    place = (server.rack, server.u_pos, server.units, server.face, server.room)
    assert place == (rack, 3, 2, "front", rack.room)
    assert "撤销移动" not in client.get(f"/c/watch/racks/{rack.pk}/").content.decode()
    client.post(f"/c/watch/racks/{rack.pk}/out/", {"asset": server.pk})
    client.post("/c/watch/racks/undo/")
    server.refresh_from_db()
    assert (server.rack, server.u_pos) == (rack, 3)


def test_a_move_is_not_taken_back_over_what_happened_since(contract: Contract, client: Client) -> None:
    rack = make_rack(contract)
    server = asset(contract, "服务器", rack=rack, u_pos=3)
    client.force_login(make_user(Role.ENGINEER))
    form = {"asset": server.code, "rack": rack.pk, "u_pos": 30, "face": "both"}
    client.post(f"/c/watch/racks/{rack.pk}/place/", form)
    switch = asset(contract, "交换机", rack=rack, u_pos=3)
    refused = client.post("/c/watch/racks/undo/", follow=True).content.decode()
    assert f"U3–U3 已被 {switch.code} 交换机 占用" in refused or f"已被 {switch.code} 交换机 占用" in refused
    client.post(f"/c/watch/racks/{rack.pk}/place/", form | {"u_pos": 35})
    server.refresh_from_db()
    actions.change(CALLER, ASSETS, server, {"owner": "李四"})
    assert "撤销移动" not in client.get(f"/c/watch/racks/{rack.pk}/").content.decode()
    client.post("/c/watch/racks/undo/")
    server.refresh_from_db()
    assert server.u_pos == 35


def test_the_lists_say_how_full_racks_and_rooms_are(contract: Contract, client: Client) -> None:
    rack = make_rack(contract, units=10)
    make_rack(contract, "A02", units=42)
    asset(contract, "一", rack=rack, u_pos=4, units=2)
    client.force_login(make_user(Role.ENGINEER))
    racks = client.get("/c/watch/racks/").content.decode()
    assert "2 个机柜，共 52 U" in racks
    row = racks[racks.index(f"/racks/{rack.pk}/") :]
    assert re.findall(r">\s*(\d+)\s*</td>", row)[:3] == ["10", "8", "5"]
    rooms = client.get("/c/watch/rooms/").content.decode()
    assert "1 个机房，2 个机柜" in rooms


def test_a_rack_is_found_for_what_has_to_stand_somewhere(contract: Contract, client: Client) -> None:
    full, tight, wide = (make_rack(contract, code, units) for code, units in (("A01", 4), ("A02", 6), ("A03", 42)))
    actions.change(CALLER, RACKS, full, {"power_w": 100})
    asset(contract, "一", rack=full, u_pos=1, power_w=90)
    client.force_login(make_user(Role.ENGINEER))
    page = client.get("/c/watch/racks/find/", {"units": 3, "power": 50}).content.decode()
    assert full.code not in page
    assert page.index(tight.code) < page.index(wide.code)


def test_the_room_shows_its_plan_and_totals(contract: Contract, client: Client) -> None:
    rack = make_rack(contract, units=10)
    actions.change(CALLER, RACKS, rack, {"plan_x": 2, "plan_y": 3})
    make_rack(contract, "A02", 10)
    asset(contract, "一", rack=rack, u_pos=1, units=9)
    client.force_login(make_user(Role.ENGINEER))
    page = client.get(f"/c/watch/rooms/{rack.room_id}/").content.decode()
    assert "as-plan-rack as-fill-high" in page
    assert "2 个机柜，共 20 U：已用 9，空闲 11" in page
    assert client.get(f"/c/watch/rooms/{rack.room_id}/?by=power").status_code == 200


def test_two_racks_do_not_stand_on_one_tile_nor_outside_the_room(contract: Contract) -> None:
    first, second = make_rack(contract), make_rack(contract, "A02")
    actions.change(CALLER, RACKS, first, {"plan_x": 2, "plan_y": 3})
    with pytest.raises(RecordRefused, match="rack A01 stands on this tile"):
        actions.change(CALLER, RACKS, second, {"plan_x": 2, "plan_y": 3})
    with pytest.raises(RecordRefused, match="20 columns and 12 rows"):
        actions.change(CALLER, RACKS, second, {"plan_x": 21, "plan_y": 3})


def test_a_rack_keeps_what_stands_in_it(contract: Contract) -> None:
    rack = make_rack(contract)
    stands = asset(contract, "一", rack=rack, u_pos=40, units=2)
    with pytest.raises(RecordRefused, match="stands as high as U41"):
        actions.change(CALLER, RACKS, rack, {"units": 40})
    with pytest.raises(RecordRefused, match="take it out first"):
        actions.delete(CALLER, RACKS, contract, [rack])
    with pytest.raises(RecordRefused, match="move it first"):
        actions.delete(CALLER, ROOMS, contract, [rack.room])
    new = actions.create(CALLER, ROOMS, contract, {"code": "R2", "name": "二", "site": Site.objects.get(code="HQ")})
    actions.change(CALLER, RACKS, rack, {"room": new})
    stands.refresh_from_db()
    assert stands.room == new


@pytest.mark.django_db(transaction=True)
def test_the_same_units_are_given_once_to_many_at_a_time() -> None:
    contract = make_contract()
    rack = make_rack(contract)
    assets = [asset(contract, f"服务器{number}", units=4) for number in range(8)]

    def put(each: Asset) -> str:
        try:
            moving.place(Caller(None, CALLER.now, "test"), each, rack=rack, u_pos=10, face="both")
        except RecordRefused as refused:
            return str(refused)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(put, assets))
    assert done.count("done") == 1
    assert sum("are taken by" in words for words in done) == 7
    assert Asset.objects.filter(rack=rack).count() == 1
    assert Room.objects.count() == 1
    with transaction.atomic():
        assert filled([rack])[0].space.used == 4
