"""How django-allauth signs people in here: by our lock-out, our words, our way of setting passwords, sealed secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.accounts import lockout, second_factor
from opspact.accounts.actions import set_password
from opspact.accounts.policy import FRESH_SIGN_IN
from opspact.accounts.sealing import seal, unseal
from opspact.accounts.sessions import BEGAN
from opspact.accounts.trail import Result, record
from opspact.identity.models import User
from opspact.kit.actions import Caller, client_address


def locked(until: datetime) -> ValidationError:
    """The same words for a name that exists and one that does not."""
    return ValidationError(
        lockout.LOCKED, code="locked", params={"time": timezone.localtime(until).strftime("%H:%M:%S")}
    )


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is wrong."),
        "enter_current_password": _("The present password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "incorrect_code": _("The code is wrong or was used already."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person whose password this is, or None. Raises ValidationError while the name is locked."""
        name = str(credentials.get("username", ""))
        if until := lockout.begin_attempt(name, timezone.now()):
            self._record_locked(request, name)
            raise locked(until)
        user = authenticate(request, username=name, password=credentials.get("password"))
        if user is not None:
            lockout.give_back(name)
        elif until := lockout.locked_until(name, timezone.now()):
            raise locked(until)
        return user

    def _record_locked(self, request: HttpRequest, name: str) -> None:
        user = User.objects.filter(username=name).first()
        record(
            "accounts.session.sign_in",
            now=timezone.now(),
            result=Result.DENIED,
            request=request,
            user=user,
            name=name,
            locked=True,
        )

    def set_password(self, user: User, password: str) -> None:
        set_password(Caller.of(self.request), user, password=password)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  (a key for counting, bound to nothing)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in need not give the password again to set up a second factor."""
        began = context.request.session.get(BEGAN, 0)
        if timezone.now().timestamp() - began < FRESH_SIGN_IN.total_seconds():
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong or was used already."),
        "cannot_delete_authenticator": _("Your role needs a second factor."),
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_required(authenticator.user)
