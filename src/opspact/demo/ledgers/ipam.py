"""The simulated address plan: three networks that do not meet, their VLANs, who has which address, what was seen."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.utils.timezone import localdate

from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.actions.ipam_seen import take_seen
from opspact.assets.ipam.tables import Seen
from opspact.assets.ledgers import common
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES, RANGES, VLANS, VRFS
from opspact.assets.models import Asset, IpAddress, Prefix, Vlan
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.reading import read_ip

# VLAN, its name, prefix, purpose, how many addresses are given.
OFFICE = (
    (10, "服务器区", "10.20.10.0/24", "内网服务器", 38),
    (20, "办公一区", "10.20.20.0/24", "信息化处、综合保障处终端", 96),
    (30, "指挥大厅", "10.20.30.0/24", "指挥大厅席位与大屏", 61),
    (40, "视频会议", "10.20.40.0/25", "视频会商终端", 27),
    (99, "设备管理", "10.20.99.0/24", "网络与服务器带外管理", 44),
)
USERS = ("王建国", "李晓东", "赵敏", "陈志强", "刘洋", "孙丽", "周涛")
DEPARTMENTS = ("信息化处", "应急指挥处", "值班调度室", "综合保障处")


def make(caller: Caller, contract: Any) -> None:
    if Prefix.objects.filter(contract=contract).exists():
        return
    random = Random(4)  # noqa: S311 - examples, no secret
    site = common.sites(contract).first()
    wide = _prefix(caller, contract, "10.20.0.0/16", purpose="内网", zone="internal", use="container")
    for vid, name, text, purpose, given in OFFICE:
        vlan = actions.create(caller, VLANS, contract, {"vid": vid, "name": name, "site": site})
        gateway = str(text).rsplit(".", 1)[0] + ".1"
        common_values = {"vlan": vlan, "gateway": gateway, "site": site, "zone": "internal"}
        home = _prefix(caller, contract, text, purpose=purpose, **common_values)
        _give(caller, home, given, random)
    _dedicated(caller, contract, site)
    _prefix(caller, contract, "2400:dd01:1030::/48", purpose="IPv6 试点", zone="external", use="container")
    _prefix(caller, contract, "2400:dd01:1030:10::/64", purpose="门户网站 IPv6", zone="external")
    office = Prefix.objects.get(contract=contract, prefix="10.20.20.0/24")
    kept = {"prefix": office, "first": "10.20.20.200", "last": "10.20.20.249", "purpose": "DHCP 访客"}
    actions.create(caller, RANGES, contract, kept)
    until = localdate(caller.now) + timedelta(days=30)
    take_addresses(caller, office, 4, values={"purpose": "新员工入职"}, reserved_until=until)
    take_prefix(caller, wide, 26, values={"purpose": "应急移动指挥车"})
    _register_assets(caller, contract)
    _see(caller, contract, random)


def _prefix(caller: Caller, contract: Any, text: str, **values: Any) -> Prefix:
    return actions.create(caller, PREFIXES, contract, {"prefix": text, **values})  # type: ignore[no-any-return]


def _dedicated(caller: Caller, contract: Any, site: Any) -> None:
    """The video network has the office's numbers again, in a routing domain of its own; the lines go to 17 places."""
    vrf = actions.create(
        caller, VRFS, contract, {"code": "VIDEO", "name": "图像采集专网", "zone": "dedicated"}
    )  # fmt: skip
    _prefix(caller, contract, "10.20.0.0/16", vrf=vrf, purpose="图像采集专网", use="container")
    cameras = _prefix(caller, contract, "10.20.10.0/24", vrf=vrf, purpose="图像采集前端", gateway="10.20.10.254")
    take_addresses(caller, cameras, 24, values={"purpose": "图像采集前端", "department": "应急指挥处"})
    lines = _prefix(caller, contract, "172.18.0.0/22", purpose="区级专线互联", zone="dedicated", use="container")
    for _number in range(17):
        link = take_prefix(caller, lines, 30, values={"purpose": "区级专线互联地址", "site": site})
        take_addresses(caller, link, 2, values={"purpose": "专线互联"})


def _give(caller: Caller, home: Prefix, how_many: int, random: Random) -> None:
    taken = take_addresses(caller, home, how_many, values={"purpose": home.purpose})
    for address in taken[: how_many * 9 // 10]:
        mac = "00:e0:fc:" + ":".join(f"{random.randrange(256):02x}" for _part in range(3))
        values = {"user": random.choice(USERS), "department": random.choice(DEPARTMENTS), "mac": mac}
        actions.change(caller, ADDRESSES, address, values)


def _register_assets(caller: Caller, contract: Any) -> None:
    """Management addresses of the asset ledger, but for a few that somebody forgot."""
    found = Asset.objects.filter(contract=contract, deleted_at=None).exclude(mgmt_ip=None).order_by("code")
    for asset in list(found)[3:]:
        ip = read_ip(str(asset.mgmt_ip))
        present = IpAddress.objects.filter(contract=contract, vrf=None, deleted_at=None, ip=ip).first()
        values = {"asset": asset, "name": asset.name[:120]}
        if present is None:
            actions.create(caller, ADDRESSES, contract, {"ip": ip, **values})
        elif present.asset_id is None:
            actions.change(caller, ADDRESSES, present, values)


def _see(caller: Caller, contract: Any, random: Random) -> None:
    """The core switch's ARP table: nearly all that is written, a few strangers, and cards that were changed."""
    for vlan in Vlan.objects.filter(contract=contract, vid__in=(10, 20, 30)):
        home = Prefix.objects.get(contract=contract, vlan=vlan)
        stem = str(home.prefix).rsplit(".", 1)[0]
        rows = [
            Seen(str(each.ip), each.mac, port=f"Vlanif{vlan.vid}")
            for each in home.addresses.exclude(mac="")
            if random.random() > 0.06
        ]
        rows += [Seen(f"{stem}.{host}", f"00:1a:2b:00:{vlan.vid:02x}:{host:02x}") for host in (171, 188)]
        rows += [Seen(row.ip, "00:50:56:0a:0b:0c", port=row.port) for row in rows[:1]]
        take_seen(caller, contract, rows, source="核心交换机 ARP", device="核心交换机")
