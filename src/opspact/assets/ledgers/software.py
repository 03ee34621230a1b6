"""Licences, software instances, cloud resources, databases, mailboxes and other accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets import codes
from opspact.assets.ledgers import common
from opspact.assets.models import Asset, CloudResource, Database, Installation, Licence, Mailbox
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Amount, BigReference, Choice, Day, Field, Ledger, Ordinal, Reference, Text, Whole

Problems = dict[int, list[tuple[str, Wrong]]]
PATIENCE_DAYS = 10
"""After so many days a step of a cloud request without an agreed day is late."""
WHERE, COURSE = _("Where it runs"), _("Request and delivery")
CODE_HELP = _("Empty for a new record: the platform gives one.")


def assets(contract: Any) -> QuerySet[Asset]:
    return Asset.objects.filter(contract=contract, deleted_at=None)


def licences(contract: Any) -> QuerySet[Licence]:
    return Licence.objects.filter(contract=contract, deleted_at=None).order_by("code")


def clouds(contract: Any) -> QuerySet[CloudResource]:
    return CloudResource.objects.filter(contract=contract, deleted_at=None).order_by("code")


def numbered(prefix: str) -> Any:
    """What gives new records of a ledger the codes PREFIX0001, PREFIX0002 …"""

    def give(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
        codes.number(contract, [record for record in records if not record.code], prefix, 4)

    return give


def on_asset(**more: Any) -> Field:
    also = ("资产编码", "所在资产", "服务器", "设备编码")
    return Field("asset", _("On asset"), BigReference(assets), also=also, sort=False, **more)


def keeper() -> Field:
    return Field("keeper", _("Keeper"), Text(60), also=("管理员", "责任人", "负责人"), filter=True, width="fit")


def version() -> Field:
    return Field("version_text", _("Version"), Text(60), also=("版本", "版本号"))


def check_installations(contract: Any, records: Sequence[Any]) -> Problems:
    """Software runs on one thing."""
    found: Problems = {}
    for position, record in enumerate(records):
        if record.asset_id and record.cloud_id:
            found[position] = [("cloud", Wrong(N_("give either the asset or the cloud resource, not both")))]
        elif not record.asset_id and not record.cloud_id:
            found[position] = [("asset", Wrong(N_("say on which asset or cloud resource it runs")))]
    return found


STATES = CloudResource.State
DATES = {
    STATES.REQUESTED: "requested_on",
    STATES.ACCEPTED: "accepted_on",
    STATES.DELIVERED: "delivered_on",
    STATES.INITIALISED: "initialised_on",
    STATES.RELEASED: "released_on",
}
"""The course of a cloud resource, and the day each step is recorded under."""


def check_clouds(contract: Any, records: Sequence[Any]) -> Problems:
    """The days of the course follow each other, and none is given for a step that has not been reached."""
    found: Problems = {}
    order = list(DATES)
    for position, record in enumerate(records):
        problems: list[tuple[str, Wrong]] = []
        reached = order.index(STATES(record.state))
        last: date | None = None
        for place, (state, name) in enumerate(DATES.items()):
            day = getattr(record, name)
            if day is None:
                continue
            if place > reached:
                wrong = Wrong(
                    N_("this day is given, but the state is still “%(state)s”"), state=str(STATES(record.state).label)
                )
                problems.append((name, wrong))
            elif last is not None and day < last:
                message = N_("“%(state)s” on a day before the step ahead of it (%(day)s)")
                problems.append((name, Wrong(message, state=str(state.label), day=str(last))))
            last = day
        if reached and getattr(record, DATES[order[reached]]) is None:
            wrong = Wrong(N_("the state “%(state)s” needs its day"), state=str(order[reached].label))
            problems.append((DATES[order[reached]], wrong))
        if problems:
            found[position] = problems
    return found


def check_mailboxes(contract: Any, records: Sequence[Any]) -> Problems:
    """An account is open once at a time, and is not closed before it was issued."""
    found: Problems = {}
    open_ones = Mailbox.objects.filter(contract=contract, deleted_at=None, closed_on=None)
    wanted = {record.account.lower() for record in records if record.closed_on is None}
    taken = {
        (kind, account.lower()): (key, code)
        for key, code, kind, account in open_ones.values_list("pk", "code", "kind", "account")
        if account.lower() in wanted
    }
    for position, record in enumerate(records):
        if record.issued_on and record.closed_on and record.closed_on < record.issued_on:
            wrong = Wrong(N_("closed before it was issued (%(day)s)"), day=str(record.issued_on))
            found.setdefault(position, []).append(("closed_on", wrong))
        if record.closed_on is not None:
            continue
        key, code = taken.setdefault((record.kind, record.account.lower()), (record.pk or -position, record.code))
        if key != (record.pk or -position):
            wrong = Wrong(N_("the account %(account)s is open already: %(code)s"), account=record.account, code=code)
            found.setdefault(position, []).append(("account", wrong))
    return found


def late_since(record: CloudResource, today: date) -> int | None:
    """For how many days the next step has been overdue: after the day it was wanted by, or PATIENCE_DAYS
    after the last step where none was agreed. None when nothing is late or nothing is awaited."""
    if record.state in (STATES.INITIALISED, STATES.RELEASED):
        return None
    stepped = getattr(record, DATES[STATES(record.state)]) or record.requested_on
    due = record.wanted_on or (stepped and date.fromordinal(stepped.toordinal() + PATIENCE_DAYS))
    return (today - due).days if due and today > due else None


_SHARED: dict[str, Any] = {"viewers": common.VIEWERS, "editors": common.EDITORS, "is_key_given": False}

LICENCES = Ledger(
    name="assets.licence",
    model=Licence,
    title=_("Licences"),
    one=_("Licence"),
    url_name="assets:licence",
    icon="file-certificate",
    order=50,
    searched=("code", "name", "vendor", "proof"),
    before_write=numbered("LIC-"),
    check_delete=common.stays_while_named("installations"),
    **_SHARED,
    fields=(
        common.code(help=CODE_HELP),
        Field(
            "name", _("Software"), Text(120), required=True, also=("软件", "软件名称", "名称"), phone=True, width="l"
        ),
        Field("vendor", _("Maker"), Text(80), also=("厂商", "开发商"), filter=True),
        Field("seats", _("Seats"), Whole(0), also=("授权数", "许可数", "数量"), help=_("Empty: not limited.")),
        Field("seats_used", _("Used"), Whole(), is_written=False, sort=False, phone=True),
        Field("seats_free", _("Free"), Whole(), is_written=False, sort=False),
        Field("bought_on", _("Bought on"), Day(), also=("购买日期", "采购日期"), default=False),
        Field("ends_on", _("Ends on"), Day(), also=("到期日期", "授权到期", "有效期至"), filter=True),
        Field("proof", _("Proof"), Text(120), also=("授权证书", "凭证", "合同号"), default=False),
        common.remark(),
    ),
)

INSTALLATIONS = Ledger(
    name="assets.installation",
    model=Installation,
    title=_("Software and operating systems"),
    one=_("Software instance"),
    url_name="assets:installation",
    icon="box",
    order=51,
    related=("asset", "cloud", "licence", "system"),
    searched=("code", "name", "version_text", "keeper"),
    check=check_installations,
    before_write=numbered("SW-"),
    **_SHARED,
    fields=(
        common.code(help=CODE_HELP),
        Field("kind", _("Kind"), Choice(Installation.Kind), required=True, also=("类型", "软件类型"), filter=True),
        Field(
            "name", _("Software"), Text(120), required=True, also=("软件", "软件名称", "名称"), phone=True, width="l"
        ),
        version(),
        on_asset(filter=True, phone=True, group=WHERE),
        Field(
            "cloud",
            _("On cloud resource"),
            Reference(clouds),
            also=("云资源", "云主机"),
            sort=False,
            default=False,
            group=WHERE,
        ),
        common.system(group=WHERE),
        Field(
            "licence", _("Licence"), Reference(licences), also=("授权", "许可"), sort=False, filter=True, default=False
        ),
        Field("installed_on", _("Installed on"), Day(), also=("安装日期", "部署日期"), default=False),
        Field("patched_on", _("Last patched on"), Day(), also=("最近补丁日期", "补丁日期"), filter=True),
        keeper(),
        common.remark(),
    ),
)

CLOUDS = Ledger(
    name="assets.cloudresource",
    model=CloudResource,
    title=_("Cloud resources"),
    one=_("Cloud resource"),
    url_name="assets:cloudresource",
    icon="cloud",
    order=52,
    related=("system",),
    searched=("code", "name", "operator", "kind", "spec", "address", "requester"),
    check=check_clouds,
    before_write=numbered("CLD-"),
    **_SHARED,
    fields=(
        common.code(help=CODE_HELP),
        Field("name", _("Name"), Text(120), required=True, also=("名称", "资源名称"), phone=True, width="l"),
        Field("state", _("State"), Choice(STATES), also=("状态",), filter=True, phone=True, group=COURSE),
        Field("late", _("Overdue (days)"), Whole(), is_written=False, sort=False, group=COURSE),
        Field("operator", _("Operator"), Text(80), required=True, also=("云服务商", "运营方"), filter=True),
        Field("kind", _("Kind"), Text(60), required=True, also=("类型", "资源类型"), filter=True, width="fit"),
        Field("spec", _("Specification"), Text(200), also=("规格", "配置")),
        Field("address", _("Address"), Text(120), also=("地址", "IP", "IP地址"), default=False),
        common.system(),
        Field("requester", _("Requester"), Text(60), also=("申请人",), width="fit", group=COURSE),
        Field("requested_on", _("Requested on"), Day(), also=("申请日期",), default=False, group=COURSE),
        Field("wanted_on", _("Wanted by"), Day(), also=("期望交付日期", "要求日期"), group=COURSE),
        Field("accepted_on", _("Accepted on"), Day(), also=("受理日期",), default=False, group=COURSE),
        Field("delivered_on", _("Delivered on"), Day(), also=("交付日期",), default=False, group=COURSE),
        Field(
            "initialised_on", _("Initialised on"), Day(), also=("初始化日期", "启用日期"), default=False, group=COURSE
        ),
        Field("released_on", _("Released on"), Day(), also=("释放日期", "回收日期"), default=False, group=COURSE),
        common.remark(),
    ),
)

DATABASES = Ledger(
    name="assets.database",
    model=Database,
    title=_("Databases"),
    one=_("Database"),
    url_name="assets:database",
    icon="database",
    order=53,
    related=("asset", "system"),
    searched=("code", "name", "product", "address", "keeper"),
    before_write=numbered("DB-"),
    **_SHARED,
    fields=(
        common.code(help=CODE_HELP),
        Field("name", _("Name"), Text(120), required=True, also=("名称", "实例名", "数据库名"), phone=True, width="l"),
        Field("product", _("Product"), Text(60), required=True, also=("产品", "数据库类型"), filter=True, phone=True),
        version(),
        on_asset(filter=True, group=WHERE),
        Field("address", _("Address"), Text(120), also=("地址", "IP", "IP地址"), group=WHERE),
        Field("port", _("Port"), Ordinal(1, 65535), also=("端口",), group=WHERE),
        common.system(group=WHERE),
        Field("character_set", _("Character set"), Text(40), also=("字符集",), default=False),
        Field("size_gb", _("Size (GB)"), Amount(), also=("容量", "大小"), default=False),
        Field("mode", _("High availability"), Text(60), also=("高可用", "集群方式"), default=False),
        keeper(),
        common.remark(),
    ),
)

MAILBOXES = Ledger(
    name="assets.mailbox",
    model=Mailbox,
    title=_("Mailboxes and accounts"),
    one=_("Account"),
    url_name="assets:mailbox",
    icon="mail",
    order=55,
    searched=("code", "account", "holder", "department"),
    check=check_mailboxes,
    before_write=numbered("ACC-"),
    **_SHARED,
    fields=(
        common.code(help=CODE_HELP),
        Field(
            "account", _("Account"), Text(120), required=True, also=("账号", "邮箱", "邮箱地址"), phone=True, width="l"
        ),
        Field("kind", _("Kind"), Choice(Mailbox.Kind), also=("类型", "账号类型"), filter=True),
        Field(
            "holder", _("Holder"), Text(60), required=True, also=("使用人", "持有人", "姓名"), filter=True, phone=True
        ),
        Field("department", _("Department"), Text(60), also=("部门",), filter=True),
        Field("issued_on", _("Issued on"), Day(), also=("开通日期", "发放日期")),
        Field("closed_on", _("Closed on"), Day(), also=("注销日期", "关闭日期")),
        Field("quota_mb", _("Quota (MB)"), Whole(0), also=("容量", "配额"), default=False),
        Field("approved_by", _("Approved by"), Text(60), also=("审批人", "批准人"), default=False),
        common.remark(),
    ),
)

ALL = (LICENCES, INSTALLATIONS, CLOUDS, DATABASES, MAILBOXES)
