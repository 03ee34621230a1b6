"""Records of ledgers, the history of each, and the workbooks that were read into them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


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

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class LedgerImport(models.Model):
    """A workbook that was read into a ledger: first a preview, then applied, and it may be undone."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEWED = "previewed", _("Previewed")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    contract_code = models.CharField(max_length=40)
    ledger = models.CharField(max_length=60)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("Uploaded at"))
    file_name = models.CharField(_("File name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    """The file until it has been read; a job in another process reads it."""
    columns = models.JSONField(default=list)
    """The fields that the file has a column for."""
    sheet = models.CharField(max_length=100, blank=True, default="")
    """The sheet they were found on."""
    ignored = models.JSONField(default=list)
    """Headers that stand for no field of the ledger."""
    clears = models.BooleanField(default=False)
    """Whether an empty cell empties the field; otherwise it leaves it as it is."""
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    failure = models.JSONField(default=dict)
    """A msgid and its parameters."""
    applied_at = models.DateTimeField(_("Applied at"), null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(_("Undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Import into a ledger")
        ordering = ["-id"]
        indexes = [models.Index(fields=["contract_code", "ledger", "-id"], name="ledger_import_newest")]

    def __str__(self) -> str:
        return self.file_name


class LedgerImportRow(models.Model):
    """One row of a workbook: what it says, what it would do, what is wrong with it, and what it replaced."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("the same")
        WRONG = "wrong", _("wrong")

    batch = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    texts = models.JSONField(default=dict)
    """By field, as the file has it."""
    changes = models.JSONField(default=dict)
    """By field: [before, after] as people read them."""
    problems = models.JSONField(default=list)
    """[field, cell, msgid, parameters]."""
    remarks = models.JSONField(default=list)
    """The same for what was mended while reading."""
    record_id = models.PositiveBigIntegerField(null=True)
    before = models.JSONField(default=dict)
    """The plain values that applying replaced."""
    version = models.PositiveIntegerField(default=0)
    """The record's version after applying: a later one means that somebody changed it since."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="ledger_import_row_once")]
        indexes = [models.Index(fields=["batch", "status", "number"], name="ledger_import_row_status")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
