"""The pages of address space, and many clients at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.integration.assets.world import CALLER, make_asset, make_contract

from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.actions.ipam_seen import take_seen
from opspact.assets.ipam.checking import QUESTIONS, findings
from opspact.assets.ipam.tables import Seen
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.assets.models import IpAddress, Prefix
from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions

CLIENTS = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_clients_at_once_never_get_the_same_address_or_prefix() -> None:
    contract = make_contract()
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})
    wide = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.2.0.0/16"})
    start = threading.Barrier(CLIENTS)
    got: list[str] = []
    cut: list[str] = []
    failed: list[BaseException] = []

    def client() -> None:
        try:
            start.wait(60)
            for _round in range(3):
                got.extend(str(each.ip) for each in take_addresses(CALLER, home, 2))
            cut.append(str(take_prefix(CALLER, wide, 24).prefix))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert failed == []
    assert sorted(got, key=lambda ip: int(ip.split(".")[3])) == [f"10.1.2.{host}" for host in range(1, 121)]
    assert sorted(cut, key=lambda text: int(text.split(".")[2])) == [f"10.2.{third}.0/24" for third in range(CLIENTS)]


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def client(contract: Contract) -> Client:
    engineer = User.objects.create(username="engineer")
    for role in (Role.ENGINEER, Role.SERVICE_MANAGER):
        Grant.objects.create(user=engineer, role=role, contract_code=contract.code)
    made = Client()
    made.force_login(engineer)
    return made


def page(client: Client, contract: Contract, name: str, query: str = "", **more: Any) -> str:
    response = client.get(reverse(f"assets:{name}", kwargs={"contract": contract.code, **more}) + query)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_a_prefix_shows_its_tree_its_sheet_and_what_is_free(client: Client, contract: Contract) -> None:
    wide = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.0.0/16", "purpose": "内网"})
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24", "gateway": "10.1.2.254"})
    actions.create(CALLER, RANGES, contract, {"first": "10.1.2.100", "last": "10.1.2.150", "purpose": "DHCP"})
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.1", "user": "王工"})
    text = page(client, contract, "prefix", pk=home.pk)
    assert "10.1.2.2" in text
    assert "as-range" in text
    assert text.count("<li><") >= 256
    assert "10.1.0.0/16" in text
    above = page(client, contract, "prefix", pk=wide.pk)
    assert 'class="as-child"' in above
    assert "10.1.128.0/17" in above
    tree = page(client, contract, "prefix_list")
    assert tree.index("10.1.0.0/16") < tree.index("　10.1.2.0/24")
    assert "10.1.2.1" in page(client, contract, "ipaddress_list", "?within=10.1.0.0/16")
    assert "10.1.2.1<" not in page(client, contract, "ipaddress_list", "?within=10.9.0.0/16")


def test_taking_by_the_button_reserving_and_releasing(client: Client, contract: Contract) -> None:
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/29"})
    where = {"contract": contract.code, "pk": home.pk}
    take = reverse("assets:prefix_take", kwargs=where)
    posted = {"take-how_many": "2", "take-is_reserved": "on", "take-reserved_until": "2030-01-01"}
    assert client.post(take, posted).status_code == 302
    assert list(IpAddress.objects.values_list("ip", "state")) == [("10.1.2.1", "reserved"), ("10.1.2.2", "reserved")]
    refused = client.post(take, {"take-how_many": "50"})
    assert refused.status_code == 200
    assert "10.1.2.0/29" in refused.content.decode()
    assert client.post(reverse("assets:prefix_cut", kwargs=where), {"cut-length": "30"}).status_code == 302
    assert Prefix.objects.filter(prefix="10.1.2.4/30").exists()
    first = IpAddress.objects.get(ip="10.1.2.1")
    where["pk"] = first.pk
    assert client.post(reverse("assets:ipaddress_release", kwargs=where), {"reason": "不用了"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "released"
    assert page(client, contract, "ipaddress", pk=first.pk)
    assert 'value="10.1.2.9"' in page(client, contract, "ipaddress_new", "?ip=10.1.2.9")


def test_the_check_finds_what_contradicts_itself(client: Client, contract: Contract) -> None:
    today = CALLER.now.date()
    assert all(finding.count == 0 for finding in findings(contract, today))
    vrf = actions.create(CALLER, VRFS, contract, {"code": "V", "name": "V", "zone": "internal"})
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24", "zone": "internal"})
    actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24", "vrf": vrf})
    actions.create(CALLER, RANGES, contract, {"first": "10.1.2.100", "last": "10.1.2.150", "purpose": "DHCP"})
    one, two = make_asset(contract, ASSETS, "一号", mgmt_ip="10.1.2.5"), make_asset(contract, ASSETS, "二号")
    make_asset(contract, ASSETS, "三号", mgmt_ip="10.1.2.77")
    mac = "00:e0:fc:00:00:01"
    for ip, values in (
        ("10.1.2.5", {"asset": two, "mac": mac}),
        ("10.1.2.6", {"asset": one, "mac": mac}),
        ("10.1.2.120", {}),
        ("10.9.9.9", {"user": "王工"}),
        ("10.1.2.7", {"state": "reserved", "reserved_until": today.replace(year=2020)}),
        ("10.1.2.8", {"user": "李工", "vrf": None}),
    ):
        actions.create(CALLER, ADDRESSES, contract, {"ip": ip, **values})
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.8", "vrf": vrf, "user": "王工"})
    for name in ("甲", "乙"):
        actions.create(CALLER, VLANS, contract, {"vid": 10, "name": name})
    Prefix.objects.filter(pk=home.pk).update(gateway="10.7.7.7")
    found = {finding.question.name: finding.count for finding in findings(contract, today) if finding.count}
    assert found == {
        "homeless": 1, "zone_prefix": 2, "zone_address": 2, "mac_assets": 2, "mac_twice": 2, "gateway": 1,
        "in_range": 1, "management": 1, "management_other": 1, "nobody": 1, "overdue": 1, "vlan_twice": 2,
    }  # fmt: skip
    assert set(found) < {question.name for question in QUESTIONS}
    text = page(client, contract, "ipam_check")
    assert "10.9.9.9" in text


def test_seen_and_written_by_page(client: Client, contract: Contract) -> None:
    actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})
    where = {"contract": contract.code}
    tables = reverse("assets:ipam_tables", kwargs=where)
    assert client.post(tables, {"text": "胡说"}).status_code == 200
    posted = {"text": "Internet  10.1.2.8  5  00e0.fc12.3408  ARPA  Vlan10", "device": "SW1"}
    assert client.post(tables, posted).status_code == 302
    assert "00:e0:fc:12:34:08" in page(client, contract, "ipam_unregistered")
    picked = {"do": "bulk", "action": "register", "all": "1", "confirmed": "1", "user": "网络组", "purpose": ""}
    client.post(reverse("assets:ipam_unregistered", kwargs=where), picked)
    assert IpAddress.objects.get().user == "网络组"
    take_seen(CALLER, contract, [Seen("10.1.2.8", "00:e0:fc:12:34:99")], source="SW2")
    IpAddress.objects.update(mac="00:e0:fc:12:34:01")
    assert "00:e0:fc:12:34:01" in page(client, contract, "ipam_moved")
    page(client, contract, "ipam_silent")
    sweeps = reverse("assets:ipam_sweeps", kwargs=where)
    assert "10.1.2.0/24" in client.post(sweeps, {"prefix": "10.1.2.0/24", "per_second": "50"}).content.decode()


def test_a_prefix_and_an_address_are_named_with_their_routing_domain(client: Client, contract: Contract) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网", "zone": "dedicated"})
    actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24"})
    wide = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.0.0/16", "vrf": vrf})
    inside = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/24", "vrf": vrf})
    address = actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.5", "vrf": vrf})
    shown = page(client, contract, "prefix", pk=inside.pk)
    assert "<h1>10.1.2.0/24@VIDEO</h1>" in shown
    assert "<title>10.1.2.0/24@VIDEO" in shown
    assert f'/prefixes/{wide.pk}/">10.1.0.0/16@VIDEO</a>' in shown
    assert "10.1.2.0/24@VIDEO</a>" in page(client, contract, "prefix", pk=wide.pk)
    shown = page(client, contract, "ipaddress", pk=address.pk)
    assert "<h1>10.1.2.5@VIDEO</h1>" in shown
    assert "10.1.2.0/24@VIDEO</a>" in shown
    found = client.get(reverse("kit:search", kwargs={"contract": contract.code}) + "?q=10.1.2").content.decode()
    assert "10.1.2.0/24@VIDEO" in found
    assert ">10.1.2.0/24<" in found.replace("</mark>", "").replace("<mark>", "")
    take_seen(CALLER, contract, [Seen("10.1.2.9", "00:1a:2b:3c:4d:5e")], source="arp", vrf=vrf)
    assert "10.1.2.9@VIDEO" in page(client, contract, "ipam_unregistered")
    assert "10.1.2.5@VIDEO" in page(client, contract, "ipam_check")
