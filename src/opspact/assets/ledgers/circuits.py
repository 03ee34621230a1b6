"""Leased circuits (专线台账) and the carriers that provide them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers import common
from opspact.assets.ledgers.bandwidth import Bandwidth
from opspact.assets.models import Carrier, Circuit
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers import Amount, Day, Field, Ledger, Reference, Text

ENDS, SERVICE = _("Ends"), _("Service of the carrier")
Problems = dict[int, list[tuple[str, Wrong]]]


def carriers(contract: Any) -> QuerySet[Carrier]:
    return Carrier.objects.filter(contract=contract, deleted_at=None).order_by("code")


def check(contract: Any, records: Sequence[Any]) -> Problems:
    """A line is not closed before it was opened, and leads from one place to another."""
    problems: Problems = {}
    for position, circuit in enumerate(records):
        if circuit.opened_on and circuit.closed_on and circuit.closed_on < circuit.opened_on:
            wrong = Wrong(N_("closed before it was opened, on %(opened)s"), opened=circuit.opened_on.isoformat())
            problems.setdefault(position, []).append(("closed_on", wrong))
        if circuit.a_end and (circuit.a_site, circuit.a_end) == (circuit.z_site, circuit.z_end):
            problems.setdefault(position, []).append(("z_end", Wrong(N_("both ends are the same place"))))
    return problems


def keeps_its_circuits(contract: Any, records: Sequence[Any]) -> Problems:
    """A carrier whose lines are on the ledger stays there."""
    problems: Problems = {}
    for position, carrier in enumerate(records):
        if n := carrier.circuits.filter(deleted_at=None).count():
            wrong = Wrong(N_("%(carrier)s still provides circuits here: %(n)s"), carrier=carrier.name, n=n)
            problems[position] = [("", wrong)]
    return problems


CARRIERS = Ledger(
    name="assets.carrier",
    model=Carrier,
    title=_("Carriers"),
    one=_("Carrier"),
    url_name="assets:carrier",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="building-community",
    order=48,
    searched=("code", "name", "agreement", "noc_contact"),
    check_delete=keeps_its_circuits,
    fields=(
        common.code(),
        Field("name", _("Name"), Text(60), required=True, also=("名称", "运营商", "运营商名称"), phone=True),
        Field("noc_contact", _("Fault phone"), Text(60), also=("报修电话", "故障报修", "客服电话"), phone=True),
        Field("agreement", _("Contract with the carrier"), Text(120), also=("合同", "运营商合同", "合同编号")),
        Field("agreement_ends_on", _("That contract ends on"), Day(), also=("合同到期", "到期日"), filter=True),
        common.remark(),
    ),
)

CIRCUITS = Ledger(
    name="assets.circuit",
    model=Circuit,
    title=_("Leased circuits"),
    one=_("Leased circuit"),
    url_name="assets:circuit",
    viewers=common.VIEWERS,
    editors=common.EDITORS,
    icon="route",
    order=47,
    also_by=("circuit_no",),
    related=("carrier", "a_site", "z_site", "system"),
    searched=("code", "name", "circuit_no", "a_end", "z_end", "purpose", "scope_code"),
    check=check,
    notes=(_("Bandwidth is written like 100M, 2Mbps, 1G or 64k; a bare number counts as Mbit/s."),),
    fields=(
        common.code(_("Code"), "线路编号"),
        Field("name", _("Name"), Text(120), required=True, also=("线路名称", "专线名称"), phone=True, width="l"),
        Field(
            "carrier",
            _("Carrier"),
            Reference(carriers, spell=lambda it: (it.name, it.code)),
            also=("运营商", "运营商名称"),
            filter=True,
            sort=False,
            width="fit",
        ),
        Field("circuit_no", _("Circuit number"), Text(60), also=("电路编号", "电路代号", "专线号"), width="fit"),
        Field("bandwidth_mbps", _("Bandwidth"), Bandwidth(), also=("带宽", "速率"), phone=True, width="fit"),
        Field("interface", _("Interface"), Text(60), also=("接口", "接口类型"), default=False),
        Field("purpose", _("Purpose"), Text(120), also=("用途", "业务用途"), default=False),
        common.system(default=False),
        Field("scope_code", _("Scope item"), Text(20), also=("合同条目", "服务范围编号"), filter=True, default=False),
        Field(
            "a_site",
            _("A site"),
            Reference(common.sites),
            also=("A端站点", "A端地点"),
            filter=True,
            default=False,
            sort=False,
            group=ENDS,
        ),
        Field("a_end", _("A end"), Text(120), also=("A端", "本端", "甲端"), group=ENDS),
        Field(
            "z_site",
            _("Z site"),
            Reference(common.sites),
            also=("Z端站点", "Z端地点"),
            filter=True,
            default=False,
            sort=False,
            group=ENDS,
        ),
        Field("z_end", _("Z end"), Text(120), also=("Z端", "对端", "乙端"), group=ENDS),
        Field("noc_contact", _("Fault phone"), Text(60), also=("报修电话", "故障报修"), width="fit", group=SERVICE),
        Field(
            "yearly_cost",
            _("Yearly cost (CNY)"),
            Amount(),
            also=("年租费", "年费用", "租用费"),
            default=False,
            group=SERVICE,
        ),
        Field("opened_on", _("Opened on"), Day(), also=("开通日", "开通日期"), default=False, group=SERVICE),
        Field("closed_on", _("Closed on"), Day(), also=("停用日期", "拆机日期"), default=False, group=SERVICE),
        common.remark(),
    ),
)
