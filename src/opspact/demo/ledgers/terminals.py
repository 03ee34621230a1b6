"""Terminals of the command centre: mobile ones with their address books, PCs, loans and repairs in the year."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from opspact.assets.actions.address_books import set_entries
from opspact.assets.actions.loans import lend, mend, take_back
from opspact.assets.address_books import Entry
from opspact.assets.ledgers.loans import REPAIRS
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS, TERMINALS
from opspact.assets.models import AddressBook, Loan, Terminal
from opspact.contracts.models import Contract
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

DEPARTMENTS = ("指挥调度处", "值班室", "信息通信处", "综合办公室", "应急保障处", "新闻宣传处")
_SURNAMES, _GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡",
    ("伟", "娜", "敏", "强", "磊", "静", "洋", "艳", "勇", "杰", "涛", "明"),
)
_MOBILES = (
    ("华为 Mate 50 应急版", "麒麟系统 8 GB/256 GB", "应急指挥 APP 3.2；加密通话 2.1"),
    ("天通一号卫星电话", "双模 卫星/4G", "固件 1.8"),
    ("鼎桥宽带集群终端", "1.4 GHz 集群", "集群客户端 5.0"),
)
_PCS = (
    ("联想 ThinkCentre M930", "i5 16 GB/512 GB", "银河麒麟 V10；WPS"),
    ("清华同方超越 E500", "飞腾 16 GB/512 GB", "统信 UOS 20"),
)
MOBILES, PCS, PERIPHERALS, SPARES = 40, 14, 6, 6
_BOOKS = ((5, 40), (95, 43), (185, 45), (275, 48))
"""Days into the term on which a version was issued, and its number of entries."""
_REPAIRS = (
    (30, "屏幕碎裂", "更换屏幕总成", 26),
    (77, "无法注册集群网", "重写号码并更新固件", 5),
    (140, "电池鼓包", "更换电池", 30),
    (221, "扬声器无声", "更换扬声器", 22),
    (290, "充电口松动", "更换尾插", 8),
)
"""Day of the term, symptom, what was done, hours until it was mended."""
_LOANS = (
    (12, "防汛应急演练", 5, 4),
    (60, "重大活动保障", 7, 7),
    (150, "森林防火巡查", 10, 13),
    (240, "区级联合演练", 3, 3),
)


def make(caller: Caller, contract: Contract) -> None:
    """Once; a contract that has terminals is left alone."""
    if Terminal.objects.filter(contract=contract).exists():
        return
    draw = random.Random("opspact terminals")  # noqa: S311  (a simulation, not a secret)
    books = [_book(caller, contract, number) for number in range(len(_BOOKS))]
    mobiles = [_mobile(caller, contract, draw, books, number) for number in range(MOBILES)]
    for number in range(PCS + PERIPHERALS):
        _fixed(caller, contract, draw, number)
    _repairs(caller, contract, mobiles)
    _loans(caller, contract, draw, mobiles[-SPARES:])


def _at(contract: Contract, day: int, hour: int) -> dt.datetime:
    """A local hour on a day of the term, UTC; never after its end."""
    moment = contract.starts_at + dt.timedelta(days=day, hours=hour)
    return min(moment, contract.ends_at - dt.timedelta(hours=1))


def _then(caller: Caller, moment: dt.datetime) -> Caller:
    """The same caller at a moment of the simulated year."""
    return Caller(caller.user, moment, caller.via)


def _person(number: int) -> str:
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]


def _book(caller: Caller, contract: Contract, number: int) -> AddressBook:
    day, size = _BOOKS[number]
    issued = _at(contract, day, 9)
    values = {"code": f"V{issued:%Y.%m}", "issued_on": issued.date(), "remark": "季度更新（演示数据）"}
    book = actions.create(caller, ADDRESS_BOOKS, contract, values)
    # Some people leave with each version, some change their number, new ones come at the end.
    people = [each for each in range(size) if (each + 1) % 17 or each > 17 * number]
    entries = [
        Entry(
            name=_person(each),
            department=DEPARTMENTS[(each + (number if each % 13 == 0 else 0)) % len(DEPARTMENTS)],
            numbers=[f"010-5555{1000 + each + (number * 100 if each % 11 == 0 else 0)}"],
        )
        for each in people
    ]
    return set_entries(caller, book, entries=entries)


def _mobile(caller: Caller, contract: Contract, draw: random.Random, books: list[AddressBook], number: int) -> Terminal:
    name, hardware, software = _MOBILES[number % len(_MOBILES)]
    is_spare = number >= MOBILES - SPARES
    book = books[-1] if draw.random() < 0.8 else books[-2]
    values = {
        "kind": Terminal.Kind.MOBILE,
        "name": name,
        "hardware": hardware,
        "software": software,
        "serial_no": f"DEMO{number:06}",
        "call_no": f"应急{number + 1:03}",
        "user": "" if is_spare else _person(number),
        "department": "" if is_spare else DEPARTMENTS[number % len(DEPARTMENTS)],
        "usage": Terminal.Usage.SPARE if is_spare else Terminal.Usage.IN_USE,
        "address_book": book,
        "address_book_on": book.issued_on + dt.timedelta(days=draw.randint(1, 9)),
        "in_service_on": contract.starts_at.date() - dt.timedelta(days=400),
        "last_inspected_on": _at(contract, 340 + number % 20, 10).date(),
    }
    return actions.create(caller, TERMINALS, contract, values)


def _fixed(caller: Caller, contract: Contract, draw: random.Random, number: int) -> None:
    is_pc = number < PCS
    name, hardware, software = _PCS[number % len(_PCS)] if is_pc else ("奔图 M7105DN 打印机", "A4 双面", "")
    values: dict[str, Any] = {
        "kind": Terminal.Kind.PC if is_pc else Terminal.Kind.PERIPHERAL,
        "name": name,
        "hardware": hardware,
        "software": software,
        "ip": f"192.0.2.{150 + number}",
        "mac": "02:00:5e:" + ":".join(f"{draw.randint(0, 255):02x}" for _ in range(3)),
        "zone": "internal" if number % 2 else "external",
        "user": _person(number + 5),
        "department": DEPARTMENTS[number % len(DEPARTMENTS)],
        "usage": Terminal.Usage.IN_USE,
        "in_service_on": contract.starts_at.date() - dt.timedelta(days=700),
    }
    actions.create(caller, TERMINALS, contract, values)


def _repairs(caller: Caller, contract: Contract, mobiles: list[Terminal]) -> None:
    for number, (day, symptom, what, hours) in enumerate(_REPAIRS):
        failed = _at(contract, day, 10)
        spare = failed + dt.timedelta(minutes=40) if hours > 8 else None
        values = {"terminal": mobiles[number * 3], "symptom": symptom, "failed_at": failed, "spare_at": spare}
        then = _then(caller, failed)
        repair = actions.create(then, REPAIRS, contract, values)
        mended = failed + dt.timedelta(hours=hours)
        mend(_then(caller, mended), repair, mended_at=mended, what=what)
    last = _at(contract, 362, 15)
    values = {"terminal": mobiles[20], "symptom": "卫星信号无法锁定", "failed_at": last}
    actions.create(_then(caller, last), REPAIRS, contract, values)


def _loans(caller: Caller, contract: Contract, draw: random.Random, spares: list[Terminal]) -> None:
    for day, purpose, days, back_after in _LOANS:
        taken = _fresh(draw.sample(spares, 3))
        loans = _lend(caller, contract, draw, taken, day, purpose, days)
        back = _then(caller, _at(contract, day + back_after, 17))
        take_back(back, contract, loans=loans, condition="完好，配件齐全", signature=_signature(draw))
    _lend(caller, contract, draw, _fresh(spares[:2]), 350, "汛期值守加强", 7)
    _lend(caller, contract, draw, _fresh(spares[2:3]), 358, "外出保障", 30, on_paper=True)


def _lend(
    caller: Caller,
    contract: Contract,
    draw: random.Random,
    terminals: list[Terminal],
    day: int,
    purpose: str,
    days: int,
    *,
    on_paper: bool = False,
) -> list[Loan]:
    moment = _at(contract, day, 9)
    return lend(
        _then(caller, moment),
        contract,
        terminals=terminals,
        borrower=_person(day),
        department=DEPARTMENTS[day % len(DEPARTMENTS)],
        purpose=purpose,
        due_on=(moment + dt.timedelta(days=days)).date(),
        signature="" if on_paper else _signature(draw),
    )


def _fresh(terminals: list[Terminal]) -> list[Terminal]:
    return list(Terminal.objects.filter(pk__in=[terminal.pk for terminal in terminals]).order_by("pk"))


def _signature(draw: random.Random) -> str:
    """Three strokes of somebody in a hurry."""
    strokes = []
    for start in (60, 150, 240):
        x, y = start, draw.randint(50, 90)
        points = []
        for _step in range(14):
            points.append(f"{x} {y}")
            x, y = x + draw.randint(2, 9), min(140, max(10, y + draw.randint(-22, 22)))
        strokes.append("M" + "L".join(points))
    return "".join(strokes)
