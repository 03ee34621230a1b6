"""The address ledgers: how prefixes nest, what is free, what is refused, who gives back."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.assets.world import CALLER, NOW, make_contract
from tests.integration.assets.world import workbook as book_of

from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.actions.ipam_release import release
from opspact.assets.ipam import free, tree
from opspact.assets.ipam.usage import usage_of
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VRFS
from opspact.assets.models import AddressRange, IpAddress, Prefix, Vrf
from opspact.contracts.models import Contract
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import Approval, Change


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def prefix(contract: Contract, text: str, **values: Any) -> Prefix:
    return actions.create(CALLER, PREFIXES, contract, {"prefix": text, **values})


def address(contract: Contract, ip: str, **values: Any) -> IpAddress:
    return actions.create(CALLER, ADDRESSES, contract, {"ip": ip, **values})


def kept(contract: Contract, first: str, last: str, **values: Any) -> AddressRange:
    return actions.create(CALLER, RANGES, contract, {"first": first, "last": last, **values})


def home_of(record: IpAddress) -> str:
    record.refresh_from_db()
    return str(record.prefix) if record.prefix_id else ""


def test_addresses_are_at_home_in_the_narrowest_prefix_whatever_comes_and_goes(contract: Contract) -> None:
    one, far = address(contract, "10.1.2.5"), address(contract, "10.9.9.9")
    assert (home_of(one), home_of(far)) == ("", "")
    wide = prefix(contract, "10.1.0.0/16", zone="internal")
    assert home_of(one) == "10.1.0.0/16"
    narrow = prefix(contract, "10.1.2.0/24")
    assert (home_of(one), home_of(far)) == ("10.1.2.0/24", "")
    actions.change(CALLER, PREFIXES, narrow, {"prefix": "10.1.3.0/24"})
    assert home_of(one) == "10.1.0.0/16"
    narrow.refresh_from_db()
    assert narrow.code == "10.1.3.0/24"
    actions.delete(CALLER, PREFIXES, contract, [wide])
    assert home_of(one) == ""
    actions.restore(CALLER, PREFIXES, contract, [wide])
    assert home_of(one) == "10.1.0.0/16"
    assert address(contract, "10.1.3.7").zone == ""
    assert address(contract, "10.1.200.7").zone == "internal"


def test_the_same_address_lives_in_two_routing_domains_but_not_twice_in_one(contract: Contract) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网", "zone": "dedicated"})
    prefix(contract, "10.1.2.0/24")
    inside = prefix(contract, "10.1.2.0/24", vrf=vrf)
    assert (inside.code, inside.zone) == ("10.1.2.0/24@VIDEO", "dedicated")
    common = address(contract, "10.1.2.5")
    theirs = address(contract, "10.1.2.5", vrf=vrf)
    by_prefix = address(contract, "10.1.2.6", prefix=inside)
    assert (common.code, theirs.code, by_prefix.code) == ("10.1.2.5", "10.1.2.5@VIDEO", "10.1.2.6@VIDEO")
    with pytest.raises(RecordRefused, match="taken already"):
        address(contract, "10.1.2.5")
    with pytest.raises(RecordRefused, match="taken already"):
        prefix(contract, "10.1.2.0/24", vrf=vrf)


def test_what_can_not_be_is_refused_in_words(contract: Contract) -> None:
    home = prefix(contract, "10.1.2.0/24")
    kept(contract, "10.1.2.100", "10.1.2.150", purpose="DHCP")
    refused: list[tuple[Any, str]] = [
        (lambda: prefix(contract, "10.2.0.0/24", gateway="10.3.0.1"), "10.3.0.1 is not in 10.2.0.0/24"),
        (lambda: prefix(contract, "10.2.0.0/24", gateway="10.2.0.255"), "network or broadcast address"),
        (lambda: address(contract, "10.1.3.5", prefix=home), "10.1.3.5 is not in 10.1.2.0/24"),
        (lambda: address(contract, "10.1.2.255"), "network or broadcast address of 10.1.2.0/24"),
        (lambda: kept(contract, "10.1.2.140", "10.1.2.160"), "meets the range 10.1.2.100 to 10.1.2.150"),
        (lambda: kept(contract, "10.1.2.160", "10.1.3.10"), "10.1.3.10 is not in 10.1.2.0/24"),
        (lambda: kept(contract, "10.1.2.170", "10.1.2.160"), "is not after"),
        (lambda: kept(contract, "10.8.2.1", "10.8.2.2"), "no prefix on the ledger holds 10.8.2.1"),
        (lambda: actions.change(CALLER, PREFIXES, home, {"prefix": "10.1.2.0/25"}), "would lie outside"),
        (lambda: actions.delete(CALLER, PREFIXES, contract, [home]), "delete that first"),
    ]
    for attempt, words in refused:
        with pytest.raises(RecordRefused, match=words):
            attempt()
    used = address(contract, "10.1.2.5")
    for values, words in (({"ip": "10.1.2.6"}, "what this record is about"), ({"state": "released"}, "consent")):
        with pytest.raises(RecordRefused, match=words):
            actions.change(CALLER, ADDRESSES, used, values)


def test_the_next_free_address_passes_over_gateway_ranges_children_and_what_is_taken(contract: Contract) -> None:
    home = prefix(contract, "10.1.2.0/28", gateway="10.1.2.1")
    kept(contract, "10.1.2.3", "10.1.2.5")
    prefix(contract, "10.1.2.8/30")
    address(contract, "10.1.2.2")
    assert free.addresses(home, 99) == ["10.1.2.6", "10.1.2.7", "10.1.2.12", "10.1.2.13", "10.1.2.14"]
    first = take_addresses(CALLER, home, values={"user": "王工"}, reason="新终端")[0]
    assert (str(first.ip), first.state, first.user, first.assigned_on) == ("10.1.2.6", "assigned", "王工", NOW.date())
    many = take_addresses(CALLER, home, 3, is_reserved=True)
    assert [str(each.ip) for each in many] == ["10.1.2.7", "10.1.2.12", "10.1.2.13"]
    with pytest.raises(RecordRefused, match="has 1 free addresses, 2 are wanted"):
        take_addresses(CALLER, home, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.0.0.0/31", ["10.0.0.0", "10.0.0.1"]),
        ("10.0.0.9/32", ["10.0.0.9"]),
        ("2001:db8::/64", ["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
        ("255.255.255.252/30", ["255.255.255.253", "255.255.255.254"]),
    ],
)
def test_the_edges_of_address_space(contract: Contract, text: str, found: list[str]) -> None:
    assert free.addresses(prefix(contract, text), 3) == found


def test_a_released_address_is_given_again_with_its_history(contract: Contract) -> None:
    home = prefix(contract, "10.1.2.0/30")
    taken = take_addresses(CALLER, home, is_reserved=True)[0]
    assert release(CALLER, taken, "不再需要")
    again = take_addresses(CALLER, home, values={"user": "李工"})[0]
    assert (again.pk, again.state, again.user) == (taken.pk, "assigned", "李工")
    assert [str(change.verb) for change in Change.objects.filter(subject_id=taken.pk)] == ["changed"] * 2 + ["created"]


def test_an_assigned_address_is_released_when_the_clients_asset_manager_agrees(contract: Contract) -> None:
    keeper = User.objects.create(username="keeper")
    Grant.objects.create(user=keeper, role=Role.CLIENT_ASSET_MANAGER, contract_code=contract.code)
    home = prefix(contract, "10.1.2.0/24")
    used = take_addresses(CALLER, home, values={"user": "王工", "mac": "00:1a:2b:3c:4d:5e"})[0]
    assert not release(CALLER, used, "人员离岗")
    with pytest.raises(ValidationError):
        release(CALLER, used, "再问一次")
    question = Approval.objects.get()
    assert "10.1.2.1" in question.title
    assert "王工" in question.title
    approvals.decide(Caller(keeper, NOW, "test"), question, approved=True)
    used.refresh_from_db()
    assert (used.state, used.user, used.mac, used.released_on) == ("released", "", "", NOW.date())
    assert free.addresses(home) == ["10.1.2.1"]
    assert Change.objects.filter(subject_id=used.pk)[0].fields["user"] == ["王工", ""]


def test_what_the_clients_asset_manager_asks_to_release_the_clients_manager_decides(contract: Contract) -> None:
    keeper = User.objects.create(username="keeper")
    Grant.objects.create(user=keeper, role=Role.CLIENT_ASSET_MANAGER, contract_code=contract.code)
    used = take_addresses(CALLER, prefix(contract, "10.1.2.0/24"), values={"user": "王工"})[0]
    assert not release(Caller(keeper, NOW, "test"), used, "人员离岗")
    assert Approval.objects.get().role == Role.CLIENT_MANAGER


def test_the_next_free_prefix_is_the_lowest_that_holds_nothing(contract: Contract) -> None:
    wide = prefix(contract, "10.1.0.0/16", zone="internal", use="container")
    prefix(contract, "10.1.0.0/24")
    prefix(contract, "10.1.2.0/23")
    address(contract, "10.1.1.77")
    made = take_prefix(CALLER, wide, 24, values={"purpose": "办公"})
    assert (str(made.prefix), made.zone, made.purpose) == ("10.1.4.0/24", "internal", "办公")
    assert str(take_prefix(CALLER, wide, 26).prefix) == "10.1.1.0/26"
    with pytest.raises(RecordRefused, match="from 17 to 32"):
        take_prefix(CALLER, wide, 16)
    full = prefix(contract, "10.2.0.0/31")
    prefix(contract, "10.2.0.0/32")
    prefix(contract, "10.2.0.1/32")
    with pytest.raises(RecordRefused, match="no free space for a /32"):
        take_prefix(CALLER, full, 32)
    huge = prefix(contract, "2001:db8::/32")
    assert str(take_prefix(CALLER, huge, 48).prefix) == "2001:db8::/48"
    assert str(take_prefix(CALLER, huge, 48).prefix) == "2001:db8:1::/48"


def test_how_prefixes_nest_and_how_full_they_are(contract: Contract) -> None:
    top = prefix(contract, "10.0.0.0/8")
    middle = prefix(contract, "10.1.0.0/16")
    leaf = prefix(contract, "10.1.2.0/24", gateway="10.1.2.1")
    prefix(contract, "10.2.0.0/16")
    kept(contract, "10.1.2.100", "10.1.2.199")
    for ip in ("10.1.2.2", "10.1.2.3", "10.1.2.150", "10.1.77.1", "10.200.0.1"):
        address(contract, ip)
    assert [str(each) for each in tree.parents(leaf)] == ["10.0.0.0/8", "10.1.0.0/16"]
    assert [str(each) for each in tree.children(top, 10)] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert tree.depths([top, middle, leaf]) == {middle.pk: 1, leaf.pk: 2}
    usage = usage_of(leaf)
    assert (usage.size, usage.in_ranges, usage.addresses, usage.free) == (254, 100, 3, 151)
    usage = usage_of(middle)
    assert (usage.size, usage.in_children, usage.addresses) == (65536, 256, 1)
    usage = usage_of(top)
    assert (usage.size, usage.in_children, usage.addresses) == (2**24, 2 * 65536, 1)
    assert [str(each) for each in free.blocks(top, 3)] == ["10.0.0.0/16", "10.3.0.0/16", "10.4.0.0/14"]
    huge = prefix(contract, "2001:db8::/32")
    prefix(contract, "2001:db8:1::/48")
    assert (usage_of(huge).size, usage_of(huge).in_children) == (2**96, 2**80)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_free_addresses_agree_with_walking_over_all_of_them(contract: Contract, data: st.DataObject) -> None:
    IpAddress.objects.all().delete()
    AddressRange.objects.all().delete()
    Prefix.objects.all().delete()
    network = ipaddress.ip_network(f"10.0.0.0/{data.draw(st.integers(23, 32), label='length')}")
    home = prefix(contract, str(network), is_pool=data.draw(st.booleans(), label="pool"))
    numbers = st.integers(0, network.num_addresses - 1)
    held = data.draw(st.sets(numbers, max_size=60) | st.just(set(range(network.num_addresses))), label="taken")
    held -= data.draw(st.sets(numbers, max_size=4), label="but")
    children = data.draw(st.lists(numbers, max_size=2, unique_by=lambda n: n // 8), label="children of 8")
    _fill(contract, home, [network[number] for number in sorted(held)])
    nests = [ipaddress.ip_network((int(network[number]) // 8 * 8, 29)) for number in children]
    for nest in nests:
        if nest != network and nest.subnet_of(network):
            prefix(contract, str(nest))
    first, last = 0, network.num_addresses - 1
    if not home.is_pool and network.num_addresses > 2:
        first, last = 1, last - 1
    walked = [
        str(network[number])
        for number in range(first, last + 1)
        if number not in held
        and not any(network[number] in nest for nest in nests if nest != network and nest.subnet_of(network))
    ]
    assert free.addresses(home, 2000) == walked
    assert free.addresses(home) == walked[:1]


def _fill(contract: Contract, home: Prefix, ips: list[Any]) -> None:
    IpAddress.objects.bulk_create(
        IpAddress(
            contract=contract, ip=str(ip), code=str(ip), prefix=home, state="assigned", created_at=NOW, updated_at=NOW
        )
        for ip in ips
    )


def test_a_full_16_and_a_used_8_are_answered_from_the_index(contract: Contract) -> None:
    """No sequential scan and no sort over addresses, which is what makes the time bounded."""
    home = prefix(contract, "10.7.0.0/16")
    _fill(contract, home, [ipaddress.ip_address("10.7.0.1") + number for number in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assets_ipaddress")
    assert free.addresses(home) == ["10.7.11.185"]


def test_a_workbook_of_addresses_as_people_keep_it(contract: Contract) -> None:
    prefix(contract, "10.1.2.0/24")
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    address(contract, "10.1.2.9", user="旧人")
    rows = [
        ["网段", "IP", "MAC", "网络", "使用人", "VRF", "分配日期"],
        ["10.1.2.0/24", "10.1.2.5", "00-1A-2B-3C-4D-5E", "内网", "王工", None, "2022.7.6"],
        ["10.1.2.0/24", "10.1.3.5", None, None, None, None, None],
        [None, "10.1.2.9", None, None, "新人", None, None],
        [None, "10.1.2.9", None, None, "另一网", "VIDEO", None],
        [None, "10.1.2.5", None, None, "重复", None, None],
    ]
    batch = imports.upload(CALLER, ADDRESSES, contract, content=book_of(rows), name="地址.xlsx", clears=False)
    imports.read(batch, ADDRESSES, contract)
    batch.refresh_from_db()
    assert {row.number: row.status for row in batch.rows.all()} == {
        2: "new", 3: "wrong", 4: "changed", 5: "new", 6: "wrong"
    }, list(batch.rows.values("number", "problems"))  # fmt: skip
    imports.apply(CALLER, ADDRESSES, contract, batch, only_good=True)
    made = IpAddress.objects.get(ip="10.1.2.5", vrf=None)
    assert (made.mac, made.zone, str(made.prefix)) == ("00:1a:2b:3c:4d:5e", "internal", "10.1.2.0/24")
    assert IpAddress.objects.get(vrf=Vrf.objects.get(pk=vrf.pk)).code == "10.1.2.9@VIDEO"
