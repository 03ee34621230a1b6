"""The simulated assets of the contract: what an emergency command centre's two machine rooms hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils.timezone import localtime

from opspact.assets.actions import lifecycle
from opspact.assets.actions.categories import add_field
from opspact.assets.ledgers import common
from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.assets.models import Asset, Category, CategoryField, MakeModel, Rack
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

Kind = CategoryField.Kind
OWNERS = ("王建国", "李晓东", "赵敏", "陈志强")
DEPARTMENTS = ("信息化处", "应急指挥处", "值班调度室", "综合保障处")


@dataclass(frozen=True)
class Sort:
    """A category, its fields as (label, kind, choices, must be filled), its models as (make, model, U, W)."""

    code: str
    name: str
    abbreviation: str
    fields: tuple[tuple[str, str, tuple[str, ...], bool], ...]
    models: tuple[tuple[str, str, int, int], ...]
    things: tuple[tuple[str, str, int], ...]
    """Names, the business system's code, how many."""
    values: dict[str, tuple[Any, ...]] = field(default_factory=dict)


SORTS = (
    Sort(
        "SRV",
        "服务器",
        "SV",
        (
            ("CPU 核数", Kind.WHOLE, (), False),
            ("内存（GB）", Kind.WHOLE, (), True),
            ("磁盘类型", Kind.CHOICE, ("SSD", "SAS", "SATA"), False),
            ("双电源", Kind.YES_NO, (), False),
        ),
        (("华为", "RH2288H V3", 2, 750), ("浪潮", "NF5280M5", 2, 800), ("新华三", "R4900 G3", 2, 800)),
        (
            ("OA 应用服务器", "OA", 3),
            ("OA 数据库服务器", "OA", 2),
            ("门户发布服务器", "WEBSITE", 3),
            ("应急值守应用服务器", "DUTY", 3),
            ("应急值守数据库服务器", "DUTY", 2),
            ("移动指挥接入服务器", "MOBILE", 2),
            ("虚拟化宿主机", "", 6),
            ("备份服务器", "", 1),
        ),
        {
            "CPU 核数": (16, 24, 32, 48),
            "内存（GB）": (64, 128, 256),
            "磁盘类型": ("SSD", "SAS"),
            "双电源": (True, True, False),
        },
    ),
    Sort(
        "SW",
        "交换机",
        "SW",
        (("端口数量", Kind.WHOLE, (), False), ("软件版本", Kind.TEXT, (), False)),
        (("华为", "S5720-52X", 1, 90), ("新华三", "S5560X-54C", 1, 110), ("华为", "S7706", 10, 1600)),
        (("核心交换机", "", 2), ("汇聚交换机", "", 4), ("接入交换机", "", 8)),
        {"端口数量": (28, 52, 54), "软件版本": ("V200R011C10", "V200R019C00", "R6318P01")},
    ),
    Sort(
        "SEC",
        "安全设备",
        "SE",
        (("特征库更新日期", Kind.DAY, (), False), ("许可到期", Kind.DAY, (), False)),
        (("天融信", "NGFW4000-UF", 2, 250), ("启明星辰", "天清入侵防御 NIPS3060", 2, 300)),
        (("外网防火墙", "WEBSITE", 2), ("内网边界防火墙", "", 2), ("入侵防御", "WEBSITE", 1), ("日志审计", "", 1)),
        {"特征库更新日期": (date(2026, 6, 30), date(2026, 7, 1)), "许可到期": (date(2026, 12, 31), date(2027, 6, 30))},
    ),
    Sort(
        "STO",
        "存储设备",
        "ST",
        (("可用容量（TB）", Kind.AMOUNT, (), True),),
        (("华为", "OceanStor 5300 V5", 4, 900), ("浪潮", "AS5300G5", 4, 850)),
        (("集中存储", "", 2), ("备份存储", "", 1)),
        {"可用容量（TB）": ("38.5", "76.8", "120")},
    ),
    Sort(
        "PWR",
        "动力环境",
        "PW",
        (("额定容量（kVA）", Kind.AMOUNT, (), False), ("蓄电池更换日期", Kind.DAY, (), False)),
        (
            ("艾默生", "Liebert EXS 40kVA", 0, 0),
            ("施耐德", "Galaxy 300 30kVA", 0, 0),
            ("维谛", "Liebert PEX4 60", 0, 0),
        ),
        (("UPS 主机", "", 2), ("精密空调", "", 2)),
        {"额定容量（kVA）": ("30", "40"), "蓄电池更换日期": (date(2024, 5, 20), date(2025, 3, 11))},
    ),
    Sort(
        "VC",
        "视频会议终端",
        "VC",
        (("分辨率", Kind.CHOICE, ("1080p", "4K"), False),),
        (("华为", "TE60", 1, 80), ("小鱼易连", "ME90", 1, 60)),
        (("主会场视频终端", "VIDEO-CONF", 2), ("部视频会议终端", "MEM-VIDEO", 2)),
        {"分辨率": ("1080p", "4K")},
    ),
)
SPECIAL = {"OA 应用服务器3": "repair", "接入交换机8": "spare", "接入交换机7": "spare", "虚拟化宿主机6": "idle"}
"""Names with their numbers, of those that are not in use."""
LAST_MODEL = ("核心交换机", "精密空调")
"""What is none of the first two makes of its category."""
SCRAPPED = "汇聚交换机4"
"""For this one the client was asked."""


