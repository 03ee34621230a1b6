"""The first run: whoever holds the code from the terminal creates the three administrators, once."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from opspact.accounts.actions import create_user, grant
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action

THREE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_ONE_AT_A_TIME = 0x0_0B5_FACE  # the advisory lock of the first run
_somebody_is_there = False


class TooLate(Exception):
    """Somebody is there already."""


@dataclass(frozen=True)
class Administrator:
    role: Role
    username: str
    name: str
    password: str


def needed() -> bool:
    """Whether there is no user at all. Users are never deleted, so that one was found is remembered by the process."""
    global _somebody_is_there
    if not _somebody_is_there:
        _somebody_is_there = User.objects.exists()
    return not _somebody_is_there


def ask_again() -> None:
    """Forget that somebody was found: the database is another one now (tests, `demo --reset`)."""
    global _somebody_is_there
    _somebody_is_there = False


def code_file(data_dir: Path) -> Path:
    return Path(data_dir) / "secrets" / "first-run-code"


def code(data_dir: Path) -> str:
    """The one-time code, made when there is none: three groups of four, 60 bits. Kept readable by its owner only."""
    path = code_file(data_dir)
    fresh = "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _j in range(3))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(fresh)
    return fresh


def is_code(given: str, data_dir: Path) -> bool:
    """Whether it is the code; case, spaces and hyphens don't matter."""
    plain = [word.upper().replace("-", "").replace(" ", "").encode() for word in (given, code(data_dir))]
    return hmac.compare_digest(*plain)


def complete(caller: Caller, administrators: tuple[Administrator, ...], data_dir: Path) -> None:
    """Create the three in one transaction and throw the code away.

    Raises TooLate when there is somebody already, also when that somebody came a moment earlier, and ValidationError
    for what the policy refuses. Each must change the password at the first sign-in: one person has typed all three.
    """
    _create_three(caller, None, administrators)
    code_file(data_dir).unlink(missing_ok=True)


@action("accounts.first_run.complete")
def _create_three(caller: Caller, installation: None, administrators: tuple[Administrator, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    if User.objects.exists():
        raise TooLate
    _check_three(administrators)
    for each in administrators:
        with transaction.atomic():
            user = create_user(caller, None, username=each.username, name=each.name, password=each.password)
            grant(caller, user, role=each.role)
    caller.note(usernames=[each.username for each in administrators])


def _check_three(administrators: tuple[Administrator, ...]) -> None:
    if tuple(each.role for each in administrators) != THREE:
        raise ValidationError(_("There are three administrators: system, security and audit."))
    for what, words in (
        ([each.username.casefold() for each in administrators], _("The three need three different user names.")),
        ([each.name.strip() for each in administrators], _("The three must be three different persons.")),
        ([each.password for each in administrators], _("The three need three different passwords.")),
    ):
        if len(set(what)) < len(THREE):
            raise ValidationError(words)
