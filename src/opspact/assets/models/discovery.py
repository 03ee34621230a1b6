"""Facts that were seen of a device, and what they say against the ledger: proposals that a person takes or leaves."""

from __future__ import annotations

import json
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opspact.assets.models.asset import Asset
from opspact.contracts.models import Contract


class Fact(models.Model):
    """What one source last said of one device. `values` are by field of the asset ledger."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    source = models.CharField(_("Source"), max_length=60)
    key = models.CharField(_("Device"), max_length=120)
    asset = models.ForeignKey(Asset, models.CASCADE, null=True, related_name="facts")
    values = models.JSONField(default=dict)
    seen_at = models.DateTimeField(_("Seen at"))

    class Meta:
        verbose_name = _("Facts of a device")
        constraints = [models.UniqueConstraint(fields=["contract", "source", "key"], name="fact_once")]


class Proposal(models.Model):
    """A fact differs from the ledger in one field, or speaks of a device that is not on it (`field` empty)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "Open")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
        REJECTED = "rejected", pgettext_lazy("proposal", "Rejected")
        SETTLED = "settled", _("Settled by itself")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    fact = models.ForeignKey(Fact, models.CASCADE, related_name="proposals")
    asset = models.ForeignKey(Asset, models.CASCADE, null=True, related_name="proposals")
    field = models.CharField(pgettext_lazy("ledger", "Field"), max_length=60, blank=True, default="")
    ledger_text = models.CharField(_("On the ledger"), max_length=300, blank=True, default="")
    seen_text = models.CharField(_("Seen"), max_length=300, blank=True, default="")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("Opened at"))
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300, blank=True, default="")
    refusal = models.JSONField(default=list)
    """[msgid, parameters]: why the ledger did not take it when somebody accepted it."""

    class Meta:
        verbose_name = _("Proposal from discovery")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "field"], condition=models.Q(state="open"), name="proposal_one_open"
            )
        ]
        indexes = [models.Index(fields=["contract", "state", "-id"], name="proposal_open")]

    @property
    def said(self) -> str:
        """Changes with what accepting would write, and where; pages send it back with the decision."""
        values = self.fact.values if self.field == "" else {}
        said = json.dumps([self.asset_id, self.seen_text, values], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]


class DiscoveryRun(models.Model):
    """Many facts to be compared, or many proposals to be decided, by a job that says how far it is."""

    class Kind(models.TextChoices):
        TAKE = "take", _("Comparing facts")
        ACCEPT = "accept", _("Accepting proposals")
        REJECT = "reject", _("Rejecting proposals")

    class State(models.TextChoices):
        WORKING = "working", _("At work")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given = models.JSONField()
    """What the job needs: source and facts; or the keys of proposals and category, the reason, and what was shown."""
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=500, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Work of discovery")
