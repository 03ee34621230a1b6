"""The audit trail: who did what to what, when, from where, with which result (GB/T 22239-2019 8.1.4.3)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _


class TransactionId(models.Func):
    """PostgreSQL's id of the running transaction, by which the outbox is read in commit order."""

    function = "pg_current_xact_id"
    arity = 0


class AuditEvent(models.Model):
    """One row per action, refused and failed ones included. Append-only: the program's role may only insert and read.

    It is also the outbox from which evidence is attached: `transaction` orders rows by transaction, so a reader that
    stays below `pg_snapshot_xmin(pg_current_snapshot())` never skips a row that commits late.
    """

    class Result(models.TextChoices):
        DONE = "done", _("Done")
        DENIED = "denied", _("Denied")
        FAILED = "failed", _("Failed")

    at = models.DateTimeField(_("Time"))
    transaction = models.BigIntegerField(
        editable=False, db_default=Cast(Cast(TransactionId(), models.TextField()), models.BigIntegerField())
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("User")
    )
    user_name = models.CharField(_("User name"), max_length=60)
    via = models.CharField(_("Via"), max_length=20)
    ip = models.GenericIPAddressField(_("Source address"), null=True)
    action = models.CharField(_("Action"), max_length=80)
    contract_code = models.CharField(_("Contract"), max_length=40, blank=True, default="")
    subject_type = models.CharField(_("Kind of object"), max_length=60, blank=True, default="")
    subject_id = models.CharField(_("Object"), max_length=60, blank=True, default="")
    subject_label = models.CharField(_("Object"), max_length=200, blank=True, default="")
    result = models.CharField(_("Result"), max_length=10, choices=Result.choices)
    detail = models.JSONField(_("Detail"), default=dict, encoder=DjangoJSONEncoder)

    append_only = True

    class Meta:
        verbose_name = _("Audit event")
        ordering = ["-id"]
        indexes = [
            BrinIndex(fields=["at"], name="audit_at_brin"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["contract_code", "-id"], name="audit_contract"),
            models.Index(fields=["user", "-id"], name="audit_user"),
            models.Index(fields=["transaction", "id"], name="audit_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label} {self.result}"
