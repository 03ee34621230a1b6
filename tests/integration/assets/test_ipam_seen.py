"""What was seen beside what is written: tables of devices, sweeps, and what follows."""

from __future__ import annotations

import asyncio
import io
import tracemalloc
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.integration.assets.world import CALLER, NOW, make_asset, make_contract

from opspact.assets.actions.ipam_seen import believe_macs, register_seen, sweep_prefix, take_seen
from opspact.assets.ipam import seen
from opspact.assets.ipam.tables import read_text
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.ledgers.cables import CABLES
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import IpAddress, Sighting
from opspact.assets.views.ipam_seen import _read as read_upload
from opspact.collector.server import Server
from opspact.collector.sweeper import Sweeper
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.field.models import Authorisation, Collector
from opspact.field.sweeps import orders_of, stop_sweep, take_part
from opspact.identity.models import Grant, User
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.models import Approval
from opspact.probes.wire import SweepPart

HUAWEI = """<SW1>display arp
IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE
                                          VLAN/CEVLAN(SIP/DIP) PVC
------------------------------------------------------------------------------
10.1.2.1        00e0-fc12-3401            I -         Vlanif10
10.1.2.5        00e0-fc12-3405  12        D-0         GE0/0/5
                                          10/-
10.1.2.6        Incomplete      1         D-0         GE0/0/6
------------------------------------------------------------------------------
Total:3         Dynamic:2       Static:0     Interface:1
"""
H3C = """  Type: S-Static   D-Dynamic   O-Openflow   R-Rule   M-Multiport  I-Invalid
IP address      MAC address    VLAN/VSI name Interface                Aging Type
10.1.2.7        00e0-fc12-3407 10            GE1/0/7                  1187  D
"""
CISCO = """Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  10.1.2.8                5   00e0.fc12.3408  ARPA   Vlan10
Internet  10.1.2.9                -   Incomplete      ARPA
"""
RUIJIE = """Protocol  Address           Age(min)   Hardware        Type   Interface
Internet  10.1.2.10         0          00e0.fc12.3410  arpa   VLAN 10
"""
LINUX = """10.1.2.11 dev eth0 lladdr 00:e0:fc:12:34:11 REACHABLE
10.1.2.12 dev eth0  FAILED
fe80::1%eth0 dev eth0 lladdr 00:e0:fc:12:34:12 router STALE
? (10.1.2.13) at 0:e0:fc:12:34:13 [ether] on eth1
"""
WINDOWS = """接口: 10.1.2.99 --- 0x4
  Internet 地址         物理地址              类型
  10.1.2.14             00-e0-fc-12-34-14     动态
  224.0.0.22            01-00-5e-00-00-16     静态
"""
MACS = """MAC Address    VLAN/VSI/BD   Learned-From        Type
00e0-fc12-3405 10/-/-        GE0/0/9             dynamic
"""
CSV = "设备,IP地址,MAC地址,端口\nSW1,10.1.2.20,00:e0:fc:12:34:20,GE0/0/20\nSW1,乱写,,\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HUAWEI, [("10.1.2.1", "00:e0:fc:12:34:01", "Vlanif10"), ("10.1.2.5", "00:e0:fc:12:34:05", "GE0/0/5")]),
        (H3C, [("10.1.2.7", "00:e0:fc:12:34:07", "GE1/0/7")]),
        (CISCO, [("10.1.2.8", "00:e0:fc:12:34:08", "Vlan10")]),
        (RUIJIE, [("10.1.2.10", "00:e0:fc:12:34:10", "VLAN 10")]),
        (
            LINUX,
            [
                ("10.1.2.11", "00:e0:fc:12:34:11", "eth0"),
                ("fe80::1", "00:e0:fc:12:34:12", "eth0"),
                ("10.1.2.13", "00:e0:fc:12:34:13", "eth1"),
            ],
        ),
        (WINDOWS, [("10.1.2.14", "00:e0:fc:12:34:14", "")]),
        (MACS, [("", "00:e0:fc:12:34:05", "GE0/0/9")]),
        (CSV, [("10.1.2.20", "00:e0:fc:12:34:20", "GE0/0/20")]),
        ("10.1.2.30\n10.1.2.31\n", [("10.1.2.30", "", ""), ("10.1.2.31", "", "")]),
    ],
    ids=["huawei", "h3c", "cisco", "ruijie", "linux", "windows", "macs", "csv", "bare"],
)
def test_what_devices_print(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(row.ip, row.mac, row.port) for row in read_text(text)] == found


def test_a_line_that_no_device_writes_takes_no_longer_than_another() -> None:
    began = monotonic()
    assert [each.ip for each in read_text("10.1.2.3 00:e0:fc:12:34:03 " + "a" * 200_000)] == ["10.1.2.3"]
    assert monotonic() - began < 5


