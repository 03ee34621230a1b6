"""Addresses, prefixes and utilisation against Python's ipaddress module and figures worked out by hand."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.assets.world import CALLER, NOW, make_contract
from tests.integration.assets.world import workbook as book_of

from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.ipam import free, strip
from opspact.assets.ipam.usage import usage_of
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VRFS
from opspact.assets.models import IpAddress, Prefix
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, imports
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import LedgerBatch


@pytest.fixture
def contract(db: None) -> Contract:
    return make_contract()


def prefix(contract: Contract, text: str, **values: Any) -> Prefix:
    return actions.create(CALLER, PREFIXES, contract, {"prefix": text, **values})


def imported(ledger: Ledger, contract: Contract, rows: list[list[Any]]) -> LedgerBatch:
    batch = imports.upload(CALLER, ledger, contract, content=book_of(rows), name="台账.xlsx", clears=False)
    imports.read(batch, ledger, contract)
    batch.refresh_from_db()
    return batch


def statuses(batch: LedgerBatch) -> dict[int, str]:
    return {row.number: row.status for row in batch.rows.all()}


@pytest.mark.parametrize(
    "text", ["10.0.0.4/30", "10.0.0.4/31", "10.0.0.5/32", "10.9.8.0/28", "2001:db8::4/127", "2001:db8::5/128",
             "2001:db8::10/125"]
)  # fmt: skip
def test_every_host_address_is_given_once_and_then_none(contract: Contract, text: str) -> None:
    """`hosts()` keeps both of a /31 (RFC 3021) and a /127 (RFC 6164), and leaves the routers' address of IPv6 out."""
    home = prefix(contract, text)
    hosts = [str(host) for host in ipaddress.ip_network(text).hosts()]
    assert usage_of(home).size == len(hosts)
    given = [str(take_addresses(CALLER, home)[0].ip) for _host in hosts]
    assert given == hosts
    assert (usage_of(home).free, usage_of(home).share) == (0, 1)
    with pytest.raises(RecordRefused, match="has 0 free addresses, 1 are wanted"):
        take_addresses(CALLER, home)


def test_the_first_addresses_of_a_64_and_what_is_left(contract: Contract) -> None:
    home = prefix(contract, "2001:db8:0:7::/64", gateway="2001:db8:0:7::1")
    given = [str(each.ip) for each in take_addresses(CALLER, home, 3)]
    assert given == ["2001:db8:0:7::2", "2001:db8:0:7::3", "2001:db8:0:7::4"]
    usage = usage_of(home)
    assert usage.size == 18_446_744_073_709_551_615  # 2⁶⁴ but for the routers' address
    assert usage.free == 18_446_744_073_709_551_611  # three given, and the gateway


@pytest.mark.parametrize(
    ("outer", "length", "taken"),
    [
        ("2001:db8:30::/48", 64, ["2001:db8:30::/64", "2001:db8:30:1::/64", "2001:db8:30:4::/62"]),
        ("2001:db8:30::/48", 56, ["2001:db8:30:100::/56", "2001:db8:30:0:1::/80"]),
        ("2001:db8:30::/48", 49, ["2001:db8:30::/128"]),
        ("10.0.0.0/8", 24, ["10.0.0.0/16", "10.1.0.0/24", "10.1.1.128/25"]),
        ("10.0.0.0/8", 9, ["10.127.255.255/32"]),
        ("10.0.0.0/8", 30, ["10.0.0.0/29", "10.0.0.12/30"]),
    ],
)
def test_the_next_free_prefix_is_the_first_of_pythons_subnets_that_meets_none(
    contract: Contract, outer: str, length: int, taken: list[str]
) -> None:
    wide = prefix(contract, outer)
    for each in taken:
        prefix(contract, each)
    held = [ipaddress.ip_network(each) for each in taken]
    subnets = ipaddress.ip_network(outer).subnets(new_prefix=length)
    fitting = (net for net in subnets if not any(net.overlaps(each) for each in held))  # type: ignore[arg-type]
    for _time in range(3):
        following = next(fitting, None)
        if following is None:
            with pytest.raises(RecordRefused, match=f"no free space for a /{length}"):
                take_prefix(CALLER, wide, length)
        else:
            assert str(take_prefix(CALLER, wide, length).prefix) == str(following)


def test_what_meets_in_one_routing_domain_is_refused_and_in_two_is_not(contract: Contract) -> None:
    vrf = actions.create(CALLER, VRFS, contract, {"code": "VIDEO", "name": "视频专网"})
    home = prefix(contract, "10.1.2.0/24")
    theirs = prefix(contract, "10.1.2.0/24", vrf=vrf)
    actions.create(CALLER, RANGES, contract, {"first": "10.1.2.10", "last": "10.1.2.20", "prefix": home})
    with pytest.raises(RecordRefused, match="taken already"):
        prefix(contract, "10.1.2.0/24")
    for first, last in (("10.1.2.20", "10.1.2.30"), ("10.1.2.1", "10.1.2.10"), ("10.1.2.12", "10.1.2.13")):
        with pytest.raises(RecordRefused, match=r"meets the range 10.1.2.10 to 10.1.2.20"):
            actions.create(CALLER, RANGES, contract, {"first": first, "last": last, "prefix": home})
    actions.create(CALLER, RANGES, contract, {"first": "10.1.2.9", "last": "10.1.2.9", "prefix": home})
    actions.create(CALLER, RANGES, contract, {"first": "10.1.2.12", "last": "10.1.2.13", "prefix": theirs})
    assert free.addresses(home, 9)[-1] == "10.1.2.21"  # 1 to 8, then over 9 and 10–20
    assert free.addresses(theirs, 12)[-1] == "10.1.2.14"  # 1 to 11, then over 12 and 13


