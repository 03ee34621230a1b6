"""A target is something that is watched; a check is one way of watching it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opspact.assets.models import Asset, Circuit
from opspact.contracts.models import BusinessSystem, Contract, Site
from opspact.field.models import Authorisation, Collector

MIN_INTERVAL_S = 10
MAX_INTERVAL_S = 86_400
target_code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", _("A code has letters, digits and . _ - only, at most 40.")
)


class Target(models.Model):
    """Something with an address. `address` is the host of its first check; each check has its own full address.

    `asset` and `circuit` are the records of the ledgers that it watches: their pages show its state.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="targets", verbose_name=_("Contract"))
    code = models.CharField(_("Code"), max_length=40, validators=[target_code_validator])
    name = models.CharField(_("Name"), max_length=120)
    address = models.CharField(_("Address"), max_length=300)
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("Site")
    )
    system = models.ForeignKey(
        BusinessSystem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("Business system"),
    )
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("Asset")
    )
    circuit = models.ForeignKey(
        Circuit, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("Leased circuit")
    )
    is_active = models.BooleanField(_("Watched"), default=True)
    authorisation = models.ForeignKey(
        Authorisation, models.PROTECT, null=True, related_name="targets", verbose_name=_("Authorisation to probe")
    )

    class Meta:
        verbose_name = _("Target")
        constraints = [models.UniqueConstraint(fields=["contract", "code"], name="target_code_once")]
        indexes = [
            models.Index(fields=["contract", "name", "id"], name="target_by_name"),
            models.Index(fields=["contract", "address", "id"], name="target_by_address"),
            models.Index(fields=["contract", "system", "code"], name="target_by_system"),
            models.Index(fields=["contract", "site", "code"], name="target_by_site"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:target", kwargs={"contract": self.contract.code, "code": self.code})


class Check(models.Model):
    """One kind of probe of one target, every `interval_s` seconds; `confirm` failures in a row make an outage.

    `confirm` is the contract's figure when the check was made. `collector` null: the collector registered first.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="checks")
    kind = models.CharField(_("Kind of check"), max_length=40)
    address = models.CharField(_("Address"), max_length=2_000)
    settings = models.JSONField(_("Thresholds"), default=dict, blank=True)
    interval_s = models.PositiveIntegerField(
        _("Interval in seconds"),
        default=60,
        validators=[MinValueValidator(MIN_INTERVAL_S), MaxValueValidator(MAX_INTERVAL_S)],
    )
    confirm = models.PositiveSmallIntegerField(_("Failures that make an outage"), default=3)
    is_active = models.BooleanField(_("Active"), default=True)
    collector = models.ForeignKey(Collector, models.PROTECT, null=True, blank=True, related_name="checks")
    created_at = models.DateTimeField(_("Created at"))

    class Meta:
        verbose_name = _("Check")
        constraints = [
            models.UniqueConstraint(fields=["target", "kind"], name="check_once"),
            models.CheckConstraint(
                condition=models.Q(interval_s__gte=MIN_INTERVAL_S, interval_s__lte=MAX_INTERVAL_S, confirm__gte=1),
                name="check_interval_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """How rules and people name it: `OA-WEB/http`."""
        return f"{self.target.code}/{self.kind}"
