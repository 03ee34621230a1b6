"""Terminals (终端台账) and the versions of the address book that the mobile ones carry (通讯录)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets import codes
from opspact.assets.ledgers import common
from opspact.assets.models import AddressBook, Terminal, Zone
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Address, Choice, Day, Field, Hardware, Ledger, LongText, Reference, Text
from opspact.kit.ledgers.kinds import Kind

USER, NETWORK, SERVICE = _("Holder"), _("Network"), _("Service")
PREFIXES = {Terminal.Kind.PC: "PC-", Terminal.Kind.MOBILE: "MT-", Terminal.Kind.PERIPHERAL: "PE-"}
"""What the label numbers begin with that the platform gives; four digits follow."""
USAGE, KIND = Terminal.Usage, Terminal.Kind
Problems = dict[int, list[tuple[str, Wrong]]]


class Entries(Kind):
    """The entries of a version, shown by their number; they come from a workbook of their own."""

    def text(self, value: Any) -> str:
        return str(len(value)) if value else ""


def address_books(contract: Any) -> QuerySet[AddressBook]:
    """The versions, the newest first."""
    return AddressBook.objects.filter(contract=contract, deleted_at=None).order_by("-issued_on", "-pk")


def complete(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
    """New terminals without a label number get the next one of their kind."""
    for kind, prefix in PREFIXES.items():
        nameless = [record for record in records if not record.code and record.kind == kind]
        codes.number(contract, nameless, prefix, digits=4)


def check(contract: Any, records: Sequence[Any]) -> Problems:
    """Use follows loans and repairs while they are open; only mobile terminals carry an address book."""
    problems: Problems = {}
    for position, record in enumerate(records):
        if record.address_book_id and record.kind != KIND.MOBILE:
            wrong = Wrong(N_("only emergency mobile terminals carry an address book"))
            problems.setdefault(position, []).append(("address_book", wrong))
    held = {record.pk: position for position, record in enumerate(records) if record.pk}
    for found in Terminal.objects.filter(pk__in=held).prefetch_related("repairs", "loans"):
        record = records[held[found.pk]]
        usage, opened, words = next(iter(_open(found)), (record.usage, None, ""))
        if record.usage != usage:
            problems.setdefault(held[found.pk], []).append(("usage", Wrong(words, number=opened.code)))
    return problems


def _open(terminal: Terminal) -> list[tuple[str, Any, str]]:
    """What is open of a terminal and the use that comes of it, a repair before a loan."""
    repairs = [each for each in terminal.repairs.all() if each.deleted_at is None and each.mended_at is None]
    loans = [each for each in terminal.loans.all() if each.deleted_at is None and each.returned_at is None]
    mend = N_("it is in repair (%(number)s); record there that it is mended")
    take_back = N_("it is lent (%(number)s); take it back there first")
    return [
        *((USAGE.REPAIR, each, mend) for each in repairs),
        *((USAGE.LENT, each, take_back) for each in loans),
    ]


def keeps_what_is_open(contract: Any, records: Sequence[Any]) -> Problems:
    """A terminal that is lent or in repair stays on the ledger."""
    problems: Problems = {}
    position_of = {record.pk: position for position, record in enumerate(records)}
    for found in Terminal.objects.filter(pk__in=position_of).prefetch_related("repairs", "loans"):
        for _usage, opened, words in _open(found):
            problems.setdefault(position_of[found.pk], []).append(("", Wrong(words, number=opened.code)))
    return problems


def keeps_its_terminals(contract: Any, records: Sequence[Any]) -> Problems:
    """A version that terminals hold stays on the ledger."""
    problems: Problems = {}
    for position, book in enumerate(records):
        if n := book.terminals.filter(deleted_at=None).count():
            problems[position] = [("", Wrong(N_("terminals hold version %(book)s: %(n)s"), book=book.code, n=n))]
    return problems


ADDRESS_BOOKS = Ledger(
    name="assets.addressbook",
    model=AddressBook,
    title=_("Address books"),
    one=_("Version of the address book"),
    url_name="assets:addressbook",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="notebook",
    order=63,
    searched=("code", "remark"),
    check_delete=keeps_its_terminals,
    fields=(
        common.code(_("Version"), "版本", "版本号", "通讯录版本"),
        Field("issued_on", _("Issued on"), Day(), required=True, also=("发布日期", "版本日期"), phone=True),
        Field("entries", _("Entries"), Entries(), is_written=False, sort=False, phone=True),
        common.remark(),
    ),
)

TERMINALS = Ledger(
    name="assets.terminal",
    model=Terminal,
    title=_("Terminals"),
    one=_("Terminal"),
    url_name="assets:terminal",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="phone",
    order=60,
    is_key_given=False,
    also_by=("serial_no",),
    related=("address_book",),
    searched=("code", "name", "serial_no", "ip", "call_no", "user", "department", "hardware"),
    check=check,
    check_delete=keeps_what_is_open,
    before_write=complete,
    fields=(
        common.code(
            _("Label number"),
            "标签号",
            "终端编号",
            help=_("Empty for a new terminal: PC-, MT- or PE- with the next number. Labels of your own are kept."),
        ),
        Field(
            "kind",
            _("Kind"),
            Choice(KIND, also={"移动": "mobile", "移动终端": "mobile", "电脑": "pc"}),
            required=True,
            also=("类型", "终端类型"),
            filter=True,
        ),
        Field("name", _("Name"), Text(120), also=("名称", "终端名称", "型号"), phone=True),
        Field(
            "usage",
            _("Usage"),
            Choice(USAGE, also={"正常": "in_use", "备机": "spare"}),
            also=("使用情况", "使用状态", "状态"),
            filter=True,
            phone=True,
        ),
        Field("hardware", _("Hardware"), LongText(), also=("硬件配置", "硬件"), default=False, sort=False),
        Field("software", _("Software"), LongText(), also=("软件配置", "软件"), default=False, sort=False),
        Field("serial_no", _("Serial number"), Text(100), also=("序列号", "SN", "IMEI"), default=False),
        Field("user", _("Holder"), Text(60), also=("使用人", "领用人", "责任人"), group=USER),
        Field("department", _("Department"), Text(60), also=("部门", "使用部门"), filter=True, group=USER),
        Field("ip", _("IP address"), Address(), also=("IP", "IP地址"), filter=True, group=NETWORK),
        Field("mac", _("Hardware address"), Hardware(), also=("MAC", "MAC地址"), default=False, group=NETWORK),
        Field("call_no", _("SIM or call sign"), Text(60), also=("SIM/呼号", "呼号", "SIM", "手机号"), group=NETWORK),
        Field("zone", _("Network"), Choice(Zone), also=("网络", "所属网络"), filter=True, default=False, group=NETWORK),
        Field(
            "address_book",
            _("Address book"),
            Reference(address_books, spell=lambda it: (it.code,)),
            also=("通讯录版本", "通讯录"),
            filter=True,
            sort=False,
            group=SERVICE,
        ),
        Field(
            "address_book_on",
            _("Address book updated on"),
            Day(),
            also=("通讯录更新日期",),
            default=False,
            group=SERVICE,
        ),
        Field("in_service_on", _("In service since"), Day(), also=("启用日期",), default=False, group=SERVICE),
        Field("retired_on", _("Retired on"), Day(), also=("停用日期", "报废日期"), default=False, group=SERVICE),
        Field(
            "last_inspected_on",
            _("Last inspection"),
            Day(),
            also=("上次巡检", "巡检日期"),
            default=False,
            group=SERVICE,
        ),
        common.remark(),
    ),
)
