"""Periodic reports and what became of them. What is submitted is frozen: the database refuses to change it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract


class Report(models.Model):
    """One version of one report over [starts_at, ends_at).

    `facts` are the figures with their sources, `edited` what people wrote by section, `content` the whole as the
    documents show it (see `reports.content`), `changes` what the last refresh changed. Submitting freezes content and
    facts and renders once: `content_sha256` is on the page and in each footer, the files lie in the data directory
    under their own digests. A returned report is followed by the next version; an accepted one is final.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("Weekly report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    class Acceptance(models.TextChoices):
        PAGE = "page", _("On the page")
        SCAN = "scan", _("Signed on paper")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reports")
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices, default=Kind.WEEKLY)
    number = models.CharField(_("Number"), max_length=20)
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    facts = models.JSONField()
    edited = models.JSONField(default=dict)
    content = models.JSONField()
    changes = models.JSONField(default=list)
    drafted_at = models.DateTimeField(_("Drafted at"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    content_sha256 = models.CharField(max_length=64, blank=True, default="")
    docx_sha256 = models.CharField(max_length=64, blank=True, default="")
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="")
    submitted_at = models.DateTimeField(_("Submitted at"), null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    decided_at = models.DateTimeField(_("Accepted or returned at"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    comment = models.TextField(_("Comment"), blank=True, default="")
    acceptance = models.CharField(max_length=10, choices=Acceptance.choices, blank=True, default="")
    signed_by = models.CharField(_("Signed by"), max_length=60, blank=True, default="")
    signed_on = models.DateField(_("Signed on"), null=True)
    scan_sha256 = models.CharField(max_length=64, blank=True, default="")
    scan_type = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("Report")
        ordering = ["-starts_at", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number", "version"], name="report_version_once"),
            models.UniqueConstraint(fields=["contract", "kind", "starts_at", "version"], name="report_once_per_period"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="report_forward"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(content_sha256="") & models.Q(submitted_at__isnull=False),
                name="report_frozen_with_hash",
            ),
        ]
        indexes = [models.Index(fields=["contract", "-starts_at", "-version"], name="report_by_period")]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def get_absolute_url(self) -> str:
        kwargs = {"contract": self.contract.code, "number": self.number, "version": self.version}
        return reverse("reports:report", kwargs=kwargs)
