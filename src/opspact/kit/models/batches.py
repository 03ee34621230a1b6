"""What is done to many records of a ledger at once, by a workbook or on its list, and may be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LedgerBatch(models.Model):
    """Many records written together: by a workbook, first as a preview, or on a list by picking them."""

    class Kind(models.TextChoices):
        WORKBOOK = "workbook", _("Import from Excel")
        CHANGE = "change", _("Change of many")
        DELETE = "delete", _("Deletion of many")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEWED = "previewed", _("Previewed")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")

    AT_WORK = (State.READING, State.APPLYING, State.UNDOING)
    """States in which a job is at work."""

    contract_code = models.CharField(max_length=40)
    ledger = models.CharField(max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.WORKBOOK)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("Uploaded at"))
    file_name = models.CharField(_("File name"), max_length=200, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
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
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("Records written together")
        ordering = ["-id"]
        indexes = [models.Index(fields=["contract_code", "ledger", "-id"], name="ledger_import_newest")]

    def __str__(self) -> str:
        return self.file_name or str(self.get_kind_display())


class LedgerBatchRow(models.Model):
    """One row of a workbook or one record: what it says, what it would do, what is wrong with it, what it replaced."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("the same")
        WRONG = "wrong", _("wrong")
        DELETED = "deleted", _("deleted")

    batch = models.ForeignKey(LedgerBatch, models.CASCADE, related_name="rows")
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

    left = models.JSONField(default=list)
    """[msgid, parameters]: why an undo left the record as it was."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="ledger_import_row_once")]
        indexes = [models.Index(fields=["batch", "status", "number"], name="ledger_import_row_status")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
