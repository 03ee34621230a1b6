"""Spare parts with a year of movements, two of them running short."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from opspact.assets.actions import spares
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.models import Asset, SparePart
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

# name, part number, fits, unit, minimum, price, received, used, in assets of which name
_PARTS = (
    ("600 GB SAS 硬盘", "HDD-600-SAS-10K", "数据库服务器、存储", "块", 4, "1480.00", 10, 7, "数据库服务器"),
    ("冗余电源模块 750 W", "PSU-750", "机架服务器", "个", 2, "960.00", 4, 1, "应用服务器"),
    ("万兆单模光模块", "SFP-10G-LR", "核心、汇聚交换机", "个", 6, "420.00", 12, 4, "汇聚交换机"),
    ("交换机风扇盘", "FAN-S12700", "核心交换机", "个", 1, "1350.00", 1, 1, "核心交换机"),
    ("32 GB DDR4 内存", "MEM-32G-2933", "虚拟化主机", "条", 2, "890.00", 6, 2, "虚拟化宿主机"),
    ("单模光纤跳线 LC-LC 3 m", "LC-LC-3M", "各机房", "根", 20, "18.00", 60, 25, "接入交换机"),
    ("移动终端电池", "BAT-MT-01", "应急移动指挥终端", "块", 5, "260.00", 12, 3, ""),
)


def make(caller: Caller, contract: Any) -> None:
    """Nothing where there are records already."""
    if SparePart.objects.filter(contract=contract).exists():
        return
    named = Asset.objects.filter(contract=contract, deleted_at=None).order_by("code")
    for number, (name, part_no, fits, unit, minimum, price, received, used, where) in enumerate(_PARTS):
        assets = list(named.filter(name__contains=where)[:5]) if where else []
        values = {"name": name, "part_no": part_no, "fits": fits, "unit": unit, "minimum": minimum}
        part = actions.create(caller, SPARES, contract, {**values, "price": Decimal(price), "place": "备件库 A 架"})
        spares.receive(_at(caller, 300 - number), part, amount=received, reference="合同年度备件到货")
        left, day = used, 240
        while left:
            amount, day = min(left, 1 + number % 3), max(3, day - 40)
            asset = assets[(number + left) % len(assets)] if assets else None
            spares.use(
                _at(caller, day), part, amount=amount, asset=asset, reference=f"维修单 {2022100 + number * 10 + left}"
            )
            left -= amount


def _at(caller: Caller, days_ago: int) -> Caller:
    """The same person, so many days before."""
    return Caller(caller.user, caller.now - timedelta(days=days_ago), caller.via, caller.ip)
