"""Setting a password, its age, and passwords for one use. Nothing else in OpsPact sets one."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password

from opspact.accounts.models import FormerPassword
from opspact.accounts.policy import PASSWORD_AGE, PASSWORDS_REMEMBERED
from opspact.accounts.validators import classes_in
from opspact.identity.models import User

# Without characters that are taken for one another when read out or copied by hand.
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def store(user: User, password: str, now: datetime, *, must_change: bool) -> None:
    """Check the password against the policy, set it, and remember its hash. Raises ValidationError.

    `user` is saved; the caller holds the transaction.
    """
    validate_password(password, user)
    user.set_password(password)
    user.password_set_at = now
    user.must_change_password = must_change
    user.save()
    FormerPassword.objects.create(user=user, hash=user.password, set_at=now)
    kept = user.former_passwords.values_list("pk", flat=True)[:PASSWORDS_REMEMBERED]
    user.former_passwords.exclude(pk__in=list(kept)).delete()


def is_due(user: User, now: datetime) -> bool:
    """Whether the person must choose a new password before anything else."""
    return user.must_change_password or (
        user.password_set_at is not None and now - user.password_set_at >= PASSWORD_AGE
    )


def one_time() -> str:
    """A password for one sign-in: 16 characters of four classes, easy to read out."""
    while True:
        groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if classes_in(password) == 4:
            return password
