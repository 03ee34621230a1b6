"""The address ledgers: routing domains, VLANs, prefixes, ranges and addresses (IP地址台账)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opspact.assets.ipam import addresses, naming, rules
from opspact.assets.ledgers import common
from opspact.assets.models import AddressRange, Asset, IpAddress, Prefix, Vlan, Vrf, Zone
from opspact.kit.actions import Caller
from opspact.kit.ledgers import (
    Address,
    BigReference,
    Choice,
    Day,
    Field,
    Hardware,
    Ledger,
    Network,
    Ordinal,
    Reference,
    Text,
    YesNo,
)

WHERE, WHOSE, WHEN = _("Where"), _("Given to"), _("Time")
ZONES = {"内": "internal", "外": "external", "专": "dedicated"}


def vrfs(contract: Any) -> QuerySet[Vrf]:
    return Vrf.objects.filter(contract=contract, deleted_at=None).order_by("code")


def vlans(contract: Any) -> QuerySet[Vlan]:
    return Vlan.objects.filter(contract=contract, deleted_at=None).select_related("site").order_by("vid", "code")


def prefixes(contract: Any) -> QuerySet[Prefix]:
    return Prefix.objects.filter(contract=contract, deleted_at=None).select_related("vrf")


def assets(contract: Any) -> QuerySet[Asset]:
    return Asset.objects.filter(contract=contract, deleted_at=None)


def _name_vlans(caller: Caller, contract: Any, records: Sequence[Vlan]) -> None:
    naming.give(contract, records, naming.of_vlan)


def _vrf(**more: Any) -> Field:
    return Field(
        "vrf",
        _("Routing domain"),
        Reference(vrfs),
        also=("VRF", "路由域", "VPN实例"),
        filter=True,
        sort=False,
        help=_("Empty: the contract's common one."),
        **more,
    )


def _zone(**more: Any) -> Field:
    return Field("zone", _("Network"), Choice(Zone, also=ZONES), also=("网络", "所属网络"), filter=True, **more)


def _own_code(help: Any) -> Field:  # noqa: A002 - the field's own word
    return common.code(_("Code"), help=help)


_SHARED: dict[str, Any] = {"viewers": common.VIEWERS, "editors": common.EDITORS}

VRFS = Ledger(
    name="assets.vrf",
    model=Vrf,
    title=_("Routing domains"),
    one=_("Routing domain"),
    url_name="assets:vrf",
    icon="route",
    order=46,
    check_delete=rules.check_delete_vrfs,
    **_SHARED,
    fields=(
        Field("code", _("Code"), Text(16), required=True, also=("编号", "代码", "VRF"), phone=True),
        Field("name", _("Name"), Text(60), required=True, also=("名称",), phone=True),
        _zone(phone=True),
        common.remark(),
    ),
)

VLANS = Ledger(
    name="assets.vlan",
    model=Vlan,
    title=_("VLANs"),
    one=_("VLAN"),
    url_name="assets:vlan",
    icon="git-branch",
    order=43,
    related=("site",),
    is_key_given=False,
    also_by=("vid",),
    apart_by=("site",),
    also_written=("code",),
    before_write=_name_vlans,
    check_delete=rules.check_delete_vlans,
    **_SHARED,
    fields=(
        _own_code(_("Made of site and number.")),
        Field("vid", _("VLAN number"), Ordinal(1, 4094), required=True, also=("VLAN", "VLAN ID", "VLAN号"), phone=True),
        Field("name", _("Name"), Text(60), required=True, also=("名称", "VLAN名称"), phone=True, width="l"),
        common.site(),
        common.remark(),
    ),
)

PREFIXES = Ledger(
    name="assets.prefix",
    model=Prefix,
    title=_("Prefixes"),
    one=_("Prefix"),
    url_name="assets:prefix",
    icon="network",
    order=41,
    related=("vrf", "vlan", "site"),
    is_key_given=False,
    also_by=("prefix",),
    apart_by=("vrf",),
    also_written=("code", "zone"),
    searched=("code", "purpose", "remark"),
    before_write=rules.complete_prefixes,
    after_write=rules.after_prefixes,
    check=rules.check_prefixes,
    check_delete=rules.check_delete_prefixes,
    notes=(_("Prefixes nest by themselves. Addresses always belong to the narrowest prefix that holds them."),),
    **_SHARED,
    fields=(
        _own_code(_("Made of prefix and routing domain.")),
        Field("prefix", _("Prefix"), Network(), required=True, also=("网段", "子网", "地址段", "CIDR"), default=False),
        Field("purpose", _("Purpose"), Text(120), also=("用途", "说明"), phone=True, width="l"),
        Field("use", _("State"), Choice(Prefix.Use), also=("状态", "使用状态"), filter=True),
        _zone(),
        _vrf(default=False),
        Field(
            "vlan",
            _("VLAN"),
            Reference(vlans, spell=lambda it: (it.code, it.name)),
            also=("VLAN", "VLAN ID"),
            filter=True,
            sort=False,
        ),
        Field("gateway", _("Gateway"), Address(), also=("网关", "默认网关"), sort=False),
        common.site(default=False),
        Field(
            "is_pool",
            _("Pool"),
            YesNo(),
            also=("地址池",),
            default=False,
            sort=False,
            help=_("Also gives out the first and the last address, as for NAT."),
        ),
        common.remark(),
    ),
)

RANGES = Ledger(
    name="assets.addressrange",
    model=AddressRange,
    title=_("Ranges of addresses"),
    one=_("Range of addresses"),
    url_name="assets:addressrange",
    icon="switch-horizontal",
    order=42,
    related=("prefix", "prefix__vrf"),
    is_key_given=False,
    also_by=("first",),
    also_written=("code", "prefix"),
    searched=("code", "purpose"),
    before_write=rules.complete_ranges,
    check=rules.check_ranges,
    notes=(_("A range is kept for something, such as DHCP: the next free address is taken elsewhere."),),
    **_SHARED,
    fields=(
        _own_code(_("Made of the first and the last address.")),
        Field("first", _("First address"), Address(), required=True, also=("起始地址", "开始地址"), phone=True),
        Field("last", _("Last address"), Address(), required=True, also=("结束地址", "终止地址"), phone=True),
        Field(
            "prefix",
            _("Prefix"),
            BigReference(prefixes, show=""),
            also=("网段",),
            filter=True,
            sort=False,
            help=_("Empty: the narrowest that holds the first address."),
        ),
        Field("purpose", _("Purpose"), Text(120), also=("用途",), width="l"),
        common.remark(),
    ),
)

ADDRESSES = Ledger(
    name="assets.ipaddress",
    model=IpAddress,
    title=_("IP addresses"),
    one=_("IP address"),
    url_name="assets:ipaddress",
    icon="map-pin",
    order=40,
    related=("vrf", "prefix", "asset"),
    is_key_given=False,
    also_by=("ip",),
    apart_by=("vrf",),
    also_written=("code", "prefix", "vrf", "zone", "assigned_on", "released_on", "reserved_until"),
    searched=("code", "mac", "name", "user", "department", "purpose"),
    before_write=addresses.complete,
    check=addresses.check,
    check_delete=addresses.check_delete,
    **_SHARED,
    fields=(
        _own_code(_("Made of address and routing domain.")),
        Field("ip", _("IP address"), Address(), required=True, also=("IP", "IP地址", "地址"), default=False),
        Field("state", _("State"), Choice(IpAddress.State), also=("状态",), filter=True, phone=True),
        Field(
            "prefix",
            _("Prefix"),
            BigReference(prefixes, show=""),
            also=("网段", "子网"),
            filter=True,
            sort=False,
            group=WHERE,
            help=_("Empty: the narrowest that holds the address."),
        ),
        _vrf(default=False, group=WHERE),
        _zone(group=WHERE),
        Field(
            "asset", _("Device"), BigReference(assets), also=("设备", "资产编码"), filter=True, sort=False, group=WHOSE
        ),
        Field("name", _("Host name"), Text(120), also=("主机名", "设备名称"), default=False, group=WHOSE),
        Field("mac", _("Hardware address"), Hardware(), also=("MAC", "MAC地址", "物理地址"), filter=True, group=WHOSE),
        Field("user", _("Used by"), Text(60), also=("使用人", "责任人"), filter=True, phone=True, group=WHOSE),
        Field(
            "department", _("Department"), Text(60), also=("部门", "使用部门"), filter=True, default=False, group=WHOSE
        ),
        Field("purpose", _("Purpose"), Text(120), also=("用途",), width="l", group=WHOSE),
        Field("assigned_on", _("Assigned on"), Day(), also=("分配日期",), filter=True, group=WHEN),
        Field("reserved_until", _("Reserved until"), Day(), also=("预留至",), default=False, group=WHEN),
        Field("released_on", _("Released on"), Day(), also=("回收日期", "释放日期"), default=False, group=WHEN),
        common.remark(),
    ),
)
