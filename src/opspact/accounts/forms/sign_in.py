"""Signing in: allauth's forms with our words, our lock-out and a code that works once."""

from __future__ import annotations

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as MfaAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.accounts import lockout
from opspact.accounts.adapter import SecondFactorAdapter, locked


def _dress(field: forms.Field, label: str, *, code: bool = False) -> None:
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["class"] = "form-control"
    field.help_text = ""
    if code:
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class SignInForm(LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["login"], _("User name"))
        _dress(self.fields["password"], _("Password"))
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields.pop("remember", None)


class AgainForm(ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["password"], _("Password"))


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["oldpassword"], _("Present password"))
        _dress(self.fields["password1"], _("New password"))
        _dress(self.fields["password2"], _("New password once more"))


class _CodeOnce:
    """Counts wrong codes with wrong passwords, and takes no code a second time while it is valid.

    allauth remembers a used code for one period only, while with the tolerance of one it is valid for three.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["code"], _("Verification code"), code=True)

    def clean_code(self) -> str:
        name = self.user.username
        if until := lockout.begin_attempt(name, timezone.now()):
            raise locked(until)
        code = super().clean_code()
        period_s = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        if not cache.add(f"accounts.code.{self.user.pk}.{code}", 1, timeout=period_s):
            raise SecondFactorAdapter().validation_error("incorrect_code")
        lockout.give_back(name)
        return code


class SecondFactorForm(_CodeOnce, MfaAuthenticateForm):
    pass


class SecondFactorAgainForm(_CodeOnce, MfaReauthenticateForm):
    pass


class SetUpSecondFactorForm(ActivateTOTPForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["code"], _("Verification code"), code=True)
