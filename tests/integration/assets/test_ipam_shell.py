"""`opspact ipam` and `opspact assets` on addresses: the same rules, one sentence for what is wrong."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from django.utils.translation import override
from tests.integration.assets.world import CALLER, make_contract

from opspact.assets.actions.ipam import take_addresses
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, VRFS
from opspact.assets.models import Prefix
from opspact.cli import ipam, ledgers
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions
from opspact.kit.models import Approval
from opspact.runtime.faults import Fault


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def home(contract: Contract) -> Prefix:
    return actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})


def options(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"vrf": "", "reason": "离岗", "search": "", "where": []} | given)


def test_an_assigned_address_is_asked_for_and_a_reserved_one_is_free(
    contract: Contract, home: Prefix, capsys: pytest.CaptureFixture[str]
) -> None:
    take_addresses(CALLER, home)
    take_addresses(CALLER, home, is_reserved=True)
    ipam.release_address(None, contract, options(address="10.1.2.1"))
    ipam.release_address(None, contract, options(address="10.1.2.2"))
    assert capsys.readouterr().out.splitlines() == ["已提请甲方同意。 The client is asked.", "已回收。 Released."]
    assert Approval.objects.get().title.startswith(("Release 10.1.2.1", "回收 10.1.2.1"))
    with pytest.raises(Fault):
        ipam.release_address(None, contract, options(address="10.1.2.1"))
    with pytest.raises(Fault, match=r"10\.9\.9\.9"):
        ipam.release_address(None, contract, options(address="10.9.9.9"))


def test_an_address_of_a_routing_domain_is_named_with_it(contract: Contract) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.5", "vrf": vrf, "state": "reserved"})
    with pytest.raises(Fault):
        ipam.release_address(None, contract, options(address="10.1.2.5"))
    assert ipam.release_address(None, contract, options(address="10.1.2.5", vrf="VIDEO")) == 0


def test_the_check_says_what_contradicts_itself(contract: Contract, capsys: pytest.CaptureFixture[str]) -> None:
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.7.7.7", "user": "王工"})
    with override("en"):
        ipam.check(None, contract, options())
    assert capsys.readouterr().out.splitlines() == [
        "Addresses outside every prefix：1（Add the prefix they lie in; they move into it by themselves.）",
        "    10.7.7.7",
    ]


def test_the_list_is_narrowed_like_the_page(
    contract: Contract, home: Prefix, capsys: pytest.CaptureFixture[str]
) -> None:
    take_addresses(CALLER, home, 2, values={"user": "王工"})
    take_addresses(CALLER, home, 1, values={"user": "李工"})
    ledgers.listing(ADDRESSES, contract, options(where=["user=李工", "state=assigned"]))
    assert ['"10.1.2.3"' in line for line in capsys.readouterr().out.splitlines()] == [True]
    with pytest.raises(Fault, match="colour"):
        ledgers.listing(ADDRESSES, contract, options(where=["colour=red"]))
    with pytest.raises(Fault):
        ledgers.listing(ADDRESSES, contract, options(where=["state=purple"]))


def test_a_deleted_record_is_put_back(contract: Contract, home: Prefix) -> None:
    ledgers.delete_record(PREFIXES, contract, options(code="10.1.2.0/24"))
    assert not PREFIXES.records(contract).exists()
    ledgers.restore_record(PREFIXES, contract, options(code="10.1.2.0/24"))
    assert PREFIXES.records(contract).count() == 1
    with pytest.raises(Fault, match=r"10\.1"):
        ledgers.restore_record(PREFIXES, contract, options(code="10.1.2.0/24"))
