"""Records of ledgers, and the history of each."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

MACHINE = "OpsPact"


class LedgerRecord(models.Model):
    """What every record of a ledger has. A room adds `contract` and its columns; see `kit.ledgers`.

    `version` grows with every change, so that two people never overwrite each other unseen. A deleted record stays,
    and its key with it. `search` is what the list's search looks in, written with the record.
    """

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("Recorded at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Recorded by"),
    )
    updated_at = models.DateTimeField(_("Changed at"), editable=False)
    deleted_at = models.DateTimeField(_("Deleted at"), null=True, editable=False)
    search = models.TextField(blank=True, default="", editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Change(models.Model):
    """One change of one record: who, when, why, and each field before and after, as it read then. Append-only."""

    class Verb(models.TextChoices):
        CREATED = "created", _("recorded")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        RESTORED = "restored", _("restored")

    contract_code = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    at = models.DateTimeField(_("Time"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=20)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    fields = models.JSONField(default=dict)
    """By field: [before, after] as people read them."""

    append_only = True

    class Meta:
        verbose_name = _("Change of a record")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="change_subject")]

    @property
    def who(self) -> str:
        """The person, or the platform by itself, as the audit trail calls it."""
        return str(self.user or MACHINE)

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
