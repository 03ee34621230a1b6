"""What follows by itself when a field is changed is in the history, and an undo takes it back too."""

from __future__ import annotations

import pytest
from tests.integration.assets.world import CALLER, make_asset, make_contract, make_rack, workbook

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, imports, undoing
from opspact.kit.models import Change


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def test_the_room_and_the_site_that_a_rack_brings_are_told_and_undone(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    make_rack(contract)
    content = workbook([["资产编码", "机柜", "起始U位"], [asset.code, "A01", 3]])
    batch = imports.upload(CALLER, ASSETS, contract, content=content, name="a.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    batch.refresh_from_db()
    imports.apply(CALLER, ASSETS, contract, batch, only_good=False)
    asset.refresh_from_db()
    assert (asset.rack.code, asset.room.code, asset.site.code) == ("A01", "R1", "HQ")
    newest = Change.objects.filter(subject_id=asset.pk).first()
    assert newest is not None
    assert newest.fields == {"rack": ["", "A01"], "u_pos": ["", "3"], "room": ["", "R1"], "site": ["", "HQ"]}
    batch.refresh_from_db()
    undoing.undo(CALLER, ASSETS, contract, batch)
    asset.refresh_from_db()
    assert (asset.rack, asset.u_pos, asset.room, asset.site) == (None, None, None, None)


def test_a_room_that_was_there_before_is_set_back(contract: Contract) -> None:
    rack = make_rack(contract)
    asset = make_asset(contract, ASSETS, "服务器", room=rack.room)
    batch = actions.change_picked(CALLER, ASSETS, contract, [asset], {"rack": rack, "u_pos": 1})
    undoing.undo(CALLER, ASSETS, contract, batch)
    found = Asset.objects.get(pk=asset.pk)
    assert (found.rack, found.room, found.site) == (None, rack.room, rack.room.site)
