"""The list of prefixes as a tree: by routing domain, the common one first; page by page the same, both ways."""

from __future__ import annotations

import ipaddress
import re
from html import unescape

import pytest
from django.test import Client
from tests.integration.assets.world import CALLER, make_contract
from tests.integration.monitoring.world import make_user

from opspact.assets.ledgers.ipam import PREFIXES, VRFS
from opspact.assets.models import Prefix, Vrf
from opspact.assets.models.fields import Place
from opspact.contracts.models import Contract
from opspact.identity.roles import Role
from opspact.kit.ledgers import actions

WRITTEN = ["10.1.0.0/16", "2001:db8::/32", "10.0.0.0/8", "10.1.2.0/24", "9.0.0.0/8", "10.1.2.0/25", "10.10.0.0/16",
           "2001:db8:0:1::/64", "192.168.0.0/16", "10.1.2.128/25", "::/0", "0.0.0.0/0"]  # fmt: skip


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


@pytest.fixture
def domains(contract: Contract) -> list[Vrf | None]:
    made = [actions.create(CALLER, VRFS, contract, {"code": code, "name": code}) for code in ("Z", "A", "M", "B", "Y")]
    for text in WRITTEN:
        for vrf in (made[1], None, *made[2:], made[0]):
            actions.create(CALLER, PREFIXES, contract, {"prefix": text, "vrf": vrf})
    return [None, *made]


def expected(domains: list[Vrf | None]) -> list[str]:
    """As Python's ipaddress sorts networks: by version, address, length."""
    networks = sorted(map(ipaddress.ip_network, WRITTEN), key=lambda net: (net.version, net))
    return [f"{net}@{vrf.code}" if vrf else str(net) for vrf in domains for net in networks]


def test_domains_stay_together_and_parents_stand_before_their_children(
    contract: Contract, domains: list[Vrf | None]
) -> None:
    ordered = Prefix.objects.annotate(place=Place("vrf", "prefix")).order_by("place")
    assert list(ordered.values_list("code", flat=True)) == expected(domains)


def test_page_by_page_it_is_the_same_forwards_and_backwards(contract: Contract, domains: list[Vrf | None]) -> None:
    client = Client()
    client.force_login(make_user(Role.ENGINEER))
    client.post("/c/watch/prefixes/", {"do": "columns", "page_size": "50", "column": ["code"]})

    def codes(html: str) -> list[str]:
        return [re.sub(r"\s", "", unescape(each)) for each in re.findall(r'/prefixes/\d+/">([^<]+)</a>', html)]

    first = client.get("/c/watch/prefixes/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get(unescape(following[1])).content.decode()
    assert (len(codes(first)), codes(first) + codes(second)) == (50, expected(domains))
    before = re.search(r'rel="prev" href="([^"]+)"', second)
    assert before
    assert codes(client.get(unescape(before[1])).content.decode()) == codes(first)
    assert codes(client.get("/c/watch/prefixes/?sort=-code").content.decode()) == expected(domains)[::-1][:50]
