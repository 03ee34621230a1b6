"""Leased circuits (专线) and their carriers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.assets.models.record import Record, once
from opspact.contracts.models import BusinessSystem, Site


class Carrier(Record):
    """Who provides circuits, and where faults are reported."""

    name = models.CharField(_("Name"), max_length=60)
    noc_contact = models.CharField(_("Fault phone"), max_length=60, blank=True, default="")
    agreement = models.CharField(_("Contract with the carrier"), max_length=120, blank=True, default="")
    agreement_ends_on = models.DateField(_("That contract ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Carrier")
        constraints = [once("carrier_code_once", "code")]


class Circuit(Record):
    """One line (专线台账). `scope_code` is the row of the contract's scope it answers to."""

    name = models.CharField(_("Name"), max_length=120)
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, null=True, blank=True, related_name="circuits", verbose_name=_("Carrier")
    )
    circuit_no = models.CharField(_("Circuit number"), max_length=60, blank=True, default="")
    a_site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("A site"))
    a_end = models.CharField(_("A end"), max_length=120, blank=True, default="")
    z_site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Z site"))
    z_end = models.CharField(_("Z end"), max_length=120, blank=True, default="")
    bandwidth_mbps = models.DecimalField(
        _("Bandwidth (Mbit/s)"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    interface = models.CharField(_("Interface"), max_length=60, blank=True, default="")
    purpose = models.CharField(_("Purpose"), max_length=120, blank=True, default="")
    yearly_cost = models.DecimalField(_("Yearly cost (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    noc_contact = models.CharField(_("Fault phone"), max_length=60, blank=True, default="")
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    system = models.ForeignKey(
        BusinessSystem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="circuits",
        verbose_name=_("Business system"),
    )
    scope_code = models.CharField(_("Scope item"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("Leased circuit")
        constraints = [once("circuit_code_once", "code")]
