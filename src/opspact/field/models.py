"""Collectors and authorisations."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.contracts.models import Contract


class Collector(models.Model):
    """A daemon that probes and ships results. It signs in with its own token, of which only the hash is kept."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    token_sha256 = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(_("Active"), default=True)
    registered_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(_("Last heartbeat"), null=True, blank=True)
    heartbeat = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("Collector")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_token() -> str:
        """256 random bits; a plain hash of it is as good as a slow one."""
        return f"opc_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()


class Authorisation(models.Model):
    """Who allowed these addresses to be probed (requirement E05): recorded with every import of targets."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="authorisations")
    authorised_by = models.CharField(_("Authorised by"), max_length=120)
    reference = models.CharField(_("Document or occasion"), max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("Recorded at"))
    addresses = models.JSONField(_("Addresses"), default=list)
    from_time = models.TimeField(_("Only from"), null=True, blank=True)
    until_time = models.TimeField(_("Only until"), null=True, blank=True)
    """Local time of day, past midnight when it is the earlier one; None for both: at any time."""
    per_second = models.PositiveSmallIntegerField(_("At most, packets a second"), null=True, blank=True)

    class Meta:
        verbose_name = _("Authorisation to probe")
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.authorised_by} · {self.reference}"


class Sweep(models.Model):
    """A round of echo requests over whole networks, run by a collector. It waits until an authorisation covers it.

    `done` of `total` addresses were asked so far: where a collector that restarts goes on. `scope` is the asking room's
    own word for what the addresses belong to; it comes back with the answers.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the client's authorisation")
        READY = "ready", _("Waits for the collector")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused by the client")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="+")
    collector = models.ForeignKey(Collector, models.PROTECT, related_name="+", verbose_name=_("Collector"))
    authorisation = models.ForeignKey(
        Authorisation, models.PROTECT, null=True, related_name="+", verbose_name=_("Authorisation to probe")
    )
    networks = models.JSONField(_("Networks"), default=list)
    scope = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(_("Document or occasion"), max_length=200, blank=True, default="")
    per_second = models.PositiveSmallIntegerField(_("Packets a second"), default=50)
    from_time = models.TimeField(_("Only from"), null=True, blank=True)
    until_time = models.TimeField(_("Only until"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(_("Asked at"))
    started_at = models.DateTimeField(_("Started at"), null=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True)
    total = models.PositiveIntegerField(_("Addresses"))
    done = models.PositiveIntegerField(_("Asked"), default=0)
    answered = models.PositiveIntegerField(_("Answered"), default=0)
    failure = models.CharField(_("Failure"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("Sweep")
        ordering = ["-id"]
        indexes = [models.Index(fields=["collector", "state"], name="sweep_due")]

    def __str__(self) -> str:
        return "、".join(self.networks)[:150]
