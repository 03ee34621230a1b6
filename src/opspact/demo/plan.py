"""What happens in the simulated year: drawn once from a fixed seed, so that every installation has the same year.

Pure. Instants are aware datetimes; wall-clock times below are Asia/Shanghai. The year has what the figures must cope
with: short and long outages, maintenance kept, overrun and approved too late, an exemption, blind collectors, a month
in which a system misses its objective and one in which nobody can tell.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from opspact.core.states import Observed
from opspact.demo.systems import C1, TARGETS, DemoTarget

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = dt.timedelta(minutes=1)


def at(text: str) -> dt.datetime:
    """`2022-09-17 22:00` on the wall clock in Beijing, as UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(dt.UTC)


@dataclass(frozen=True)
class Spell:
    """A time in which one check was not simply up, and what the incident about it says."""

    key: str
    start: dt.datetime
    end: dt.datetime
    seen: Observed
    cause: str = ""
    resolution: str = ""
    domain: str = "vendor"
    discipline: str = "network"
    is_major: bool = False


@dataclass(frozen=True)
class Grant:
    """Time that the client took out of the reckoning, for a system."""

    system: str
    kind: str
    start: dt.datetime
    end: dt.datetime
    asked: dt.datetime
    approved: dt.datetime | None
    reason: str
    clause: str = ""


# cause, resolution, who is responsible, discipline
_BY_KIND = {
    "http": (
        ("应用线程耗尽，页面无响应", "重启应用服务并调大线程池", "application", "host"),
        ("中间件内存溢出", "重启中间件，堆内存调至 8 GB", "vendor", "host"),
        ("磁盘写满，日志未轮转", "清理日志并配置轮转", "vendor", "host"),
        ("发布新版本失败", "回退到上一版本", "application", "host"),
    ),
    "tcp": (
        ("数据库归档空间写满", "清理归档并扩容", "vendor", "system"),
        ("监听进程异常退出", "重启监听，补丁已列入计划", "vendor", "system"),
        ("虚拟机所在宿主机重启", "云运营方恢复宿主机", "cloud", "host"),
    ),
    "icmp": (
        ("运营商光缆抖动", "运营商切换备用路由", "carrier", "network"),
        ("接入交换机端口错包", "更换光模块", "vendor", "network"),
        ("末端设备掉电", "协调现场恢复供电", "client", "network"),
        ("路由策略下发错误", "回退策略", "vendor", "network"),
    ),
    "tls": (("证书链不完整", "补全中间证书", "vendor", "terminal"),),
}

# Minutes; most outages are short, some are not.
_LENGTHS = (6, 8, 9, 12, 14, 18, 22, 27, 35, 48, 65, 90, 140, 220)


def drawn(start: dt.datetime, end: dt.datetime) -> Iterator[Spell]:
    """One to three outages and a few slow spells for each check, at most one in any ten days."""
    for target in TARGETS:
        draw = random.Random(f"opspact {target.key}")  # noqa: S311  (a simulation, not a secret)
        days = range(4, (end - start).days - 4, 10)
        for day in sorted(draw.sample(days, draw.randint(1, 3))):
            moment = start + dt.timedelta(days=day, minutes=draw.randint(0, 9 * 1440), seconds=draw.randint(0, 59))
            cause, resolution, domain, discipline = draw.choice(_BY_KIND[target.kind])
            length = dt.timedelta(minutes=draw.choice(_LENGTHS), seconds=draw.randint(0, 59))
            yield Spell(target.key, moment, moment + length, Observed.DOWN, cause, resolution, domain, discipline)
        if target.kind == "http":
            for _ in range(3):
                moment = start + dt.timedelta(days=draw.randint(5, 350), minutes=draw.randint(480, 1080))
                yield Spell(target.key, moment, moment + draw.randint(15, 90) * MINUTE, Observed.DEGRADED)


