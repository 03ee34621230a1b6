"""Who a program is: the person behind an API token, with no more rights than the token leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from opspact.accounts.actions.tokens import PREFIX, digest
from opspact.accounts.models import ApiToken
from opspact.identity.models import User
from opspact.kit.permissions import declared

# The last words of permissions that only read.
READING = frozenset({"view", "search", "export"})
_NOTE_USE_EVERY = timedelta(minutes=1)


def authenticate(bearer: str, now: datetime) -> User | None:
    """The person behind the key, or None when it is unknown, over, revoked, or its owner is inactive.

    `now` is aware UTC. The person's roles are cut down to the token's contract and their permissions to the token's:
    every later question to `kit.permissions.may` about this very object is answered within them.
    """
    if not bearer.startswith(PREFIX):
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(sha256=digest(bearer), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(pk=token.pk).filter(
        Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTE_USE_EVERY)
    ).update(last_used_at=now)
    user = token.user
    user.grants_now = [grant for grant in user.grants.all() if grant.contract_code == token.contract_code]
    user.permission_limit = limit_of(token)
    return user


def limit_of(token: ApiToken) -> frozenset[str]:
    """The names of the permissions that a token leaves; accounts themselves are never among them."""
    names = {name for name in declared() if not name.startswith("accounts.")}
    if token.permissions:
        names &= set(token.permissions)
    if token.read_only:
        names = {name for name in names if name.rsplit(".", 1)[-1] in READING}
    return frozenset(names)
