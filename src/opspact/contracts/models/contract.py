"""A contract, its parties, the versions of its terms, and its KPIs."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opspact.identity.models import Organisation, contract_code_validator

if TYPE_CHECKING:
    from opspact.contracts.terms import Terms


class Contract(models.Model):
    """One O&M contract. `code` appears in addresses and grants and never changes.

    `starts_at` and `ends_at` bound the term, half-open, aware UTC. `simulated` is inherited by all that belongs to the
    contract: its records are marked on every page and report, and no query mixes them with real ones.
    """

    code = models.CharField(_("Code"), max_length=40, unique=True, validators=[contract_code_validator])
    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(_("Short name"), max_length=60)
    simulated = models.BooleanField(_("Simulated data"), default=False)
    signed_on = models.DateField(_("Signed on"), null=True, blank=True)
    starts_at = models.DateTimeField(_("Start"))
    ends_at = models.DateTimeField(_("End"))
    price = models.DecimalField(_("Price"), max_digits=16, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("Contract")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="contract_term_forward")
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def contract_code(self) -> str:
        return self.code

    def as_of(self, now: datetime) -> datetime:
        """The moment for which pages show how things stand: `now`, or the end of the term once that is over."""
        return min(now, self.ends_at)

    @cached_property
    def terms_version(self) -> TermsVersion:
        return self.terms_versions.latest("version")

    @cached_property
    def terms(self) -> Terms:
        """The terms in force, checked against the schema once more on the way out."""
        return self.terms_version.terms


class ContractParty(models.Model):
    class Part(models.TextChoices):
        CLIENT = "client", _("Client")
        VENDOR = "vendor", _("Vendor")
        THIRD_PARTY = "third_party", _("Third party")
        AUTHORITY = "authority", _("Authority")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    part = models.CharField(_("Role"), max_length=20, choices=Part.choices)

    class Meta:
        verbose_name = _("Party")
        constraints = [models.UniqueConstraint(fields=["contract", "organisation", "part"], name="party_once")]


class TermsVersion(models.Model):
    """The terms as loaded, never changed: tickets and assessments point to the version they were made under."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="terms_versions")
    version = models.PositiveIntegerField(_("Version"))
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("Loaded at"))
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("Version of the terms")
        constraints = [models.UniqueConstraint(fields=["contract", "version"], name="terms_version_once")]

    @cached_property
    def terms(self) -> Terms:
        from opspact.contracts.terms import load_terms

        return load_terms(self.source, f"{self.contract.code} v{self.version}")


class Kpi(models.Model):
    """One row of the contract's table of indicators (annex 2), as data that a rule computes."""

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", "≥"
        AT_MOST = "at_most", "≤"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="kpis")
    code = models.CharField(_("Code"), max_length=40)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("Indicator"), max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    clause = models.CharField(_("Clause"), max_length=60)
    rule = models.CharField(max_length=40)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    objective = models.DecimalField(_("Objective"), max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=10, blank=True)
    parameters = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Indicator")
        ordering = ["contract", "position"]
        constraints = [models.UniqueConstraint(fields=["contract", "code"], name="kpi_once")]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name
