"""Five attempts on a name, then ten minutes' rest; the same for a name that nobody has.

An attempt is counted before the password is looked at, in one statement: many guesses at the same moment are still
only five. A right password gives its attempt back; a completed sign-in clears the name.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from opspact.accounts.models import SignInLock
from opspact.accounts.policy import ATTEMPTS, FORGET_AFTER, LOCK_FOR

LOCKED = _("Too many failed attempts. This name can sign in again after %(time)s.")

_COUNT = """
INSERT INTO accounts_signinlock AS l (name_sha256, attempts, last_at, locked_until) VALUES (%(name)s, 1, %(now)s, NULL)
ON CONFLICT (name_sha256) DO UPDATE SET
    attempts = CASE WHEN l.last_at < %(forgotten)s OR l.locked_until <= %(now)s THEN 1 ELSE l.attempts + 1 END,
    locked_until = CASE WHEN l.last_at < %(forgotten)s OR l.locked_until <= %(now)s THEN NULL
                        WHEN l.attempts + 1 >= %(most)s THEN %(until)s END,
    last_at = %(now)s
WHERE l.locked_until IS NULL OR l.locked_until <= %(now)s
RETURNING attempts
"""


def begin_attempt(name: str, now: datetime) -> datetime | None:
    """Count an attempt. None lets it go ahead; otherwise the instant (aware UTC) until which the name is locked."""
    values = {
        "name": _key(name),
        "now": now,
        "forgotten": now - FORGET_AFTER,
        "most": ATTEMPTS,
        "until": now + LOCK_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        counted = cursor.fetchone() is not None
    return None if counted else locked_until(name, now) or now


def give_back(name: str) -> None:
    """The attempt was right so far: it does not count, and if it was the fifth, it locks nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_signinlock SET attempts = greatest(attempts - 1, 0), locked_until = NULL"
            " WHERE name_sha256 = %s",
            [_key(name)],
        )


def locked_until(name: str, now: datetime) -> datetime | None:
    lock = SignInLock.objects.filter(name_sha256=_key(name), locked_until__gt=now).first()
    return lock.locked_until if lock else None


def clear(name: str) -> None:
    SignInLock.objects.filter(name_sha256=_key(name)).delete()


def _key(name: str) -> str:
    return hashlib.sha256(unicodedata.normalize("NFKC", name).strip().casefold().encode()).hexdigest()