def test_a_file_with_host_bits_duplicates_and_what_is_there_already(contract: Contract) -> None:
    prefix(contract, "10.3.0.0/16", purpose="旧")
    batch = imported(
        PREFIXES,
        contract,
        [
            ["网段", "用途", "VRF"],
            ["10.1.2.0/24", "一", None],
            ["10.1.2.5/24", "主机位", None],
            ["10.1.2.0/24", "重复", None],
            ["10.3.0.0/16", "新", None],
            ["10.2.0.0/33", "太长", None],
            ["2001:db8::1/64", "主机位", None],
            ["2001:DB8:0:0::/64", "另一种写法", None],
            ["2001:db8::/64", "重复", None],
            ["300.1.0.0/16", "不是地址", None],
            ["10.4.0.0/16", "没有这个路由域", "NONE"],
        ],
    )
    assert statuses(batch) == {
        2: "new", 3: "wrong", 4: "wrong", 5: "changed", 6: "wrong", 7: "wrong", 8: "new", 9: "wrong", 10: "wrong",
        11: "wrong",
    }, list(batch.rows.values("number", "problems"))  # fmt: skip
    (problem,) = batch.rows.get(number=3).problems
    assert problem[:2] == ["prefix", "A3"]
    assert "10.1.2.0/24" in str(problem[3])  # what it should be is said
    imports.apply(CALLER, PREFIXES, contract, batch, only_good=True)
    assert set(Prefix.objects.values_list("code", "purpose")) == {
        ("10.1.2.0/24", "一"), ("10.3.0.0/16", "新"), ("2001:db8::/64", "另一种写法")
    }  # fmt: skip


def test_ranges_of_a_file_that_meet_each_other_are_refused(contract: Contract) -> None:
    prefix(contract, "10.1.2.0/24")
    batch = imported(
        RANGES,
        contract,
        [
            ["起始地址", "终止地址", "用途"],
            ["10.1.2.10", "10.1.2.20", "DHCP"],
            ["10.1.2.20", "10.1.2.30", "相交"],
            ["10.1.2.21", "10.1.2.30", "相邻"],
            ["10.1.2.50", "10.1.2.40", "颠倒"],
            ["10.1.2.250", "10.1.3.5", "越界"],
        ],
    )
    assert statuses(batch) == {2: "new", 3: "wrong", 4: "new", 5: "wrong", 6: "wrong"}
    imports.apply(CALLER, RANGES, contract, batch, only_good=True)
    home = Prefix.objects.get()
    assert usage_of(home).in_ranges == 11 + 10
    assert free.addresses(home, 10) == [*(f"10.1.2.{n}" for n in range(1, 10)), "10.1.2.31"]


def test_addresses_of_a_file_that_are_there_twice_are_refused_the_second_time(contract: Contract) -> None:
    prefix(contract, "2001:db8::/64")
    batch = imported(
        ADDRESSES, contract, [["IP", "使用人"], ["2001:db8::a", "甲"], ["2001:DB8:0::A", "乙"], ["2001:db8::b", "丙"]]
    )
    assert statuses(batch) == {2: "new", 3: "wrong", 4: "new"}


def test_an_8_is_measured_in_the_same_queries_however_much_lies_in_it(contract: Contract) -> None:
    """By hand: 300 /24 of 256 each below the /8, 1,000 addresses of its own, a range of 500, and its gateway."""
    wide = prefix(contract, "10.0.0.0/8", gateway="10.255.255.254")

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            usage_of(wide)
        return len(caught)

    before = asked()
    for third in range(3):
        batch = imported(PREFIXES, contract, [["网段"], *([f"10.{third}.{n}.0/24"] for n in range(100))])
        imports.apply(CALLER, PREFIXES, contract, batch, only_good=False)
    IpAddress.objects.bulk_create(
        IpAddress(
            contract=contract, ip=str(ip), code=str(ip), prefix=wide, state="assigned", created_at=NOW, updated_at=NOW
        )
        for ip in (ipaddress.ip_address("10.200.0.0") + n for n in range(1000))
    )
    actions.create(CALLER, RANGES, contract, {"first": "10.201.0.0", "last": "10.201.1.243", "prefix": wide})
    usage = usage_of(wide)
    assert (usage.size, usage.in_children, usage.in_ranges, usage.addresses) == (2**24, 300 * 256, 500, 1001)
    assert usage.free == 2**24 - 76_800 - 500 - 1001
    assert asked() <= before + 1  # one more once there are ranges


def test_the_sheet_of_an_ipv6_prefix_labels_its_256_blocks_by_the_bits_that_differ(contract: Contract) -> None:
    home = prefix(contract, "2001:db8:30::/48")
    prefix(contract, "2001:db8:30:a00::/56")
    prefix(contract, "2001:db8:30:ff10::/64")
    cells = strip.cells(home)
    assert [cell.label for cell in cells] == [f"{n:02x}" for n in range(256)]
    by_label = {cell.label: (cell.where, cell.is_a) for cell in cells}
    assert by_label["0a"] == ("2001:db8:30:a00::/56", strip.CHILD)
    assert by_label["ff"] == ("2001:db8:30:ff00::/56", strip.PARTLY)
    assert by_label["01"] == ("2001:db8:30:100::/56", strip.FREE)
