"""Licences by their seats, software by where it runs, accounts by who holds them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.integration.assets.world import CALLER, make_asset, make_contract
from tests.integration.monitoring.world import make_user

from opspact.assets.actions import mailboxes
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.software import CLOUDS, DATABASES, INSTALLATIONS, LICENCES, MAILBOXES
from opspact.assets.models import Licence, Mailbox
from opspact.assets.views.software import with_seats
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def client_of(contract: Contract) -> Client:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    return client


def install(contract: Contract, **values: Any) -> Any:
    return actions.create(CALLER, INSTALLATIONS, contract, {"kind": "application", "name": "WPS", **values})


def account(contract: Contract, name: str, holder: str = "张三", **values: Any) -> Any:
    return actions.create(CALLER, MAILBOXES, contract, {"account": name, "holder": holder, "kind": "mailbox", **values})


def test_the_seats_used_are_the_installations_that_are_there(contract: Contract, client_of: Client) -> None:
    licence = actions.create(CALLER, LICENCES, contract, {"name": "WPS", "seats": 2})
    unlimited = actions.create(CALLER, LICENCES, contract, {"name": "Linux"})
    assets = [make_asset(contract, ASSETS, f"终端 {number}") for number in range(3)]
    installed = [install(contract, asset=asset, licence=licence) for asset in assets]
    found = with_seats(Licence.objects.filter(contract=contract)).order_by("code")
    assert [(each.seats_used, each.seats_free) for each in found] == [(3, -1), (0, None)]
    page = client_of.get("/c/watch/licences/?use=over").content.decode().split('id="op-list"')[1]
    assert licence.code in page
    assert unlimited.code not in page
    actions.delete(CALLER, INSTALLATIONS, contract, installed[:1])
    assert with_seats(Licence.objects.filter(pk=licence.pk)).get().seats_free == 0
    record = client_of.get(f"/c/watch/licences/{licence.pk}/").content.decode()
    assert installed[1].code in record
    assert installed[0].code not in record
    assert "WPS" in client_of.get(f"/c/watch/assets/{assets[1].pk}/").content.decode()


def test_software_runs_on_one_thing(contract: Contract) -> None:
    asset = make_asset(contract, ASSETS, "服务器")
    cloud = actions.create(CALLER, CLOUDS, contract, {"name": "云主机", "operator": "政务云", "kind": "ECS"})
    with pytest.raises(RecordRefused, match="on which asset or cloud resource"):
        install(contract)
    with pytest.raises(RecordRefused, match="not both"):
        install(contract, asset=asset, cloud=cloud)
    assert install(contract, cloud=cloud).code == "SW-0001"


def test_an_account_is_open_once(contract: Contract) -> None:
    first = account(contract, "zhangsan@example.cn")
    with pytest.raises(RecordRefused, match="is open already: ACC-0001"):
        account(contract, "ZhangSan@example.cn")
    mailboxes.close(CALLER, contract, [first])
    assert account(contract, "zhangsan@example.cn", "李四").code == "ACC-0002"
    with pytest.raises(RecordRefused, match="closed before it was issued"):
        account(contract, "x", issued_on=date(2026, 2, 1), closed_on=date(2026, 1, 1))


def test_the_open_accounts_of_somebody_who_leaves_are_listed_and_closed(contract: Contract, client_of: Client) -> None:
    gone, old, other = account(contract, "zs"), account(contract, "zs-vpn", kind="vpn"), account(contract, "ls", "李四")
    mailboxes.close(CALLER, contract, [old], on=date(2026, 1, 1))
    page = client_of.get("/c/watch/accounts/", {"open": "yes", "holder": "张三"}).content.decode()
    rows = page.split('id="op-list"')[1]
    assert gone.code in rows
    assert old.code not in rows
    assert other.code not in rows
    with pytest.raises(RecordRefused, match="has not come yet"):
        mailboxes.close(CALLER, contract, [gone], on=date(2030, 1, 1))
    picked = {"do": "bulk", "action": "close", "query": "open=yes&holder=张三", "pk": [str(gone.pk)]}
    asked = client_of.post("/c/watch/accounts/", picked)
    assert 'name="on"' in asked.content.decode()
    assert mailboxes.close(CALLER, contract, [gone, old], reason="离职") == 1
    assert Mailbox.objects.get(pk=gone.pk).closed_on == date(2026, 7, 6)
    assert Mailbox.objects.get(pk=old.pk).closed_on == date(2026, 1, 1)


def test_every_ledger_has_its_pages(contract: Contract, client_of: Client) -> None:
    database = actions.create(CALLER, DATABASES, contract, {"name": "值守库", "product": "达梦", "port": 5236})
    for path in ("licences", "software", "cloud", "databases", "accounts"):
        assert client_of.get(f"/c/watch/{path}/").status_code == 200
        assert client_of.get(f"/c/watch/{path}/new/").status_code == 200
    assert "达梦" in client_of.get(f"/c/watch/databases/{database.pk}/").content.decode()
