"""Figures as they were, kept so that a frozen report says the same for ever and can be recomputed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract


class KpiSnapshot(models.Model):
    """One indicator in [starts_at, ends_at) as known at `computed_at`, with all it was computed from.

    `inputs` is the export that `opspact calc availability` recomputes (null for counts), `inputs_sha256` the digest of
    its canonical JSON. The indicator is named by code, because a later version of the terms may drop it.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="kpi_snapshots")
    kpi_code = models.CharField(_("Indicator"), max_length=40)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    computed_at = models.DateTimeField(_("Computed at"))
    terms_version = models.PositiveIntegerField(_("Version of the terms"))
    rules_version = models.PositiveIntegerField(_("Version of the rules"))
    figure = models.JSONField()
    inputs = models.JSONField(null=True)
    inputs_sha256 = models.CharField(max_length=64)

    append_only = True

    class Meta:
        verbose_name = _("Figure of an indicator")
        ordering = ["-computed_at", "kpi_code"]
        indexes = [models.Index(fields=["contract", "kpi_code", "-starts_at"], name="snapshot_by_kpi")]

    def __str__(self) -> str:
        return f"{self.kpi_code} {self.starts_at:%Y-%m-%d}"
