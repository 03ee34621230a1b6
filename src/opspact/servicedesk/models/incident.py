"""The incident (故障单): one row of what holds now. How it came about, and its clocks, are in its events."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.identity.roles import Discipline


class Incident(models.Model):
    """A fault that is handled under a contract.

    `terms` is what the contract promised when the incident was opened (see `servicedesk.promises`): a later version of
    the contract changes nothing for it. The columns below "cached" follow from the events; every action and the minute
    job compute them anew. Instants are aware UTC.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        IN_PROGRESS = "in_progress", _("In progress")
        PAUSED = "paused", _("Paused")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class Source(models.TextChoices):
        MONITORING = "monitoring", _("Monitoring")
        PHONE = "phone", _("Phone")
        PAGE = "page", _("Page")
        MESSENGER = "messenger", _("Messenger")
        ON_SITE = "on_site", _("In person")
        INSPECTION = "inspection", _("Inspection")

    class CauseDomain(models.TextChoices):
        VENDOR = "vendor", _("Vendor")
        CLIENT = "client", _("Client")
        CARRIER = "carrier", _("Carrier")
        CLOUD = "cloud", _("Government cloud")
        APPLICATION = "application", _("Application supplier")
        UNKNOWN = "unknown", _("Not established")

    OPEN_STATES: ClassVar = (State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.PAUSED)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="incidents")
    number = models.CharField(_("Number"), max_length=20)
    title = models.CharField(_("Title"), max_length=200)
    symptom = models.TextField(_("Symptom"), blank=True)
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices)
    system = models.ForeignKey(
        BusinessSystem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("Business system"),
    )
    caller_name = models.CharField(_("Reported by"), max_length=60, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents_reported",
        verbose_name=_("Recorded by"),
    )

    impact = models.CharField(_("Impact"), max_length=40)
    urgency = models.CharField(_("Urgency"), max_length=40)
    priority = models.CharField(_("Priority"), max_length=40)
    level = models.CharField(_("Level"), max_length=40)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents_assigned",
        verbose_name=_("Assignee"),
    )
    discipline = models.CharField(_("Discipline"), max_length=20, choices=Discipline.choices, blank=True, default="")

    occurred_at = models.DateTimeField(_("Occurred at"))
    opened_at = models.DateTimeField(_("Opened at"))
    responded_at = models.DateTimeField(_("Responded at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("Arrived at"), null=True, blank=True)
    restored_at = models.DateTimeField(_("Restored at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("Resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True)
    resolution_proposed_at = models.DateTimeField(_("Resolution proposed at"), null=True, blank=True)
    proposed_restored_at = models.DateTimeField(_("Restored at, as proposed"), null=True, blank=True)

    cause = models.TextField(_("Cause"), blank=True)
    cause_code = models.CharField(_("Cause code"), max_length=40, blank=True)
    cause_domain = models.CharField(_("Responsible"), max_length=12, choices=CauseDomain.choices, blank=True)
    resolution = models.TextField(_("Resolution"), blank=True)

    terms_version = models.PositiveIntegerField(_("Version of the terms"))
    terms = models.JSONField()

    # Cached
    next_due_at = models.DateTimeField(_("Next due"), null=True, blank=True)
    next_due_name = models.CharField(max_length=40, blank=True, default="")
    next_due_warns_at = models.DateTimeField(null=True, blank=True)
    next_due_provisional = models.BooleanField(default=False)
    next_look_at = models.DateTimeField(null=True, blank=True)
    breached = models.BooleanField(_("Overdue"), default=False)

    class Meta:
        verbose_name = _("Incident")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="incident_number_once"),
            models.CheckConstraint(condition=models.Q(opened_at__gte=models.F("occurred_at")), name="incident_forward"),
        ]
        indexes = [
            models.Index(fields=["contract", "-opened_at", "-id"], name="incident_opened"),
            models.Index(
                fields=["contract", "next_due_at"],
                condition=models.Q(state__in=["new", "assigned", "in_progress", "paused"]),
                name="incident_open_due",
            ),
            models.Index(fields=["next_look_at"], condition=models.Q(next_look_at__isnull=False), name="incident_look"),
            models.Index(fields=["assignee", "state"], name="incident_assignee"),
            models.Index(fields=["system", "-opened_at"], name="incident_system"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def audit_label(self) -> str:
        """The number alone: what people write is the contract's business, not the three administrators'."""
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to resolve it."""
        return self.state in self.OPEN_STATES

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:incident", kwargs={"contract": self.contract.code, "number": self.number})
