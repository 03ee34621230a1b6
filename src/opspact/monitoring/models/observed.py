"""The observed ledger: what was seen, per check, without overlap. Written by `monitoring.ledger` only."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.monitoring.models.fields import Seen, Span
from opspact.monitoring.models.targets import Check


class LedgerRevision(models.Model):
    """Unknown time [starts_at, ends_at) that late results turned into `became`: [[start µs, end µs, seen], …]."""

    checked = models.ForeignKey(Check, models.PROTECT, db_column="check_id", related_name="revisions")
    at = models.DateTimeField(_("Revised at"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    was = models.CharField(max_length=8, choices=Seen.choices, default=Seen.UNKNOWN)
    became = models.JSONField()
    why = models.CharField(max_length=20, default="late")
    batch = models.ForeignKey("ResultBatch", models.PROTECT, null=True, related_name="revisions")

    append_only = True

    class Meta:
        verbose_name = _("Revision of the ledger")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["checked", "starts_at"], name="revision_by_check")]


class ObservedInterval(models.Model):
    """A check was seen in one state over [starts_at, ends_at); null is still open, one such row per check.

    `why` is a `core.fold.Why`, or "new" for the time before the first result, or "late" for what a revision wrote;
    `confirmed_at` is when the state became known, so that `confirmed_at - starts_at` is how long it took to notice.
    """

    checked = models.ForeignKey(Check, models.PROTECT, db_column="check_id", related_name="intervals")
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"), null=True)
    seen = models.CharField(_("State"), max_length=8, choices=Seen.choices)
    confirmed_at = models.DateTimeField(_("Confirmed at"))
    why = models.CharField(max_length=10)
    revision = models.ForeignKey(LedgerRevision, models.PROTECT, null=True, related_name="intervals")

    class Meta:
        verbose_name = _("Observed interval")
        ordering = ["starts_at"]
        constraints = [
            ExclusionConstraint(
                name="observed_no_overlap",
                expressions=[("checked", RangeOperators.EQUAL), (Span(), RangeOperators.OVERLAPS)],
            ),
            models.UniqueConstraint(fields=["checked"], condition=models.Q(ends_at=None), name="observed_one_open"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="observed_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], condition=models.Q(seen="down"), name="observed_outages"),
        ]

    def __str__(self) -> str:
        return f"{self.checked_id} {self.seen} {self.starts_at:%Y-%m-%d %H:%M:%S}"


class CheckState(models.Model):
    """Where the fold of a check stands now, for lists and for the next batch; the ledger says how it came there.

    `seen` since `since` is the ledger's open interval. `pending` are failures not confirmed yet, [[µs, seen], …].
    `last_*` is the newest result as it came.
    """

    checked = models.OneToOneField(Check, models.CASCADE, primary_key=True, db_column="check_id", related_name="state")
    seen = models.CharField(_("State"), max_length=8, choices=Seen.choices, default=Seen.UNKNOWN)
    since = models.DateTimeField(_("Since"))
    seen_until = models.DateTimeField()
    last_at = models.DateTimeField(_("Last result"), null=True)
    pending = models.JSONField(default=list)
    last_seen = models.CharField(max_length=8, blank=True, default="")
    last_value = models.FloatField(_("Last value"), null=True)
    last_detail = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("State of a check")
        indexes = [
            models.Index(fields=["seen", "since"], condition=~models.Q(seen="up"), name="state_not_up"),
        ]
