"""What the simulated systems stand on, and the cables from servers over access and distribution to the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opspact.assets.ledgers import common
from opspact.assets.ledgers.cables import CABLES
from opspact.assets.ledgers.relations import RELATIONS
from opspact.assets.models import Asset, Relation, RelationKind
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

Kind = RelationKind
# system, the beginning of its assets' names, redundancy group ("" each stands alone)
SYSTEMS = (
    ("OA", "OA 应用服务器", "应用"),
    ("OA", "OA 数据库服务器", "数据库"),
    ("WEBSITE", "门户发布服务器", "发布"),
    ("WEBSITE", "外网防火墙", "防火墙"),
    ("WEBSITE", "入侵防御", ""),
    ("DUTY", "应急值守应用服务器", "应用"),
    ("DUTY", "应急值守数据库服务器", "数据库"),
    ("MOBILE", "移动指挥接入服务器", "接入"),
    ("VIDEO-CONF", "主会场视频终端", "终端"),
    ("MEM-VIDEO", "部视频会议终端", "终端"),
)
# both by the beginning of their names, what of what, redundancy group
BETWEEN = (
    ("OA 数据库服务器", Kind.DEPENDS_ON, "集中存储1", ""),
    ("应急值守数据库服务器", Kind.DEPENDS_ON, "集中存储2", ""),
    ("虚拟化宿主机", Kind.DEPENDS_ON, "集中存储", "存储"),
    ("备份服务器", Kind.DEPENDS_ON, "备份存储", ""),
    ("备份服务器", Kind.BACKS_UP, "OA 数据库服务器1", ""),
    ("备份服务器", Kind.BACKS_UP, "应急值守数据库服务器1", ""),
    ("OA 应用服务器", Kind.DEPENDS_ON, "接入交换机1", ""),
    ("OA 数据库服务器", Kind.DEPENDS_ON, "接入交换机2", ""),
    ("门户发布服务器", Kind.DEPENDS_ON, "接入交换机3", ""),
    ("应急值守应用服务器", Kind.DEPENDS_ON, "接入交换机4", ""),
    ("应急值守数据库服务器", Kind.DEPENDS_ON, "接入交换机4", ""),
    ("移动指挥接入服务器", Kind.DEPENDS_ON, "接入交换机5", ""),
    ("接入交换机", Kind.DEPENDS_ON, "汇聚交换机1", "上联"),
    ("接入交换机", Kind.DEPENDS_ON, "汇聚交换机2", "上联"),
    ("汇聚交换机", Kind.DEPENDS_ON, "核心交换机", "核心"),
    ("核心交换机1", Kind.CONNECTS, "核心交换机2", ""),
    ("核心交换机", Kind.DEPENDS_ON, "UPS 主机", "供电"),
    ("集中存储", Kind.DEPENDS_ON, "UPS 主机", "供电"),
)
# from, to (round by turns), kind, colour, port of the first, port of the second
CABLED = (
    ("OA 应用服务器", "接入交换机1", "六类网线", "blue", "eth0", "GE1/0/"),
    ("OA 数据库服务器", "接入交换机2", "六类网线", "blue", "eth0", "GE1/0/"),
    ("门户发布服务器", "接入交换机3", "六类网线", "red", "eth0", "GE1/0/"),
    ("应急值守", "接入交换机4", "六类网线", "green", "eth0", "GE1/0/"),
    ("移动指挥接入服务器", "接入交换机5", "六类网线", "grey", "eth0", "GE1/0/"),
    ("接入交换机", "汇聚交换机1", "单模光纤", "yellow", "XGE1/0/49", "XGE1/0/"),
    ("接入交换机", "汇聚交换机2", "单模光纤", "yellow", "XGE1/0/50", "XGE1/0/"),
    ("汇聚交换机", "核心交换机1", "单模光纤", "yellow", "XGE1/0/47", "XGE2/0/"),
    ("汇聚交换机", "核心交换机2", "单模光纤", "yellow", "XGE1/0/48", "XGE2/0/"),
)


def make(caller: Caller, contract: Any) -> None:
    """Once; a contract that has relations is left alone."""
    if Relation.objects.filter(contract=contract).exists():
        return
    assets = list(
        Asset.objects.filter(contract=contract, deleted_at=None).exclude(lifecycle="scrapped").order_by("name")
    )
    for values in _relations(contract, assets):
        actions.create(caller, RELATIONS, contract, values, "上线前台账整理")
    for values in _cables(assets):
        actions.create(caller, CABLES, contract, values, "上线前台账整理")


def _named(assets: list[Asset], start: str) -> list[Asset]:
    return [asset for asset in assets if asset.name.startswith(start)]


def _relations(contract: Any, assets: list[Asset]) -> Iterator[dict[str, Any]]:
    systems = {system.code: system for system in common.systems(contract)}
    for code, start, group in SYSTEMS:
        for asset in _named(assets, start) if code in systems else ():
            yield {"system": systems[code], "kind": Kind.DEPENDS_ON, "to": asset, "group": group}
    for first, kind, second, group in BETWEEN:
        for asset in _named(assets, first):
            for to in _named(assets, second):
                if asset != to:
                    yield {"asset": asset, "kind": kind, "to": to, "group": group}


def _cables(assets: list[Asset]) -> Iterator[dict[str, Any]]:
    number = 0
    ports: dict[str, int] = {}
    for first, second, kind, colour, a_port, z_port in CABLED:
        for asset in _named(assets, first):
            for to in _named(assets, second):
                number += 1
                ports[to.code] = ports.get(to.code, 0) + 1
                yield {
                    "code": f"XL-{number:04}",
                    "kind": kind,
                    "colour": colour,
                    "a_asset": asset,
                    "a_port": a_port,
                    "z_asset": to,
                    "z_port": f"{z_port}{ports[to.code]}",
                }
