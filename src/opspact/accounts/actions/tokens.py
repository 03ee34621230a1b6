"""API tokens: made by the person they act for, shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from opspact.accounts.models import ApiToken
from opspact.accounts.policy import TOKEN_AT_MOST
from opspact.identity.models import User
from opspact.kit.actions import Caller, action
from opspact.kit.permissions import declared

PREFIX = "opp_"


def create_token(
    caller: Caller,
    user: User,
    *,
    name: str,
    contract_code: str,
    expires_at: datetime,
    read_only: bool = True,
    permissions: tuple[str, ...] = (),
) -> tuple[ApiToken, str]:
    """The token and its key, which is nowhere stored.

    Raises ValidationError for what a token may not be, PermissionDenied for somebody else's.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        name=name,
        start=key[: len(PREFIX) + 6],
        sha256=digest(key),
        contract_code=contract_code,
        read_only=read_only,
        permissions=sorted(set(permissions)),
        created_at=caller.now,
        expires_at=expires_at,
    )
    _create(caller, token)
    return token, key


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@action("accounts.token.create")
def _create(caller: Caller, token: ApiToken) -> None:
    _refuse_others(caller, token)
    if not token.user.roles_in(token.contract_code):
        raise ValidationError(_("You hold no role in this contract."))
    if not caller.now < token.expires_at <= caller.now + TOKEN_AT_MOST:
        raise ValidationError({"expires_at": _("A token ends within a year.")})
    if unknown := set(token.permissions) - declared().keys():
        raise ValidationError(_("Unknown permissions: %(names)s."), params={"names": ", ".join(sorted(unknown))})
    token.full_clean()
    token.save()
    caller.note(name=token.name, read_only=token.read_only, permissions=token.permissions, expires_at=token.expires_at)


@action("accounts.token.revoke")
def revoke_token(caller: Caller, token: ApiToken) -> None:
    """The token stops now; revoking it twice changes nothing."""
    _refuse_others(caller, token)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=caller.now)


def _refuse_others(caller: Caller, token: ApiToken) -> None:
    if caller.user is not None and caller.user.pk != token.user_id:
        raise PermissionDenied(_("A token is its owner's alone."))
