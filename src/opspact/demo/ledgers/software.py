"""Licences, software, cloud resources on their way, databases, accounts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from opspact.assets.ledgers.software import CLOUDS, DATABASES, INSTALLATIONS, LICENCES, MAILBOXES
from opspact.assets.models import Asset
from opspact.contracts.models import BusinessSystem
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.ledger import Ledger

# name, maker, seats, days until it ends
_LICENCES = (
    ("银河麒麟服务器操作系统 V10", "麒麟软件", 40, None),
    ("达梦数据库管理系统 V8", "达梦", 4, None),
    ("东方通应用服务器 TongWeb V7", "东方通", 6, 45),
    ("奇安信天擎终端安全", "奇安信", 300, 200),
    ("WPS Office 专业版", "金山办公", 2, None),
)
# name, kind, maker's kind of thing, days since it was requested, state, days of its steps after that
_CLOUDS = (
    ("值守系统前置机", "云主机", "4 vCPU / 16 GB / 200 GB", 120, "initialised", (3, 9, 12)),
    ("门户网站负载均衡", "负载均衡", "双节点", 90, "initialised", (2, 6, 7)),
    ("应急移动指挥数据库", "云数据库", "8 vCPU / 32 GB", 21, "accepted", (4,)),
    ("日志归档存储", "对象存储", "5 TB", 3, "requested", ()),
    ("测试环境主机", "云主机", "2 vCPU / 8 GB / 100 GB", 300, "released", (5, 11, 14, 200)),
)
_DATES = ("accepted_on", "delivered_on", "initialised_on", "released_on")
_ACCOUNTS = (
    ("zhiban@bjeoc.example.cn", "mailbox", "值班室", "值守处", 700, None),
    ("wangfang@bjeoc.example.cn", "mailbox", "王芳", "综合处", 400, None),
    ("wangfang", "domain", "王芳", "综合处", 400, None),
    ("wangfang-vpn", "vpn", "王芳", "综合处", 120, None),
    ("liqiang@bjeoc.example.cn", "mailbox", "李强", "通信处", 900, 60),
    ("liqiang", "domain", "李强", "通信处", 900, None),
)


def make(caller: Caller, contract: Any) -> None:
    """Nothing where there are records already."""
    if LICENCES.model._default_manager.filter(contract=contract).exists():
        return
    today = localdate(caller.now)
    servers = Asset.objects.filter(contract=contract, deleted_at=None, name__contains="服务器", system__isnull=False)
    databases = list(
        servers.filter(name__contains="数据库")
        .select_related("system")
        .order_by("system_id", "code")
        .distinct("system_id")[:2]
    )
    others = servers.exclude(name__contains="数据库").select_related("system").order_by("code")[:4]
    assets = [*databases, *others]
    systems = list(BusinessSystem.objects.filter(scope_items__contract=contract).distinct().order_by("code")[:6])
    licences = [
        _add(caller, LICENCES, contract, name=name, vendor=vendor, seats=seats, ends_on=_in(today, days))
        for name, vendor, seats, days in _LICENCES
    ]
    _make_clouds(caller, contract, today, systems)
    for number, asset in enumerate(assets):
        common = {"asset": asset, "system": asset.system, "keeper": "主机工程师"}
        day = today - timedelta(days=20 + 15 * number)
        _add(
            caller, INSTALLATIONS, contract, kind="os", name="银河麒麟", version_text="V10 SP3", licence=licences[0],
            patched_on=day, **common,
        )  # fmt: skip
        if asset not in databases and number < 5:
            _add(
                caller, INSTALLATIONS, contract, kind="application", name="WPS Office", version_text="2019",
                licence=licences[4], **common,
            )  # fmt: skip
        if asset in databases:
            _add(
                caller, DATABASES, contract, name=f"{asset.system.name}库", product="达梦", version_text="8.1.2",
                port=5236, mode="主备", character_set="UTF-8", **common,
            )  # fmt: skip
    for account, kind, holder, department, since, closed in _ACCOUNTS:
        values = {"issued_on": _in(today, -since), "closed_on": _in(today, -closed if closed else None)}
        _add(caller, MAILBOXES, contract, account=account, kind=kind, holder=holder, department=department, **values)


def _make_clouds(caller: Caller, contract: Any, today: date, systems: list[Any]) -> None:
    for number, (name, kind, spec, since, state, steps) in enumerate(_CLOUDS):
        asked = today - timedelta(days=since)
        days = {column: asked + timedelta(days=after) for column, after in zip(_DATES, steps, strict=False)}
        _add(
            caller, CLOUDS, contract, name=name, operator="北京市级政务云", kind=kind, spec=spec, state=state,
            requested_on=asked, wanted_on=asked + timedelta(days=15), requester="系统工程师",
            system=systems[number % len(systems)] if systems else None, **days,
        )  # fmt: skip


def _in(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _add(caller: Caller, ledger: Ledger, contract: Any, **values: Any) -> Any:
    return actions.create(caller, ledger, contract, values)
