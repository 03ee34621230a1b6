"""A NetBox API export, as version 4 gives it, into the ledgers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.integration.assets.world import CALLER, make_contract

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.assets.netbox.export import read_export
from opspact.assets.netbox.importing import bring_in
from opspact.assets.netbox.mapping import rows_of
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.kit.ledgers.ledger import ledgers

SITE = {"id": 1, "name": "指挥中心", "slug": "hq"}
DEVICE: dict[str, Any] = {
    "id": 7,
    "name": "core-sw-1",
    "device_type": {
        "id": 3,
        "manufacturer": {"id": 1, "name": "华为", "slug": "huawei"},
        "model": "S5720-28P",
        "slug": "s5720-28p",
        "u_height": 1.0,
    },
    "role": {"id": 2, "name": "核心交换机", "slug": "core-switch"},
    "serial": "2102350HNB",
    "asset_tag": "000123",
    "site": SITE,
    "location": {"id": 4, "name": "一号机房", "slug": "room-1"},
    "rack": {"id": 5, "name": "A01"},
    "position": 20.0,
    "face": {"value": "front", "label": "Front"},
    "status": {"value": "active", "label": "Active"},
    "primary_ip": {"id": 9, "address": "10.1.0.2/24"},
    "tenant": None,
    "comments": "",
}


PREFIX: dict[str, Any] = {
    "id": 1,
    "prefix": "10.1.0.0/24",
    "vrf": None,
    "vlan": {"id": 1, "vid": 100},
    "status": {"value": "active"},
    "description": "办公网",
    "is_pool": False,
}
ADDRESS: dict[str, Any] = {
    "id": 9,
    "address": "10.1.0.2/24",
    "vrf": None,
    "status": {"value": "active"},
    "dns_name": "core-sw-1",
    "description": "",
    "assigned_object": {"device": {"id": 7, "name": "core-sw-1"}},
}
CIRCUIT: dict[str, Any] = {
    "id": 1,
    "cid": "BJ-001",
    "provider": {"id": 1, "name": "联通", "slug": "unicom"},
    "status": {"value": "active"},
    "install_date": "2022-07-06",
    "commit_rate": 100000,
    "description": "市应急专线",
}


def export_in(folder: Path) -> Path:
    in_the_same_unit = {**DEVICE, "id": 8, "asset_tag": None, "serial": ""}
    files: dict[str, Any] = {
        "devices.json": {"count": 2, "results": [DEVICE, in_the_same_unit]},
        "vlans.json": [{"id": 1, "vid": 100, "name": "办公", "description": ""}],
        "prefixes.json": [PREFIX],
        "ip-addresses.json": [ADDRESS],
        "circuits.json": [CIRCUIT],
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def test_devices_bring_their_category_model_room_and_rack(contract: Contract, tmp_path: Path) -> None:
    brought = {each.ledger.name: each for each in bring_in(CALLER, contract, rows_of(read_export(export_in(tmp_path))))}
    asset = Asset.objects.get(contract=contract, code="000123")
    assert (asset.name, asset.serial_no, asset.category.name) == ("core-sw-1", "2102350HNB", "核心交换机")
    assert (asset.rack.code, asset.room.name, asset.u_pos, asset.face) == ("A01", "一号机房", 20, "front")
    assert (asset.model.make, asset.mgmt_ip, asset.lifecycle) == ("华为", "10.1.0.2", "in_use")
    assert brought["assets.asset"].batch.counts == {"new": 1, "wrong": 1}  # two devices in one unit
    for name in ("vlan", "prefix", "ipaddress", "carrier", "circuit"):
        ledger = ledgers.get(f"assets.{name}")
        if ledger is not None:
            assert ledger.records(contract).count() == 1, (
                name,
                list(brought[f"assets.{name}"].batch.rows.values_list("problems")),
            )


def test_the_same_export_again_changes_nothing(contract: Contract, tmp_path: Path) -> None:
    rows = rows_of(read_export(export_in(tmp_path)))
    list(bring_in(CALLER, contract, rows))
    again = {each.ledger.name: each.batch.counts for each in bring_in(CALLER, contract, rows)}
    assert all(set(counts) <= {"same", "wrong"} for counts in again.values()), again
    assert ASSETS.records(contract).count() == 1


def test_a_folder_without_an_export_says_what_files_are_called(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(Wrong, match="devices、racks"):
        read_export(tmp_path)
    (tmp_path / "devices.json").write_text('{"detail": "Invalid token"}')
    with pytest.raises(Wrong, match=r"devices\.json holds no list"):
        read_export(tmp_path)
