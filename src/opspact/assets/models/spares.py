"""Spare parts: what is in stock, and every movement of it. The price is all-in: cost is recorded, not billed (§3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.assets.models.asset import Asset
from opspact.assets.models.record import Record, once
from opspact.contracts.models import Site


class SparePart(Record):
    """A kind of part. `stock` is the sum of its movements, kept by the database with them."""

    name = models.CharField(_("Name"), max_length=120)
    part_no = models.CharField(_("Part number"), max_length=80, blank=True, default="")
    fits = models.CharField(_("Fits"), max_length=200, blank=True, default="")
    unit = models.CharField(_("Unit"), max_length=10, default="个")
    minimum = models.PositiveIntegerField(_("Minimum"), default=0)
    stock = models.PositiveIntegerField(_("Stock"), default=0, editable=False)
    price = models.DecimalField(_("Price (CNY)"), max_digits=12, decimal_places=2, null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Kept at"))
    place = models.CharField(_("Place"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("Spare part")
        constraints = [once("spare_part_code_once", "code")]


class SpareMovement(models.Model):
    """So many in or out, why, and for which repair. Append-only; a mistake is mended by a counter-movement."""

    class Kind(models.TextChoices):
        IN = "in", _("Received")
        USED = "used", _("Used on a repair")
        RETURNED = "returned", pgettext_lazy("spare part", "Returned")
        CORRECTED = "corrected", _("Corrected by count")

    part = models.ForeignKey(SparePart, models.PROTECT, related_name="movements")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    amount = models.IntegerField(_("Amount"))
    stock_after = models.PositiveIntegerField(_("Stock after"))
    price = models.DecimalField(_("Price (CNY)"), max_digits=12, decimal_places=2, null=True, blank=True)
    """Of one piece at that time."""
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="spares_used", verbose_name=_("For asset")
    )
    reference = models.CharField(_("Repair or document"), max_length=120, blank=True, default="")
    at = models.DateTimeField(_("Time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    append_only = True

    class Meta:
        verbose_name = _("Movement of a spare part")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.part} {self.amount:+}"
