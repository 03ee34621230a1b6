"""Carriers, the nine dedicated lines of the contract with the legs to the districts, and what watches them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.assets.models import Carrier, Circuit
from opspact.contracts.models import BusinessSystem, Contract, ContractParty, Site
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.monitoring.models import Target

OFFICE = "北京市应急指挥保障中心（副中心57号院4号楼）"
YEAR_BEFORE = dt.timedelta(days=365)

DISTRICTS = (
    ("DC", "东城区"), ("XC", "西城区"), ("CY", "朝阳区"), ("FT", "丰台区"), ("SJS", "石景山区"), ("HD", "海淀区"),
    ("SY", "顺义区"), ("TZ", "通州区"), ("DX", "大兴区"), ("FS", "房山区"), ("MTG", "门头沟区"), ("CP", "昌平区"),
    ("PG", "平谷区"), ("MY", "密云区"), ("HR", "怀柔区"), ("YQ", "延庆区"), ("YZ", "亦庄开发区"),
)  # fmt: skip
_CARRIERS = (
    ("CUCC", "中国联通", "10010", "政企专线租用合同（演示）2022-01"),
    ("CTCC", "中国电信", "10000", "政企专线租用合同（演示）2022-02"),
    ("CMCC", "中国移动", "10086", "政企专线租用合同（演示）2022-03"),
)
# code, name, carrier, Mbit/s, far end, purpose, system, targets, yearly cost in yuan
_LINES = (
    ("N01", "森林消防图像监控网络（主用）", "CUCC", 200, "森林消防前端汇聚点", "林区图像回传", "FOREST-VIDEO",
     ("FV-LINE-1",), 96_000),
    ("N01-B", "森林消防图像监控网络（备用）", "CTCC", 100, "森林消防前端汇聚点", "林区图像回传（备用路由）",
     "FOREST-VIDEO", ("FV-LINE-2",), 60_000),
    ("N02", "应急管理部指挥信息网专线", "CUCC", 100, "应急管理部", "指挥信息网接入", None, (), 84_000),
    ("N03", "应急管理部公文传输专线", "CUCC", 20, "应急管理部", "公文传输", "DOC-TRANSFER", ("DT-LINE",), 36_000),
    ("N04", "公安图像专线", "CMCC", 500, "市公安局图像平台", "公安图像调阅", "POLICE-VIDEO", ("PV-LINE",), 120_000),
    ("N05", "市民政局殡葬系统专线", "CTCC", 10, "市民政局", "殡葬系统接入", "FUNERAL", ("FN-LINE",), 18_000),
    ("N06", "应急管理部视频会议专线", "CUCC", 50, "应急管理部", "部级视频会议", "MEM-VIDEO", ("MV-LINE",), 54_000),
    ("N07", "16区及亦庄开发区应急指挥中心专线（汇聚）", "CMCC", 1000, "政务外网汇聚节点", "区级互联汇聚", "DISTRICTS",
     ("DIST-CORE",), 180_000),
    ("N08", "市电子政务内网应急管理局节点专线", "CTCC", 100, "市电子政务内网节点", "政务内网接入", None, (), 72_000),
    ("N09", "企业视频会议系统接入专线", "CMCC", 100, "企业视频会议平台", "企业视频会议", "VIDEO-CONF",
     ("VC-GATEWAY",), 48_000),
)  # fmt: skip
_WATCHED_LEGS = {"TZ": "DIST-TZ", "YZ": "DIST-YZ"}


def make(caller: Caller, contract: Contract) -> None:
    """Once; a contract that has circuits is left alone."""
    if Circuit.objects.filter(contract=contract).exists():
        return
    carriers = _carriers(caller, contract)
    sites = _district_sites(contract)
    office = Site.objects.filter(organisation__in=_clients(contract), code="YHDJ57-4").first()
    systems = {each.code: each for each in BusinessSystem.objects.filter(scope_items__contract=contract).distinct()}
    opened = contract.starts_at.date() - YEAR_BEFORE
    for number, line in enumerate(_LINES, start=1):
        code, name, carrier, mbps, far_end, purpose, system, targets, cost = line
        values = {
            "code": code,
            "name": name,
            "carrier": carriers[carrier],
            "circuit_no": f"京{carrier}演{number:04}",
            "bandwidth_mbps": Decimal(mbps),
            "interface": "光口 LC" if mbps >= 100 else "RJ45",
            "purpose": purpose,
            "system": systems.get(system or ""),
            "scope_code": code[:3],
            "a_site": office,
            "a_end": OFFICE,
            "z_end": far_end,
            "yearly_cost": Decimal(cost),
            "opened_on": opened,
        }
        _watch(contract, actions.create(caller, CIRCUITS, contract, values), targets)
    for number, (short, district) in enumerate(DISTRICTS, start=1):
        _leg(caller, contract, number, short, district, carriers, office, sites.get(short), opened)


def _leg(
    caller: Caller,
    contract: Contract,
    number: int,
    short: str,
    district: str,
    carriers: dict[str, Carrier],
    office: Site | None,
    site: Site | None,
    opened: dt.date,
) -> None:
    carrier = _CARRIERS[number % len(_CARRIERS)][0]
    values: dict[str, Any] = {
        "code": f"N07-{short}",
        "name": f"{district}应急指挥中心专线",
        "carrier": carriers[carrier],
        "circuit_no": f"京{carrier}演区{number:02}",
        "bandwidth_mbps": Decimal(100 if number <= 6 else 50),
        "interface": "光口 LC",
        "purpose": "区级应急指挥互联",
        "scope_code": "N07",
        "a_site": office,
        "a_end": OFFICE,
        "z_site": site,
        "z_end": f"{district}应急指挥中心",
        "yearly_cost": Decimal(24_000),
        "opened_on": opened,
    }
    target = _WATCHED_LEGS.get(short)
    _watch(contract, actions.create(caller, CIRCUITS, contract, values), (target,) if target else ())


def _carriers(caller: Caller, contract: Contract) -> dict[str, Carrier]:
    end = contract.ends_at.date()
    made = {}
    for code, name, phone, agreement in _CARRIERS:
        values = {
            "code": code,
            "name": name,
            "noc_contact": phone,
            "agreement": agreement,
            "agreement_ends_on": end.replace(month=12, day=31),
        }
        made[code] = actions.create(caller, CARRIERS, contract, values)
    return made


def _district_sites(contract: Contract) -> dict[str, Site]:
    """The districts' centres among the client's sites, as far as a client with sites is there."""
    owner = Site.objects.filter(organisation__in=_clients(contract)).values_list("organisation", flat=True).first()
    if owner is None:
        return {}
    return {
        short: Site.objects.get_or_create(
            organisation_id=owner, code=f"DIST-{short}", defaults={"name": f"{district}应急指挥中心"}
        )[0]
        for short, district in DISTRICTS
    }


def _clients(contract: Contract) -> list[int]:
    mine = contract.parties.filter(part=ContractParty.Part.CLIENT)
    return list(mine.values_list("organisation_id", flat=True))


def _watch(contract: Contract, circuit: Circuit, targets: tuple[str, ...]) -> None:
    Target.objects.filter(contract=contract, code__in=targets).update(circuit=circuit)
