"""Address space: routing domains, prefixes, VLANs, addresses, and what was seen of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.asset import Asset, Zone
from opspact.assets.models.fields import CidrField, InetField, Place
from opspact.assets.models.record import Record, once
from opspact.contracts.models import Contract, Site

AGAIN = "~"
"""Stands in a code before a number where a deleted record has the code already."""


def named(code: str) -> str:
    """What a code says: the prefix or address with its routing domain."""
    return code.partition(AGAIN)[0]


class Vrf(Record):
    """A routing domain: the same address may live in two of them."""

    name = models.CharField(_("Name"), max_length=60)
    zone = models.CharField(_("Network"), max_length=12, choices=Zone.choices, blank=True, default="")

    class Meta:
        verbose_name = _("Routing domain (VRF)")
        constraints = [once("vrf_code_once", "code")]


class Vlan(Record):
    vid = models.PositiveSmallIntegerField(_("VLAN number"))
    name = models.CharField(_("Name"), max_length=60)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Site"))

    class Meta:
        verbose_name = _("VLAN")
        constraints = [once("vlan_code_once", "code")]
        indexes = [
            models.Index(fields=["contract", "vid", "id"], condition=models.Q(deleted_at=None), name="vlan_by_number")
        ]


class Prefix(Record):
    """A prefix (网段). In one routing domain prefixes nest and are never there twice; `is_pool` hands out all of its
    addresses, network and broadcast address included."""

    class Use(models.TextChoices):
        CONTAINER = "container", _("Divided further")
        ACTIVE = "active", _("In use")
        RESERVED = "reserved", _("Reserved")
        RETIRED = "retired", _("Retired")

    prefix = CidrField(_("Prefix"))
    vrf = models.ForeignKey(
        Vrf, models.PROTECT, null=True, blank=True, related_name="prefixes", verbose_name=_("Routing domain")
    )
    vlan = models.ForeignKey(
        Vlan, models.PROTECT, null=True, blank=True, related_name="prefixes", verbose_name=_("VLAN")
    )
    use = models.CharField(_("Use"), max_length=10, choices=Use.choices, default=Use.ACTIVE)
    zone = models.CharField(_("Network"), max_length=12, choices=Zone.choices, blank=True, default="")
    gateway = models.GenericIPAddressField(_("Gateway"), null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Site"))
    purpose = models.CharField(_("Purpose"), max_length=120, blank=True, default="")
    is_pool = models.BooleanField(_("Pool"), default=False)

    class Meta:
        verbose_name = _("Prefix")
        constraints = [
            once("prefix_code_once", "code"),
            models.UniqueConstraint(
                fields=["contract", "vrf", "prefix"],
                condition=models.Q(deleted_at=None),
                nulls_distinct=False,
                name="prefix_once",
            ),
        ]
        indexes = [
            models.Index(
                models.F("contract"),
                Place("vrf", "prefix"),
                models.F("id"),
                condition=models.Q(deleted_at=None),
                name="prefix_in_tree",
            ),
            models.Index(
                models.F("contract"),
                models.F("vrf"),
                Place("vrf", "prefix"),
                models.F("id"),
                condition=models.Q(deleted_at=None),
                name="prefix_in_domain",
            ),
        ]

    def __str__(self) -> str:
        return named(self.code) or str(self.prefix)


class AddressRange(Record):
    """Addresses of a prefix that are kept for something, such as DHCP: the next free address is taken elsewhere."""

    prefix = models.ForeignKey(Prefix, models.PROTECT, related_name="ranges", verbose_name=_("Prefix"))
    first = InetField(_("First address"))
    last = InetField(_("Last address"))
    purpose = models.CharField(_("Purpose"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("Range of addresses")
        constraints = [once("address_range_code_once", "code")]

    def __str__(self) -> str:
        return named(self.code)


class IpAddress(Record):
    """An address (IP地址台账): to whom and for what it was given. A released one may be given again."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        ASSIGNED = "assigned", pgettext_lazy("address", "Assigned")
        RELEASED = "released", _("Released")

    ip = InetField(_("IP address"))
    vrf = models.ForeignKey(
        Vrf, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("Routing domain")
    )
    prefix = models.ForeignKey(
        Prefix, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("Prefix")
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ASSIGNED)
    mac = models.CharField(_("Hardware address"), max_length=17, blank=True, default="")
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("Asset")
    )
    name = models.CharField(_("Host name"), max_length=120, blank=True, default="")
    zone = models.CharField(_("Network"), max_length=12, choices=Zone.choices, blank=True, default="")
    user = models.CharField(_("User"), max_length=60, blank=True, default="")
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    purpose = models.CharField(_("Purpose"), max_length=120, blank=True, default="")
    assigned_on = models.DateField(_("Assigned on"), null=True, blank=True)
    released_on = models.DateField(_("Released on"), null=True, blank=True)
    reserved_until = models.DateField(_("Reserved until"), null=True, blank=True)

    class Meta:
        verbose_name = _("IP address")
        constraints = [
            once("ip_address_code_once", "code"),
            models.UniqueConstraint(
                fields=["contract", "vrf", "ip"],
                condition=models.Q(deleted_at=None),
                nulls_distinct=False,
                name="ip_address_once",
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "prefix", "ip"], name="ip_address_in_prefix"),
            models.Index(fields=["contract", "ip", "id"], condition=models.Q(deleted_at=None), name="ip_address_by_ip"),
            models.Index(fields=["contract"], condition=models.Q(deleted_at=None), name="ip_address_present"),
        ]

    def __str__(self) -> str:
        return named(self.code) or str(self.ip)


class AddressRelease(models.Model):
    """Assigned addresses that the client is asked to release, all of them or none (see `kit.approvals`)."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    reason = models.CharField(_("Reason"), max_length=200)
    asked_at = models.DateTimeField(_("Asked at"))
    addresses = models.ManyToManyField(IpAddress, related_name="+")

    class Meta:
        verbose_name = _("Release of addresses")

    def __str__(self) -> str:
        return gettext("Release of addresses, %(reason)s") % {"reason": self.reason}


class Sighting(models.Model):
    """That an address was seen: by an authorised sweep, or in an ARP or MAC table. One row per address and source."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    vrf = models.ForeignKey(Vrf, models.CASCADE, null=True, related_name="+")
    ip = InetField()
    mac = models.CharField(max_length=17, blank=True, default="")
    source = models.CharField(max_length=60)
    device = models.CharField(max_length=60, blank=True, default="")
    port = models.CharField(max_length=60, blank=True, default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Sighting of an address")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "vrf", "ip", "source"], nulls_distinct=False, name="sighting_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ip}@{self.vrf.code}" if self.vrf else str(self.ip)
