"""Facts beside the ledger: what differs is proposed, accepted or rejected, and settles by itself."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from tests.integration.assets.world import CALLER, make_asset, make_contract

from opspact.assets.actions.discovery import accept, reject, take_facts
from opspact.assets.discovery.reading import read_facts
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Proposal
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.kit.ledgers import actions


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def opened(contract: Contract) -> list[tuple[str, str, str]]:
    rows = Proposal.objects.filter(contract=contract, state="open").order_by("field")
    return list(rows.values_list("field", "ledger_text", "seen_text"))


def test_a_serial_number_that_differs_is_proposed_and_accepted(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "核心交换机", serial_no="OLD", mgmt_ip="10.0.0.1")
    fact = {"key": "core-1", "mgmt_ip": "10.0.0.1", "serial_no": "NEW"}
    assert take_facts(CALLER, contract, "网管", [fact]) == {"devices": 1, "known": 1, "opened": 1}
    assert opened(contract) == [("serial_no", "OLD", "NEW")]
    assert accept(CALLER, contract, list(Proposal.objects.all())) == {"accepted": 1, "refused": 0}
    asset.refresh_from_db()
    assert asset.serial_no == "NEW"
    assert take_facts(CALLER, contract, "网管", [fact])["opened"] == 0


def test_the_serial_number_finds_a_device_whose_address_moved(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    other = make_asset(contract, ASSETS, "乙", serial_no="S2", mgmt_ip="10.0.0.2")
    take_facts(CALLER, contract, "网管", [{"key": "x", "serial_no": "S2", "mgmt_ip": "10.0.0.1"}])
    assert Proposal.objects.get().asset_id == other.pk
    assert opened(contract) == [("mgmt_ip", "10.0.0.2", "10.0.0.1")]


def test_what_was_rejected_is_not_proposed_again_until_something_else_is_seen(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    assert reject(CALLER, contract, list(Proposal.objects.all())) == 1
    assert take_facts(CALLER, contract, "网管", [fact])["opened"] == 0
    assert take_facts(CALLER, contract, "网管", [{**fact, "mgmt_ip": "10.0.0.8"}])["opened"] == 1


def test_a_proposal_settles_when_the_ledger_is_put_right_by_hand(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "甲", serial_no="S1", mgmt_ip="10.0.0.1")
    fact = {"key": "x", "serial_no": "S1", "mgmt_ip": "10.0.0.9"}
    take_facts(CALLER, contract, "网管", [fact])
    actions.change(CALLER, ASSETS, asset, {"mgmt_ip": "10.0.0.9"})
    take_facts(CALLER, contract, "网管", [fact])
    assert opened(contract) == []
    assert Proposal.objects.get().state == "settled"


def test_an_unknown_device_becomes_an_asset_of_the_chosen_category(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲")
    take_facts(
        CALLER, contract, "网管", [{"key": "new-1", "name": "新交换机", "serial_no": "S9", "model": "没有的型号"}]
    )
    rows = list(Proposal.objects.all())
    with pytest.raises(ValidationError, match="类别"):
        accept(CALLER, contract, rows)
    assert accept(CALLER, contract, rows, Category.objects.get())["accepted"] == 1
    made = Asset.objects.get(serial_no="S9")
    assert (made.name, made.model) == ("新交换机", None)


def test_one_that_the_ledger_refuses_stays_open_and_the_rest_goes_in(contract: Contract) -> None:
    make_asset(contract, ASSETS, "甲", serial_no="S1")
    make_asset(contract, ASSETS, "乙", serial_no="S2", mgmt_ip="10.0.0.2")
    facts = [
        {"key": "x", "serial_no": "S1", "model": "没有的型号"},
        {"key": "y", "serial_no": "S2", "mgmt_ip": "10.0.0.3"},
    ]
    take_facts(CALLER, contract, "网管", facts)
    assert accept(CALLER, contract, list(Proposal.objects.all())) == {"accepted": 1, "refused": 1}
    assert [field for field, *_ in opened(contract)] == ["model"]


def test_facts_are_read_from_csv_with_chinese_headers_and_from_json() -> None:
    csv = "key,序列号,管理IP,未知列\nsw1,S1,10.0.0.1,x\n".encode("gb18030")
    assert read_facts(csv) == [{"key": "sw1", "serial_no": "S1", "mgmt_ip": "10.0.0.1"}]
    assert read_facts(b'{"devices": [{"serial_no": "S1"}]}') == [{"serial_no": "S1", "key": "S1"}]
    with pytest.raises(Wrong, match="device 0 has neither"):
        read_facts(b'[{"name": "x"}]')
    with pytest.raises(Wrong, match="not valid JSON"):
        read_facts(b"[{")