def test_a_small_workbook_that_claims_to_be_wide_and_long_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    book.active.append(["ip"])
    made, target = io.BytesIO(), io.BytesIO()
    book.save(made)
    rows = b'<row><c t="inlineStr"><is><t>ip</t></is></c></row><row><c t="inlineStr"><is><t>10.1.2.3</t></is></c></row>'
    wide = b'<dimension ref="A1:XFD1048576"/><sheetData>' + rows + b"<row/>" * 5_000 + b"</sheetData></worksheet>"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in source.namelist():
            bomb.writestr(name, head + wide if name == "xl/worksheets/sheet1.xml" else source.read(name))
    tracemalloc.start()
    found = read_upload({"text": "", "file": SimpleUploadedFile("arp.xlsx", target.getvalue())})
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.ip for each in found] == ["10.1.2.3"]
    assert peak < 50_000_000


def test_a_text_that_tells_nothing_is_refused() -> None:
    with pytest.raises(Wrong, match="no line tells"):
        read_text("这里什么也没有\n")


@pytest.fixture
def contract(db: None) -> Contract:
    made = make_contract()
    actions.create(CALLER, PREFIXES, made, {"prefix": "10.1.2.0/24"})
    return made


def listed(rows: Any) -> list[str]:
    return [str(row.ip) for row in rows.order_by("ip")]


def test_unregistered_silent_and_moved(contract: Contract) -> None:
    long_ago = Caller(None, NOW - timedelta(days=90), "test")
    for ip, mac in (("10.1.2.5", "00:e0:fc:12:34:05"), ("10.1.2.6", ""), ("10.1.2.7", "00:e0:fc:12:34:ff")):
        actions.create(long_ago, ADDRESSES, contract, {"ip": ip, "mac": mac, "user": "王工"})
    done = take_seen(CALLER, contract, [*read_text(HUAWEI), *read_text(H3C)], source="SW1")
    assert done == {"addresses": 3, "new": 3, "ports": 0}
    assert take_seen(CALLER, contract, read_text(HUAWEI), source="SW1")["new"] == 0
    assert listed(seen.unregistered(contract)) == ["10.1.2.1"]
    assert listed(seen.moved(contract)) == ["10.1.2.7"]
    assert listed(seen.silent(contract, NOW)) == ["10.1.2.6"]
    assert listed(seen.silent(contract, NOW + timedelta(days=60))) == []  # nobody looked since


def test_a_port_that_is_not_the_cabled_one_is_a_move(contract: Contract) -> None:
    host, switch = make_asset(contract, ASSETS, "服务器"), make_asset(contract, ASSETS, "SW1")
    ends = {"a_asset": host, "a_port": "eth0", "z_asset": switch, "z_port": "GE0/0/5"}
    actions.create(CALLER, CABLES, contract, {"code": "C1", **ends})
    given = {"ip": "10.1.2.5", "asset": host, "mac": "00:e0:fc:12:34:05"}
    actions.create(CALLER, ADDRESSES, contract, given)
    take_seen(CALLER, contract, read_text(HUAWEI), source="SW1", device="SW1")
    assert listed(seen.moved(contract)) == []
    assert take_seen(CALLER, contract, read_text(MACS), source="SW1", device="SW1")["ports"] == 1
    assert listed(seen.moved(contract)) == ["10.1.2.5"]


def test_what_was_seen_is_registered_and_believed(contract: Contract) -> None:
    actions.create(CALLER, ADDRESSES, contract, {"ip": "10.1.2.5", "mac": "00:e0:fc:12:34:ff"})
    take_seen(CALLER, contract, read_text(HUAWEI), source="SW1")
    assert register_seen(CALLER, contract, list(seen.unregistered(contract)), {"user": "网络组"}) == 1
    made = IpAddress.objects.get(ip="10.1.2.1")
    assert (made.mac, made.user, made.state, str(made.prefix)) == (
        "00:e0:fc:12:34:01", "网络组", "assigned", "10.1.2.0/24"
    )  # fmt: skip
    assert believe_macs(CALLER, contract, list(seen.moved(contract))) == 1
    assert IpAddress.objects.get(ip="10.1.2.5").mac == "00:e0:fc:12:34:05"
    assert listed(seen.unregistered(contract)) + listed(seen.moved(contract)) == []


def test_no_sweep_before_the_client_allows_it(contract: Contract) -> None:
    chief = User.objects.create(username="chief")
    Grant.objects.create(user=chief, role=Role.CLIENT_MANAGER, contract_code=contract.code)
    collector = Collector.objects.create(code="c", name="c", token_sha256="x", registered_at=NOW)
    home = PREFIXES.records(contract).get()
    with pytest.raises(ValidationError):
        sweep_prefix(CALLER, home, collector=collector)
    sweep = sweep_prefix(CALLER, home, collector=collector, reference="授权书 2022-07")
    assert (sweep.state, sweep.total) == ("waiting", 254)
    approvals.decide(Caller(chief, NOW, "test"), Approval.objects.get(), approved=True)
    sweep.refresh_from_db()
    assert (sweep.state, Authorisation.objects.get().addresses) == ("ready", ["10.1.2.0/24"])
    narrower = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.2.0/25"})
    assert sweep_prefix(CALLER, narrower, collector=collector).state == "ready"
    wider = actions.create(CALLER, PREFIXES, contract, {"prefix": "10.1.0.0/16"})
    with pytest.raises(ValidationError):
        sweep_prefix(CALLER, wider, collector=collector)
    stop_sweep(CALLER, sweep)
    contract.simulated = True
    contract.save()
    narrower.refresh_from_db()
    with pytest.raises(ValidationError):
        sweep_prefix(CALLER, narrower, collector=collector)


