"""Business systems and sites belong to an organisation; scope items bind a system to a contract's KPI with dates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models.contract import Contract, Kpi
from opspact.identity.models import Organisation


class Site(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites")
    code = models.CharField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    address = models.CharField(_("Address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Site")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="site_once")]

    def __str__(self) -> str:
        return self.name


class BusinessSystem(models.Model):
    """A system that people use (OA, 局网站, 应急值守系统 …), and what a KPI measures. It outlives contracts."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="systems")
    code = models.CharField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    category = models.CharField(_("Category"), max_length=40)

    class Meta:
        verbose_name = _("Business system")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="system_once")]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name


class ScopeItem(models.Model):
    """That a system is in a contract's scope, and for which KPI, from `starts_at` to `ends_at` (half-open, UTC)."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="scope_items")
    system = models.ForeignKey(BusinessSystem, models.PROTECT, related_name="scope_items")
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, blank=True, related_name="scope_items")
    starts_at = models.DateTimeField(_("In service from"))
    ends_at = models.DateTimeField(_("In service until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Scope item")
        constraints = [
            models.UniqueConstraint(fields=["contract", "system", "kpi", "starts_at"], name="scope_item_once")
        ]
