"""The incidents of the simulated year: one for each outage, and what the client's people called about."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import partial

from opspact.contracts.models import Contract
from opspact.core.states import Observed
from opspact.demo.plan import MINUTE, Spell, at, granted, target_of
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.monitoring.models import Alert, Check
from opspact.servicedesk.actions import (
    assign,
    close,
    comment,
    open_incident,
    pause,
    report,
    resolve,
    restore,
    resume,
    take,
)
from opspact.servicedesk.models import Incident

_ENGINEERS = {"network": "net", "host": "host", "system": "dba", "terminal": "terminal"}

# title, symptom, cause, resolution, discipline, hours until it is solved
_CALLS = (
    ("办公电脑无法开机", "按电源键无反应", "电源适配器损坏", "更换适配器", "terminal", 1.5),
    ("打印机卡纸频繁", "五层文印室", "搓纸轮老化", "更换搓纸轮", "terminal", 3.0),
    ("OA 登录后公文打不开", "提示插件未安装", "浏览器升级后插件失效", "重装插件并下发说明", "terminal", 2.0),
    ("会议室视频无声音", "应急指挥室点名联调", "音频线松动", "重新接线并测试", "terminal", 0.7),
    ("应急终端通讯录缺人", "新到岗人员未同步", "通讯录未更新", "更新通讯录并下发", "terminal", 4.0),
    ("邮箱无法收信", "提示空间已满", "邮箱配额用尽", "扩容并归档", "terminal", 1.0),
    ("楼层网络时断时续", "三层东侧", "接入交换机端口协商异常", "更换网线并固定速率", "network", 5.0),
    ("共享文件夹无权限", "人事处新建账号", "未加入组", "加入用户组", "host", 1.2),
    ("数字证书即将到期", "值守专用证书", "证书到期", "更新证书", "terminal", 20.0),
)


def build_incidents(
    contract: Contract, people: dict[str, User], checks: dict[str, Check], happened: dict[str, list[Spell]]
) -> None:
    """Play the year in its order through the service desk's own actions, each at its simulated moment."""
    outages = [spell for entries in happened.values() for spell in entries if spell.seen is Observed.DOWN]
    story: list[tuple[dt.datetime, Callable[[], None]]] = [
        (spell.start, partial(_play_outage, contract, people, checks[spell.key], spell)) for spell in outages
    ]
    story += [
        (moment, partial(_play_call, contract, people, moment, *_CALLS[number % len(_CALLS)]))
        for number, moment in enumerate(_call_times(contract))
    ]
    for _, play in sorted(story, key=lambda entry: entry[0]):
        play()


def _play_outage(contract: Contract, people: dict[str, User], check: Check, spell: Spell) -> None:
    incident = None if _is_in_approved_maintenance(spell) else _from_outage(contract, people, spell)
    Alert.objects.create(
        contract=contract,
        checked=check,
        is_suppressed=incident is None,
        opened_at=spell.start,
        confirmed_at=spell.start + 2 * MINUTE,
        resolved_at=spell.end,
        detail="timeout",
        incident=incident,
    )


def _is_in_approved_maintenance(spell: Spell) -> bool:
    system = target_of(spell.key).system
    return any(
        grant.system == system
        and grant.kind == "maintenance"
        and grant.start <= spell.start < grant.end
        and grant.approved is not None
        and grant.approved <= grant.start
        for grant in granted()
    )


def _from_outage(contract: Contract, people: dict[str, User], spell: Spell) -> Incident:
    target = target_of(spell.key)
    draw = random.Random(f"handling {spell.key} {spell.start}")  # noqa: S311  (a simulation, not a secret)
    confirmed = spell.start + 2 * MINUTE
    engineer = people[_ENGINEERS[spell.discipline]]
    system = contract.scope_items.filter(system__code=target.system).first()
    incident = open_incident(
        Caller.system(now=confirmed, via="collector"),
        contract,
        title=f"{target.name} 中断",
        symptom=f"{spell.key} 连续 3 次探测失败，自 {spell.start.astimezone():%Y-%m-%d %H:%M} 起。",
        source=Incident.Source.MONITORING,
        system=system.system if system else None,
        impact="global" if spell.is_major else "department",
        urgency="medium",
        occurred_at=spell.start,
    )
    at_work = confirmed + draw.randint(3, 14) * MINUTE
    take(Caller(engineer, at_work, "page"), incident)
    back = max(spell.end, at_work + MINUTE)
    if spell.is_major:
        report(Caller(people["manager"], at_work + 5 * MINUTE, "page"), incident, form="first", to="甲方主管")
    if spell.domain == "carrier" and back - at_work > 30 * MINUTE:
        comment(Caller(engineer, at_work + 10 * MINUTE, "page"), incident, text="已向运营商报障，等待其派单处理。")
    restore(Caller(engineer, back, "page"), incident, text="监控确认恢复。")
    done = back + draw.randint(10, 120) * MINUTE
    resolve(
        Caller(engineer, done, "page"),
        incident,
        cause=spell.cause,
        resolution=spell.resolution,
        cause_domain=spell.domain,
    )
    closed = done + draw.randint(2, 20) * 60 * MINUTE
    close(Caller(people["manager"], closed, "page"), incident)
    if spell.is_major:
        report(Caller(people["manager"], closed + 30 * MINUTE, "page"), incident, form="written", to="甲方主管")
    return incident


def _call_times(contract: Contract) -> list[dt.datetime]:
    """Two or three office hours a month."""
    draw = random.Random("calls")  # noqa: S311  (a simulation, not a secret)
    times = []
    day = at("2022-07-08 00:00")
    while day < contract.ends_at - dt.timedelta(days=4):
        times.append(day + draw.choice((9, 10, 14, 15, 16)) * 60 * MINUTE + draw.randint(0, 59) * MINUTE)
        day += dt.timedelta(days=draw.choice((10, 14, 18)))
    return times


def _play_call(
    contract: Contract,
    people: dict[str, User],
    moment: dt.datetime,
    title: str,
    symptom: str,
    cause: str,
    resolution: str,
    discipline: str,
    hours: float,
) -> None:
    desk, engineer = people["desk"], people[_ENGINEERS[discipline]]
    incident = open_incident(
        Caller(desk, moment, "page"),
        contract,
        title=title,
        symptom=symptom,
        source=Incident.Source.PHONE,
        impact="individual",
        urgency="medium",
        caller_name="综合处",
    )
    assign(Caller(desk, moment + 4 * MINUTE, "page"), incident, to=engineer, discipline=discipline)
    take(Caller(engineer, moment + 15 * MINUTE, "page"), incident)
    done = moment + dt.timedelta(hours=hours)
    if hours > 10:
        pause(Caller(engineer, moment + 40 * MINUTE, "page"), incident, reason="third_party", text="等待证书签发机构。")
        resume(Caller(engineer, done - 30 * MINUTE, "page"), incident)
    resolve(Caller(engineer, done, "page"), incident, cause=cause, resolution=resolution, cause_domain="vendor")
    close(Caller(desk, done + 90 * MINUTE, "page"), incident, text="电话回访，用户确认。")
