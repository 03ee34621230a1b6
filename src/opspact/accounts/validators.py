"""What a password must be, beyond length (GB/T 22239-2019 8.1.4.1 a), as Django's password validators."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.accounts.policy import PASSWORD_CLASSES, PASSWORDS_REMEMBERED
from opspact.identity.models import User


def classes_in(password: str) -> int:
    """How many of small letters, capitals, digits and everything else the password holds."""
    return sum(
        any(test(letter) for letter in password)
        for test in (
            lambda letter: letter.isascii() and letter.islower(),
            lambda letter: letter.isascii() and letter.isupper(),
            lambda letter: letter.isascii() and letter.isdigit(),
            lambda letter: not (letter.isascii() and letter.isalnum()),
        )
    )


class ClassesValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        if classes_in(password) < PASSWORD_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _(
            "The password needs at least %(count)d of: small letters, capital letters, digits, other characters."
        ) % {"count": PASSWORD_CLASSES}


class HistoryValidator:
    """Refuses the last few passwords of the person, the present one among them."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        former = user.former_passwords.values_list("hash", flat=True)[:PASSWORDS_REMEMBERED]
        present = [user.password] if user.has_usable_password() else []
        if any(check_password(password, each) for each in dict.fromkeys([*present, *former])):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("The password must differ from your last %(count)d.") % {"count": PASSWORDS_REMEMBERED}
