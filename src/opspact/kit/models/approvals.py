"""A question put to a role, and its answer. What the answer does is the asking room's business (see kit.approvals)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import Role


class Approval(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    contract_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    title = models.CharField(_("Title"), max_length=200)
    role = models.CharField(_("Decided by"), max_length=30, choices=Role.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("Asked at"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    comment = models.TextField(_("Comment"), blank=True, default="")

    class Meta:
        verbose_name = _("Approval")
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="approval_subject"),
            models.Index(fields=["contract_code", "role"], condition=models.Q(state="open"), name="approval_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=models.Q(state="open"),
                name="approval_one_open",
            )
        ]

    def __str__(self) -> str:
        return self.title
