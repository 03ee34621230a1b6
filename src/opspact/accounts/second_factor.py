"""Who must have a second factor, and whether they have one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from opspact.accounts.policy import SECOND_FACTOR_ROLES
from opspact.accounts.sessions import SECOND_FACTOR
from opspact.identity.models import User


def is_required(user: User) -> bool:
    return settings.REQUIRE_SECOND_FACTOR and any(grant.role in SECOND_FACTOR_ROLES for grant in user.grants_now)


def has(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_due(request: HttpRequest) -> bool:
    """Whether the person must set one up before anything else. The session remembers that it was found."""
    if request.session.get(SECOND_FACTOR) or not is_required(request.user):
        return False
    if not has(request.user):
        return True
    request.session[SECOND_FACTOR] = True
    return False
