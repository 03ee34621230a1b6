"""The granted ledger: time that the client takes out, with the moment at which it was approved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.monitoring.models.targets import Check, Target


class GrantedInterval(models.Model):
    """Maintenance or an exemption over [starts_at, ends_at) for one system, target or check.

    It counts only once it is approved and while it is not withdrawn; maintenance by default only when approved before
    it starts. Intervals may overlap and arrive late: what that means is decided where availability is computed.
    """

    class Kind(models.TextChoices):
        MAINTENANCE = "maintenance", _("Maintenance")
        EXCUSED = "excused", _("Exemption")

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="granted")
    system = models.ForeignKey(
        BusinessSystem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="granted",
        verbose_name=_("Business system"),
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="granted", verbose_name=_("Target")
    )
    checked = models.ForeignKey(
        Check, models.PROTECT, null=True, blank=True, db_column="check_id", related_name="granted"
    )
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    reason = models.CharField(_("Reason"), max_length=300)
    clause = models.CharField(_("Clause"), max_length=60, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(_("Asked at"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("Approved at"), null=True)
    refused_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Maintenance or exemption")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="granted_forward"),
            models.CheckConstraint(
                condition=models.Q(system__isnull=False, target__isnull=True, checked__isnull=True)
                | models.Q(system__isnull=True, target__isnull=False, checked__isnull=True)
                | models.Q(system__isnull=True, target__isnull=True, checked__isnull=False),
                name="granted_for_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["contract", "-starts_at"], name="granted_by_start")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"

    @property
    def subject(self) -> BusinessSystem | Target | Check:
        found = self.system or self.target or self.checked
        assert found is not None, "granted_for_one_thing"
        return found

    @property
    def decision(self) -> Decision:
        if self.withdrawn_at:
            return self.Decision.WITHDRAWN
        if self.refused_at:
            return self.Decision.REFUSED
        return self.Decision.APPROVED if self.approved_at else self.Decision.WAITING

    def get_absolute_url(self) -> str:
        return reverse("monitoring:grants", kwargs={"contract": self.contract.code})
