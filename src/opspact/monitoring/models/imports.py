"""A filled-in workbook that was read and previewed, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract
from opspact.field.models import Authorisation


class TargetImport(models.Model):
    """`rows` is the reading as plain data (see `workbook.preview`); it is checked again when it is applied."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Previewed")
        APPLIED = "applied", _("Applied")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="target_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("Uploaded at"))
    file_name = models.CharField(_("File name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PREVIEWED)
    applied_at = models.DateTimeField(_("Applied at"), null=True, blank=True)
    counts = models.JSONField(default=dict)
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("Import of targets")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:import", kwargs={"contract": self.contract.code, "pk": self.pk})
