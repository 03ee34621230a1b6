"""One alert per confirmed outage of a check. An alert points to its incident, never the reverse."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.contracts.models import Contract
from opspact.monitoring.models.targets import Check
from opspact.servicedesk.models import Incident


class Alert(models.Model):
    """`opened_at` is when the outage began, `confirmed_at` when it was certain.

    A suppressed alert began within approved maintenance: on record, but nobody is called and no incident is opened.
    """

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("Outage")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SUPPRESSED = "suppressed", _("Suppressed")
        RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="alerts")
    checked = models.ForeignKey(Check, models.PROTECT, db_column="check_id", related_name="alerts")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.OUTAGE)
    is_suppressed = models.BooleanField(_("Suppressed"), default=False)
    opened_at = models.DateTimeField(_("Began"))
    confirmed_at = models.DateTimeField(_("Confirmed at"))
    resolved_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    detail = models.CharField(_("Detail"), max_length=200, blank=True, default="")
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(_("Acknowledged at"), null=True, blank=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name=_("Incident")
    )

    class Meta:
        verbose_name = _("Alert")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["checked", "kind"], condition=models.Q(resolved_at=None), name="alert_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "-opened_at", "-id"], name="alert_by_start"),
            models.Index(
                fields=["contract", "-opened_at"], condition=models.Q(resolved_at=None), name="alert_unresolved"
            ),
            models.Index(fields=["incident"], name="alert_by_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.checked} {self.get_kind_display()}"

    @property
    def state(self) -> State:
        if self.resolved_at:
            return self.State.RESOLVED
        return self.State.SUPPRESSED if self.is_suppressed else self.State.OPEN

    def get_absolute_url(self) -> str:
        return reverse("monitoring:alerts", kwargs={"contract": self.contract.code})
