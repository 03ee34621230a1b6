"""What signing in and out sets off: the live session, the lock cleared, and a row in the audit trail each."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from opspact.accounts import lockout, sessions
from opspact.accounts.trail import Result, record
from opspact.identity.models import User


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    now = timezone.now()
    lockout.clear(user.username)
    sessions.begin(request, user, now)
    second = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    record("accounts.session.sign_in", now=now, result=Result.DONE, request=request, user=user, second_factor=second)


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        sessions.forget(request)
        record("accounts.session.sign_out", now=timezone.now(), result=Result.DONE, request=request, user=user)


@receiver(user_login_failed, dispatch_uid="accounts.refused")
def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    name = str(credentials.get("username", ""))
    record(
        "accounts.session.sign_in",
        now=timezone.now(),
        result=Result.DENIED,
        request=request,
        user=User.objects.filter(username=name).first(),
        name=name,
    )


@receiver(authentication_failed, dispatch_uid="accounts.second_factor_wrong")
def second_factor_wrong(request: HttpRequest, user: User, **_: Any) -> None:
    record("accounts.second_factor.enter", now=timezone.now(), result=Result.DENIED, request=request, user=user)


@receiver([authenticator_added, authenticator_reset], dispatch_uid="accounts.second_factor_set_up")
def second_factor_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    record(
        "accounts.second_factor.set_up",
        now=timezone.now(),
        result=Result.DONE,
        request=request,
        user=user,
        kind=authenticator.type,
    )


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor_removed")
def second_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    request.session.pop(sessions.SECOND_FACTOR, None)
    record(
        "accounts.second_factor.remove",
        now=timezone.now(),
        result=Result.DONE,
        request=request,
        user=user,
        kind=authenticator.type,
    )


@receiver(password_changed, dispatch_uid="accounts.password_changed")
def own_password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """The session has a new key by now; all others went with the old password."""
    sessions.touch(request, timezone.now())
    sessions.end_all(user, but=request.session.session_key)
