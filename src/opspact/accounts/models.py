"""What signing in leaves behind: locks, live sessions, former passwords, and the tokens for programs."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInLock(models.Model):
    """Attempts on a name since its last success, whether anybody has that name or not.

    The name is kept as a hash: people type passwords into the wrong field.
    """

    name_sha256 = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="lock_last_at")]

    def __str__(self) -> str:
        return self.name_sha256[:12]


class SignIn(models.Model):
    """A live session of a person. The row goes when the session ends; that it was is in the audit trail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(_("Signed in at"))
    seen_at = models.DateTimeField(_("Last used"))
    ip = models.GenericIPAddressField(_("Source address"), null=True)
    agent = models.CharField(_("Browser"), max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = _("Session")

    def __str__(self) -> str:
        return f"{self.ip or ''} {self.agent}".strip()


class FormerPassword(models.Model):
    """The hash of a password a person had or has; the last few are refused as the next one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at", "-id"]
        indexes = [models.Index(fields=["user", "-set_at"], name="former_password_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class ApiToken(models.Model):
    """A key with which a program acts as a person, never for more than the person may do.

    Only the SHA-256 of the key is kept. `permissions` empty leaves all that the person has in the contract; with
    `read_only` only what reads. A token holds in one contract.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("Name"), max_length=60)
    start = models.CharField(_("Begins with"), max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    contract_code = models.CharField(_("Contract"), max_length=40)
    read_only = models.BooleanField(_("Read only"), default=True)
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("Permissions"), default=list, blank=True)
    created_at = models.DateTimeField(_("Created at"))
    expires_at = models.DateTimeField(_("Expires at"))
    last_used_at = models.DateTimeField(_("Last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"
