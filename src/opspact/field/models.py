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

    class Meta:
        verbose_name = _("Authorisation to probe")
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.authorised_by} · {self.reference}"