def make(caller: Caller, contract: Any) -> None:
    """Categories with fields, makes and models, and the assets; nothing when there are any."""
    if Asset.objects.filter(contract=contract).exists():
        return
    chance, places = Random(2022), Places(contract)  # noqa: S311 - the same world every time
    for sort in SORTS:
        category, names = _category(caller, contract, sort)
        models = [_model(caller, contract, category, *each) for each in sort.models]
        for name, system, how_many in sort.things:
            for number in range(1, how_many + 1):
                model = models[-1] if name in LAST_MODEL else chance.choice(models[:2])
                values = {
                    "category": category,
                    "name": f"{name}{number}" if how_many > 1 else name,
                    "model": model,
                    **_facts(caller, contract, chance, system),
                    **_own(chance, sort, names, name),
                    **(places.stand(model.units) if model.units else {"site": places.site}),
                }
                values["lifecycle"] = SPECIAL.get(values["name"], "in_use")
                actions.create(caller, ASSETS, contract, values, "上线前台账整理")
    old = Asset.objects.get(contract=contract, name=SCRAPPED)
    lifecycle.take(caller, contract, assets=[old], to="scrapped", reason="主控板故障，原厂已停产，无备件可换")


def _own(chance: Random, sort: Sort, names: dict[str, str], name: str) -> dict[str, Any]:
    """Values of the category's fields; an air conditioner has no battery and no rating in kVA."""
    drawn = {names[label]: chance.choice(among) for label, among in sort.values.items()}
    return {} if name == "精密空调" else drawn


def _category(caller: Caller, contract: Any, sort: Sort) -> tuple[Category, dict[str, str]]:
    values = {"code": sort.code, "name": sort.name, "abbreviation": sort.abbreviation}
    category = Category.objects.filter(contract=contract, code=sort.code).first()
    category = category or actions.create(caller, CATEGORIES, contract, values)
    names = {}
    for label, kind, options, is_required in sort.fields:
        made = add_field(caller, category, label=label, kind=kind, options=options, is_required=is_required)
        names[label] = f"extra.{made.name}"
    return category, names


def _model(
    caller: Caller, contract: Any, category: Category, maker: str, name: str, units: int, watts: int
) -> MakeModel:
    known: MakeModel | None = MakeModel.objects.filter(contract=contract, make=maker, name=name).first()
    if known is not None:
        return known
    code = f"{category.code}-{MakeModel.objects.filter(contract=contract, category=category).count() + 1:02}"
    values = {"code": code, "make": maker, "name": name, "category": category, "units": units}
    made: MakeModel = actions.create(caller, MAKE_MODELS, contract, values | {"power_w": watts or None})
    return made


def _facts(caller: Caller, contract: Any, chance: Random, system: str) -> dict[str, Any]:
    today = localtime(caller.now).date()
    since = date(2019, 3, 1) + timedelta(days=chance.randrange(1200))
    return {
        "system": common.systems(contract).filter(code=system).first() if system else None,
        "zone": "external" if system == "WEBSITE" else "internal",
        "department": chance.choice(DEPARTMENTS),
        "owner": chance.choice(OWNERS),
        "in_service_on": since,
        "purchased_on": since - timedelta(days=60),
        "warranty_end": today + timedelta(days=chance.choice((-400, -35, 12, 41, 83, 300, 700))),
        "mlps_level": 3 if system in ("WEBSITE", "DUTY", "OA") else None,
        "value": f"{chance.randrange(8_000, 180_000, 500)}.00",
        "serial_no": f"21{chance.randrange(10**9, 10**10)}",
    }


class Places:
    """Free units in the racks of the contract, from the bottom up, a unit of air between."""

    def __init__(self, contract: Any) -> None:
        self.free = [(rack, 3) for rack in Rack.objects.filter(contract=contract, deleted_at=None).order_by("code")]
        self.site = common.sites(contract).first()

    def stand(self, units: int) -> dict[str, Any]:
        for place, (rack, unit) in enumerate(self.free):
            if unit + units - 1 <= rack.units:
                self.free[place] = (rack, unit + units + 1)
                self.free.append(self.free.pop(place))
                return {"rack": rack, "u_pos": unit, "units": units}
        return {"site": self.site}
