"""Results as they came, the batches they came in, and the time no collector could look."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.field.models import Collector
from opspact.monitoring.models.fields import Seen
from opspact.monitoring.models.targets import Check


class ResultBatch(models.Model):
    """A batch that was taken. Its id is taken once: the same again is answered from here, other content is refused."""

    collector = models.ForeignKey(Collector, models.PROTECT, related_name="batches")
    batch = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    accepted = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("Batch of results")
        constraints = [models.UniqueConstraint(fields=["collector", "batch"], name="batch_once")]
        indexes = [models.Index(fields=["received_at"], name="batch_received")]


class _Observation(models.Model):
    pk = models.CompositePrimaryKey("checked_id", "at")
    at = models.DateTimeField(_("Time"))
    value = models.FloatField(_("Value"), null=True)
    seen = models.CharField(_("State"), max_length=8, choices=Seen.choices)
    detail = models.CharField(_("Detail"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True


class Result(_Observation):
    """A result of the last seven days. In partitions by UTC day (migration 0002), so Django only reads it."""

    checked = models.ForeignKey(Check, models.DO_NOTHING, db_column="check_id", related_name="results")

    class Meta:
        managed = False
        db_table = "monitoring_result"


class KeptResult(_Observation):
    """A result within ten intervals of a change in the ledger: kept for good, so that every outage can be proved."""

    checked = models.ForeignKey(Check, models.PROTECT, db_column="check_id", related_name="kept_results")

    class Meta:
        verbose_name = _("Kept result")


class Coverage(models.Model):
    """Time in which a check was due and its collector did not look; `reason` is a `probes.wire.MissedReason`."""

    checked = models.ForeignKey(Check, models.PROTECT, db_column="check_id", related_name="gaps")
    collector = models.ForeignKey(Collector, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("Missed time")
        indexes = [models.Index(fields=["checked", "starts_at"], name="coverage_by_check")]


class Sweep(models.Model):
    """One row: when the sweep last ran, and since when it runs without a break (see `monitoring.sweep`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    resumed_at = models.DateTimeField()
