"""Live sessions: begun at sign-in, remembered so that they can be shown and ended from elsewhere.

The session itself carries two instants (seconds since the epoch): when it began and when it was last used.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from opspact.accounts.models import SignIn
from opspact.identity.models import User
from opspact.kit.actions import client_address

BEGAN, SEEN, SIGN_IN, SECOND_FACTOR = "accounts_began", "accounts_seen", "accounts_sign_in", "accounts_second_factor"


def begin(request: HttpRequest, user: User, now: datetime) -> None:
    sign_in = SignIn.objects.create(
        user=user,
        session_key=request.session.session_key,
        began_at=now,
        seen_at=now,
        ip=client_address(request),
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
    )
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
    request.session[SIGN_IN] = sign_in.pk


def touch(request: HttpRequest, now: datetime) -> None:
    """Note that the session is in use, under the key it has now: a change of password gives it a new one."""
    request.session[SEEN] = int(now.timestamp())
    SignIn.objects.filter(pk=request.session.get(SIGN_IN)).update(session_key=request.session.session_key, seen_at=now)


def forget(request: HttpRequest) -> None:
    SignIn.objects.filter(pk=request.session.get(SIGN_IN)).delete()


def end_all(user: User, *, but: str | None = None) -> int:
    """End the person's sessions at once, except the one with the key `but`. How many there were."""
    keys = list(user.sign_ins.exclude(session_key=but).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return len(keys)
