"""What happened to an incident, in the order it was recorded. Nothing here is ever changed or removed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.servicedesk.models.incident import Incident


class IncidentEvent(models.Model):
    """`at` is when it happened, `recorded_at` when it was entered: a late entry (补录) has an earlier `at`.

    The clocks are replayed in the order of `at`, so an entry made late counts as if it had been made in time, and the
    timeline still shows when it was made. `data` holds plain values: codes, ISO instants, names. `once` names what a
    job may write one time only, however many workers run it; None for everything else.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ASSIGNED = "assigned", _("Assigned")
        RESPONDED = "responded", _("Responded")
        ARRIVED = "arrived", _("Arrived")
        REPORTED = "reported", _("Reported")
        COMMENTED = "commented", pgettext_lazy("incident", "Comment")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        RESTORED = "restored", _("Restored")
        PROPOSED = "proposed", _("Resolution proposed")
        PROPOSAL_DECLINED = "proposal_declined", _("Proposal declined")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        PRIORITY_CHANGED = "priority_changed", _("Priority changed")
        CANCELLED = "cancelled", _("Cancelled")
        ESCALATED = "escalated", _("Escalated")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="events")
    at = models.DateTimeField(_("Time"))
    recorded_at = models.DateTimeField(_("Recorded at"))
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    via = models.CharField(max_length=20)
    text = models.TextField(_("Text"), blank=True, default="")
    data = models.JSONField(default=dict)
    once = models.CharField(max_length=80, null=True, default=None)

    append_only = True

    class Meta:
        verbose_name = _("Incident event")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["incident", "at", "id"], name="incident_event_order")]
        constraints = [
            models.CheckConstraint(condition=models.Q(at__lte=models.F("recorded_at")), name="incident_event_past"),
            models.UniqueConstraint(fields=["incident", "once"], name="incident_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"

    @property
    def is_late(self) -> bool:
        """Whether it was entered after the fact, by a minute or more."""
        return (self.recorded_at - self.at).total_seconds() >= 60