NIGHT = (time(22, 0), time(6, 0))


def beijing(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, 6, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("hours", "moment", "is_allowed"),
    [
        (None, beijing(12), True),
        (NIGHT, beijing(21, 59), False),
        (NIGHT, beijing(22), True),
        (NIGHT, beijing(3), True),
        (NIGHT, beijing(5, 59), True),
        (NIGHT, beijing(6), False),
        ((time(9, 0), time(17, 0)), beijing(16, 59), True),
        ((time(9, 0), time(17, 0)), beijing(17), False),
    ],
)
def test_a_sweep_is_handed_out_at_its_hours_only(
    contract: Contract, hours: Any, moment: datetime, is_allowed: bool
) -> None:
    collector = Collector.objects.create(code="c", name="c", token_sha256="x", registered_at=NOW)
    common = {"contract": contract, "authorised_by": "甲方", "reference": "授权书", "recorded_at": NOW}
    Authorisation.objects.create(addresses=["10.0.0.0/8"], **common)
    sweep = sweep_prefix(CALLER, PREFIXES.records(contract).get(), collector=collector, hours=hours)
    assert sweep.state == "ready"
    assert bool(orders_of(collector, moment).sweeps) == is_allowed
    part = SweepPart(sweep=sweep.pk, done=64, up=["10.1.2.5"])
    assert take_part(collector, part, moment) == is_allowed  # what was sent is kept, but nothing more is
    sweep.refresh_from_db()
    assert (sweep.state, sweep.done) == ("running", 64)


@pytest.mark.parametrize(
    ("asked", "covers"),
    [
        ({"hours": NIGHT, "per_second": 50}, True),
        ({"hours": (time(23, 0), time(1, 0)), "per_second": 10}, True),
        ({"hours": NIGHT, "per_second": 51}, False),
        ({"hours": None, "per_second": 50}, False),
        ({"hours": (time(21, 0), time(23, 0)), "per_second": 50}, False),
        ({"hours": (time(5, 0), time(7, 0)), "per_second": 50}, False),
        ({"hours": (time(6, 0), time(22, 0)), "per_second": 50}, False),
    ],
)
def test_what_the_client_allowed_at_night_and_slowly_covers_nothing_else(
    contract: Contract, asked: dict[str, Any], covers: bool
) -> None:
    chief = User.objects.create(username="chief")
    Grant.objects.create(user=chief, role=Role.CLIENT_MANAGER, contract_code=contract.code)
    collector = Collector.objects.create(code="c", name="c", token_sha256="x", registered_at=NOW)
    home = PREFIXES.records(contract).get()
    first = sweep_prefix(CALLER, home, collector=collector, reference="授权书", hours=NIGHT, per_second=50)
    question = Approval.objects.get()
    assert "22:00–06:00" in question.title
    assert "50" in question.title
    approvals.decide(Caller(chief, NOW, "test"), question, approved=True)
    first.refresh_from_db()
    assert (first.state, first.authorisation.per_second) == ("ready", 50)
    if covers:
        assert sweep_prefix(CALLER, home, collector=collector, **asked).state == "ready"
    else:
        with pytest.raises(ValidationError):
            sweep_prefix(CALLER, home, collector=collector, **asked)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("end_of_server_sessions")
def test_a_collector_sweeps_for_real_and_the_ledger_hears_of_it(live_server: Any, tmp_path: Path) -> None:
    contract = make_contract()
    home = actions.create(CALLER, PREFIXES, contract, {"prefix": "127.0.0.0/29"})
    token = Collector.new_token()
    collector = Collector.objects.create(
        code="real", name="real", token_sha256=Collector.digest(token), registered_at=NOW
    )
    Authorisation.objects.create(
        contract=contract, authorised_by="甲方", reference="授权书", recorded_at=NOW, addresses=["127.0.0.0/8"]
    )
    sweep = sweep_prefix(CALLER, home, collector=collector, per_second=100)
    (tmp_path / "token").write_text(token)

    async def run() -> None:
        server = Server(live_server.url, tmp_path / "token", verify=False)
        sweeper = Sweeper(server)
        for order in await sweeper.orders():
            await sweeper.sweep(order)
        assert await sweeper.orders() == []
        await server.close()

    asyncio.run(run())
    sweep.refresh_from_db()
    assert (sweep.state, sweep.done, sweep.answered) == ("done", 6, 6)
    assert listed(seen.unregistered(contract)) == [f"127.0.0.{host}" for host in range(1, 7)]
    assert Sighting.objects.filter(source="sweep", last_at__gte=timezone.now() - timedelta(minutes=5)).count() == 6
