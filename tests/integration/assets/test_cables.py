"""Cables: a port has one, at whichever end; traces go through patch panels; the ledger goes out and comes back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_contract, workbook
from tests.integration.monitoring.world import make_user

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.cables import CABLES
from opspact.assets.models import Asset, Cable
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers import workbook as books
from opspact.kit.ledgers.writing import RecordRefused


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def assets(contract: Contract) -> dict[str, Asset]:
    return {code: make_asset(contract, ASSETS, f"{code} 设备", code=code) for code in ("SW1", "PP1", "PP2", "SRV")}


def cable(contract: Contract, code: str, a: Asset, a_port: str, z: Asset, z_port: str, **more: Any) -> Cable:
    ends = {"a_asset": a, "a_port": a_port, "z_asset": z, "z_port": z_port}
    return actions.create(CALLER, CABLES, contract, {"code": code, **ends, **more})


def test_a_port_has_one_cable_at_whichever_end(contract: Contract, assets: dict[str, Asset]) -> None:
    switch, server = assets["SW1"], assets["SRV"]
    cable(contract, "L1", switch, "Gi0/1", server, "eth0")
    with pytest.raises(RecordRefused, match="port Gi0/1 of SW1 has cable L1 already"):
        cable(contract, "L2", switch, "Gi0/1", assets["PP1"], "1")
    with pytest.raises(RecordRefused, match="port gi0/1 of SW1 has cable L1 already"):
        cable(contract, "L2", assets["PP1"], "1", switch, "gi0/1")
    with pytest.raises(RecordRefused, match="both ends are the same port"):
        cable(contract, "L2", switch, "Gi0/2", switch, "Gi0/2")
    cable(contract, "L2", switch, "Gi0/2", switch, "Gi0/3")


def test_a_trace_goes_through_patch_panels_to_the_far_end(
    contract: Contract, assets: dict[str, Asset], client: Client
) -> None:
    cable(contract, "J1", assets["SW1"], "Gi0/1", assets["PP1"], "12F", colour="blue")
    cable(contract, "F1", assets["PP1"], "12R", assets["PP2"], "12R")
    cable(contract, "J2", assets["SRV"], "eth0", assets["PP2"], "12F")
    client.force_login(make_user(Role.ENGINEER))
    page = client.get(f"/c/watch/assets/{assets['SW1'].pk}/").content.decode()
    assert "J1 → F1 → J2" in page
    assert "SRV SRV 设备 eth0" in page
    assert 'fill="#2f6fd0"' in page
    assert "PP1 12F → PP2 12R" in page


def test_cables_come_from_a_workbook_and_go_back_unchanged(contract: Contract, assets: dict[str, Asset]) -> None:
    rows = [
        ["线标", "颜色", "A端设备", "A端端口", "Z端设备", "Z端端口", "长度（米）"],
        ["L1", "蓝色", "SW1", "1", "SRV", "eth0", 2.5],
        ["L2", "黄", "SW1", "2", "SRV", "eth1", None],
        ["L3", "黄", "SW1", "2", "PP1", "1F", None],
    ]
    batch = imports.upload(CALLER, CABLES, contract, content=workbook(rows), name="布线.xlsx", clears=False)
    imports.read(batch, CABLES, contract)
    assert batch.counts == {"new": 2, "wrong": 1}, list(batch.rows.values_list("number", "problems"))
    imports.apply(CALLER, CABLES, contract, batch, only_good=True)
    assert sorted(CABLES.records(contract).values_list("colour", flat=True)) == ["blue", "yellow"]
    target = io.BytesIO()
    assert books.write(target, CABLES, contract, "zh-hans", CABLES.records(contract)) == 2
    again = imports.upload(CALLER, CABLES, contract, content=target.getvalue(), name="回.xlsx", clears=True)
    imports.read(again, CABLES, contract)
    assert again.counts == {"same": 2}, list(again.rows.values("changes", "problems"))
