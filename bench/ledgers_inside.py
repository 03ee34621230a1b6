"""What the benchmark of ledgers does inside an installation, a command each: `python -m bench.ledgers_inside …`."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

import django

from bench.inside import fill as fill_targets
from bench.inside import migrate  # noqa: F401  (one of the commands)

SERIES = ("核心交换机", "接入交换机", "数据库服务器", "应用服务器", "视频会议终端", "防火墙", "存储阵列", "值守台电脑")
PLACES = ("指挥大厅", "一层机房", "二层机房", "值守室", "会商室", "朝阳分中心", "海淀分中心", "档案室")


def fill(count: str) -> str:
    """Contract `self` with `count` assets, addresses and relations, and a service manager's session key."""
    from opspact.contracts.models import Contract

    session = fill_targets("1")
    contract, many = Contract.objects.get(code="self"), int(count)
    assets = _assets(contract, many)
    _addresses(contract, assets)
    _relations(contract, assets)
    return f"{session} {assets[0].pk}"


def settle() -> None:
    """What autovacuum does within a minute of so many new rows; only the tables' owner may."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE assets_asset, assets_ipaddress, assets_relation, assets_prefix")


def _kept(contract: Any, **more: Any) -> dict[str, Any]:
    from django.utils import timezone

    now = timezone.now()
    return {"contract": contract, "created_at": now, "updated_at": now, **more}


def _assets(contract: Any, count: int) -> list[Any]:
    from opspact.assets.models import Asset, Category, MakeModel, Rack, Room
    from opspact.contracts.models import BusinessSystem, Site

    draw = random.Random("ledgers")
    system = BusinessSystem.objects.order_by("pk").first()
    site, _new = Site.objects.get_or_create(organisation=system.organisation, code="HQ", defaults={"name": "指挥中心"})
    kinds = [Category.objects.create(code=f"C{n:02}", name=name, **_kept(contract)) for n, name in enumerate(SERIES)]
    models = [
        MakeModel.objects.create(code=f"M{n:03}", make="华三", name=f"S{n}", **_kept(contract)) for n in range(200)
    ]
    room = Room.objects.create(code="R1", name="一号机房", site=site, **_kept(contract))
    racks = [Rack.objects.create(code=f"A{n:03}", room=room, units=42, **_kept(contract)) for n in range(200)]
    made = []
    for n in range(count):
        which, place = draw.randrange(len(SERIES)), draw.choice(PLACES)
        name, code, serial = f"{place}{SERIES[which]}{n}", f"SV-2026-{n:06}", f"SN{n:08}"
        values = {"room": room, "rack": racks[n % 200], "site": site, "system": system, "owner": f"王{n % 500}"}
        more = {"category": kinds[which], "model": models[n % 200], "serial_no": serial, "lifecycle": "in_use"}
        search = f"{code} {name} {serial} 王{n % 500}"
        made.append(Asset(code=code, name=name, search=search, **values, **more, **_kept(contract)))
    return Asset.objects.bulk_create(made, batch_size=2000)


def _addresses(contract: Any, assets: list[Any]) -> None:
    """The first /16 is full but for its last address."""
    from opspact.assets.models import IpAddress, Prefix

    prefixes = [
        Prefix.objects.create(code=f"10.{n}.0.0/16", prefix=f"10.{n}.0.0/16", **_kept(contract)) for n in (1, 2)
    ]
    made = []
    for n, asset in enumerate(assets, start=1):
        which, within = (0, n) if n < 65534 else (1, n - 65533)
        ip = f"10.{which + 1}.{within // 256}.{within % 256}"
        more = {"prefix": prefixes[which], "asset": asset, "search": f"{ip} 值守终端 {asset.name}"}
        made.append(IpAddress(code=ip, ip=ip, **more, **_kept(contract)))
    IpAddress.objects.bulk_create(made, batch_size=2000)


def _relations(contract: Any, assets: list[Any]) -> None:
    """A forest: each asset depends on another, ten of them on the same, in circles of a thousand assets."""
    from opspact.assets.models import Relation

    made = [
        Relation(
            code=f"L{n:06}", kind="depends_on", asset=asset, to=assets[n - n % 1000 + n % 1000 // 10], **_kept(contract)
        )
        for n, asset in enumerate(assets)
        if n % 1000
    ]
    Relation.objects.bulk_create(made, batch_size=2000)


def book(path: str, count: str) -> None:
    """A workbook of `count` new assets as people have it: a title row, dates as text, numbers as numbers."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("资产台账")
        sheet.write_row(0, 0, ["2026 年资产台账"])
        head = ["资产编码", "资产名称", "资产类别", "型号", "序列号", "使用状态", "管理IP", "机房", "部门", "责任人"]
        sheet.write_row(1, 0, [*head, "启用日期", "维保到期", "原值", "配置", "备注"])
        for n in range(int(count)):
            place, kind = PLACES[n % len(PLACES)], SERIES[n % len(SERIES)]
            start = [f"NEW-{n:06}", f"{place}{kind}新{n}", kind, f"S{n % 200}", f"NEW{n:08}", "在用"]
            rest = [f"10.9.{n // 250 % 250}.{n % 250 + 1}", "R1", "信息中心", f"李{n % 300}", "2022.7.6"]
            sheet.write_row(n + 2, 0, [*start, *rest, "2025年7月6日", 12500.5, "双路 64G", "批量登记"])


def bring(path: str) -> str:
    """Import the workbook; seconds of reading to the preview and of writing, and how many records are new."""
    from django.utils import timezone

    from opspact.assets.ledgers.asset import ASSETS
    from opspact.contracts.models import Contract
    from opspact.kit.actions import Caller
    from opspact.kit.ledgers import imports

    caller, contract = Caller.system(now=timezone.now()), Contract.objects.get(code="self")
    started = time.perf_counter()
    content = Path(path).read_bytes()
    batch = imports.upload(caller, ASSETS, contract, content=content, name="book.xlsx", clears=False)
    imports.read(batch, ASSETS, contract)
    read = time.perf_counter()
    batch.refresh_from_db()
    counts = imports.apply(caller, ASSETS, contract, batch, only_good=False)
    return f"{read - started:.1f} {time.perf_counter() - read:.1f} {counts.get('new', 0)}"


def free(times: str) -> str:
    """Milliseconds to find the next free address of the full /16, the median; and the address."""
    from opspact.assets.ipam import free as finder
    from opspact.assets.models import Prefix

    prefix = Prefix.objects.get(code="10.1.0.0/16")
    return _median(int(times), lambda: finder.addresses(prefix)[0])


def impact(asset: str, times: str) -> str:
    """Milliseconds to say who suffers when an asset stops, the median; and how many do."""
    from django.utils import timezone

    from opspact.assets.impact import answers, subjects
    from opspact.assets.models import Asset
    from opspact.contracts.models import Contract

    subject, contract = subjects.of_asset(Asset.objects.get(pk=asset)), Contract.objects.get(code="self")
    return _median(int(times), lambda: len(answers.suffering(contract, subject, timezone.now()).things))


def _median(times: int, do: Any) -> str:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        found = do()
        taken.append(time.perf_counter() - started)
    return f"{sorted(taken)[times // 2] * 1000:.2f} {found}"


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    django.setup()
    answer = globals()[command](*arguments)
    if answer:
        print(answer)