def _whole_room_blind(site: str, start: str, end: str) -> Iterator[Spell]:
    for target in TARGETS:
        if target.site == site:
            yield Spell(target.key, at(start), at(end), Observed.UNKNOWN)


def scripted() -> Iterator[Spell]:
    """The spells that the story needs."""
    down = Observed.DOWN
    # A month missed: the ministry's video line is cut for 58 hours in January 2023 (93% of 744 h allow 52 h 05 min).
    yield Spell(
        "MV-LINE/icmp", at("2023-01-09 03:20"), at("2023-01-11 13:20"), down,
        "道路施工挖断光缆，备用路由未割接", "运营商熔接恢复，并完成备用路由割接", "carrier", "network",
    )  # fmt: skip
    # An exemption: both forest-video lines go with the same flood, which the client accepts as force majeure.
    for key in ("FV-LINE-1/icmp", "FV-LINE-2/icmp"):
        yield Spell(
            key, at("2022-08-18 14:05"), at("2022-08-20 20:35"), down,
            "山洪冲毁杆路", "运营商抢修恢复", "carrier", "network",
        )  # fmt: skip
    # The core router of the district links: the one outage of level II in the year.
    yield Spell(
        "DIST-CORE/icmp", at("2022-11-22 10:11"), at("2022-11-22 13:02"), down,
        "核心路由器主控板故障，主备切换失败", "更换主控板并升级软件，演练主备切换", "vendor", "network",
        is_major=True,
    )  # fmt: skip
    # OA: within maintenance, overrunning it, and in a window that was approved only after it had begun.
    for start, end in (
        ("2022-09-17 22:10", "2022-09-18 00:40"),
        ("2022-12-17 22:05", "2022-12-18 03:10"),
        ("2023-03-18 22:08", "2023-03-18 23:50"),
    ):
        yield Spell("OA-WEB/http", at(start), at(end), down, "例行补丁与版本升级", "升级完成", "vendor", "host")
    # Blind: the collector of room C1 is moved, and the month can't be decided for what it watched.
    yield from _whole_room_blind(C1, "2023-02-24 20:00", "2023-02-26 14:00")
    yield from _whole_room_blind(C1, "2022-10-15 02:00", "2022-10-15 05:20")


def granted() -> tuple[Grant, ...]:
    """Maintenance and exemptions. Approval before the start is what makes maintenance count."""
    return (
        Grant("OA", "maintenance", at("2022-09-17 22:00"), at("2022-09-18 02:00"), at("2022-09-13 10:00"),
              at("2022-09-14 09:30"), "OA 季度补丁"),
        Grant("OA", "maintenance", at("2022-12-17 22:00"), at("2022-12-18 02:00"), at("2022-12-13 10:00"),
              at("2022-12-14 16:20"), "OA 季度补丁"),
        Grant("OA", "maintenance", at("2023-03-18 22:00"), at("2023-03-19 02:00"), at("2023-03-18 21:30"),
              at("2023-03-20 09:10"), "OA 季度补丁（补批）"),
        Grant("FOREST-VIDEO", "excused", at("2022-08-18 14:05"), at("2022-08-20 20:35"), at("2022-08-22 09:00"),
              at("2022-08-25 15:00"), "山洪，不可抗力证明已提交", "10"),
    )  # fmt: skip


def spells(start: dt.datetime, end: dt.datetime) -> dict[str, list[Spell]]:
    """Everything by check, in order and without overlap: the story first, what was drawn where there is room."""
    found: dict[str, list[Spell]] = {target.key: [] for target in TARGETS}
    for spell in (*scripted(), *drawn(start, end)):
        taken = found[spell.key]
        if all(spell.end + 60 * MINUTE < other.start or other.end + 60 * MINUTE < spell.start for other in taken):
            taken.append(spell)
    return {key: sorted(entries, key=lambda spell: spell.start) for key, entries in found.items()}


def target_of(key: str) -> DemoTarget:
    return next(target for target in TARGETS if target.key == key)
