"""The asset ledger (资产台账), its categories, makes and models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets import category_fields, codes, lifecycle, placement
from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Category, Face, Lifecycle, MakeModel, Zone
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers import Address, Amount, Choice, Day, Field, Ledger, LongText, Reference, Text, Whole

PLACE, LIFE, MONEY = _("Place"), _("Service"), _("Purchase")


def categories(contract: Any) -> QuerySet[Category]:
    return Category.objects.filter(contract=contract, deleted_at=None).order_by("code")


def make_models(contract: Any) -> QuerySet[MakeModel]:
    return MakeModel.objects.filter(contract=contract, deleted_at=None).order_by("make", "name")


def check(contract: Any, records: Sequence[Any]) -> dict[int, list[tuple[str, Wrong]]]:
    """Places that are taken, what a category asks for, and steps of its life that an asset can't take."""
    problems = placement.clashes(contract, records)
    for found in (category_fields.check(contract, records), lifecycle.check(records)):
        for position, each in found.items():
            problems.setdefault(position, []).extend(each)
    return problems


def complete(caller: Caller, contract: Any, records: Sequence[Any]) -> None:
    """New assets without a code get one by the contract's rule; what stands in a rack stands in its room and site."""
    codes.give(contract, [record for record in records if not record.code], caller.now)
    placement.complete(records)


CATEGORIES = Ledger(
    name="assets.category",
    model=Category,
    title=_("Categories"),
    one=_("Category"),
    url_name="assets:category",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="category",
    order=11,
    related=("parent",),
    check=category_fields.check_parents,
    check_delete=common.stays_while_named("assets", "children"),
    fields=(
        common.code(),
        Field("name", _("Name"), Text(60), required=True, also=("名称", "类别名称"), phone=True),
        Field("abbreviation", _("Abbreviation"), Text(10), also=("缩写", "简码")),
        Field("parent", _("Belongs to"), Reference(categories), also=("上级类别",), sort=False),
        common.remark(),
    ),
)

MAKE_MODELS = Ledger(
    name="assets.makemodel",
    model=MakeModel,
    title=_("Makes and models"),
    one=_("Make and model"),
    url_name="assets:makemodel",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="box-model-2",
    order=12,
    related=("category",),
    check_delete=common.stays_while_named("assets"),
    searched=("code", "make", "name"),
    fields=(
        common.code(),
        Field("make", _("Make"), Text(60), required=True, also=("品牌", "厂商", "制造商"), filter=True),
        Field("name", _("Model"), Text(100), required=True, also=("型号",), phone=True),
        Field("category", _("Category"), Reference(categories), also=("类别",), filter=True, sort=False),
        Field("units", _("Height (U)"), Whole(0, 60), also=("U高", "高度U")),
        Field("power_w", _("Power (W)"), Whole(0), also=("功率", "额定功率")),
        Field("ports", _("Ports"), Whole(0), also=("端口数",)),
        common.remark(),
    ),
)

ASSETS = Ledger(
    name="assets.asset",
    model=Asset,
    title=_("Assets"),
    one=_("Asset"),
    url_name="assets:asset",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="server",
    order=10,
    also_by=("serial_no",),
    is_key_given=False,
    related=("category", "model", "site", "room", "rack", "system"),
    searched=("code", "name", "serial_no", "mgmt_ip", "owner", "department", "spec"),
    also_written=("site", "room"),
    extra_fields=category_fields.own_fields,
    check=check,
    before_write=complete,
    fields=(
        common.code(_("Asset code"), "资产编码", "资产编号", "设备编号", help=_("Empty for a new asset: by the rule.")),
        Field(
            "name", _("Name"), Text(120), required=True, also=("名称", "资产名称", "设备名称"), phone=True, width="l"
        ),
        Field(
            "category",
            _("Category"),
            Reference(categories),
            required=True,
            also=("类别", "资产类别", "设备类型"),
            filter=True,
            sort=False,
            width="fit",
        ),
        Field(
            "model",
            _("Make and model"),
            Reference(make_models, spell=lambda it: (f"{it.make} {it.name}", it.name, it.code)),
            also=("型号", "品牌型号", "规格型号"),
            sort=False,
            width="m",
        ),
        Field("serial_no", _("Serial number"), Text(100), also=("序列号", "SN", "S/N", "出厂编号"), default=False),
        Field("lifecycle", _("Status"), Choice(Lifecycle), also=("状态", "使用状态"), filter=True, phone=True),
        Field("spec", _("Specification"), LongText(), also=("配置", "规格"), default=False, sort=False),
        Field("mgmt_ip", _("Management address"), Address(), also=("管理IP", "IP", "IP地址", "管理地址"), filter=True),
        common.site(group=PLACE, default=False),
        Field(
            "room",
            _("Machine room"),
            Reference(common.rooms),
            also=("机房", "所在机房"),
            filter=True,
            sort=False,
            group=PLACE,
        ),
        Field(
            "rack",
            _("Rack"),
            Reference(common.racks),
            also=("机柜",),
            filter=True,
            sort=False,
            group=PLACE,
            width="fit",
        ),
        Field("u_pos", _("Lowest U"), Whole(1, 60), also=("U位", "起始U位"), default=False, group=PLACE),
        Field("units", _("Height (U)"), Whole(0, 60), also=("U高", "占用U数"), default=False, group=PLACE),
        Field("face", _("Mounted at"), Choice(Face), also=("安装面",), default=False, group=PLACE),
        Field("power_w", _("Power (W)"), Whole(0), also=("功率",), default=False, group=PLACE),
        common.system(group=LIFE, default=False),
        Field(
            "zone",
            _("Network zone"),
            Choice(Zone),
            also=("网络区域", "所属网络"),
            filter=True,
            default=False,
            group=LIFE,
        ),
        Field(
            "department", _("Department"), Text(60), also=("使用部门", "部门"), filter=True, default=False, group=LIFE
        ),
        Field("owner", _("Responsible person"), Text(60), also=("责任人", "负责人", "使用人"), width="fit", group=LIFE),
        Field("in_service_on", _("In service since"), Day(), also=("启用日期", "投运日期"), default=False, group=LIFE),
        Field(
            "warranty_end",
            _("Warranty until"),
            Day(),
            also=("维保到期", "质保到期", "维保截止"),
            filter=True,
            default=False,
            group=LIFE,
        ),
        Field("mlps_level", _("Protection level (MLPS)"), Whole(1, 5), also=("等保级别",), default=False, group=LIFE),
        Field("purchased_on", _("Purchased on"), Day(), also=("购置日期", "采购日期"), default=False, group=MONEY),
        Field("value", _("Value (CNY)"), Amount(), also=("原值", "资产原值", "价值"), default=False, group=MONEY),
        Field("supplier", _("Supplier"), Text(120), also=("供应商",), default=False, group=MONEY),
        Field("last_audit", _("Last stocktaking"), Day(), also=("上次核查", "盘点日期"), default=False, group=LIFE),
        common.remark(),
    ),
)
