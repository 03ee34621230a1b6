"""Who calls the API, and for which contract: a bearer token, then the same permissions as on the pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from opspact.accounts.tokens import authenticate
from opspact.contracts.models import Contract
from opspact.identity.models import User
from opspact.kit.actions import Caller, client_address
from opspact.kit.permissions import may


class Token(HttpBearer):
    """`Authorization: Bearer opp_…`, made on the page "My account". Sessions do not count here."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = authenticate(token, timezone.now())
        if user is not None:
            request.user = user
        return user


def contract_for(request: HttpRequest, code: str, permission: str) -> Contract:
    """The contract, when the caller holds a role in it and this permission there. Raises HttpError 404, or 403."""
    user = request.user
    contract = Contract.objects.filter(code=code).first() if user.roles_in(code) else None
    if contract is None:
        raise HttpError(404, "There is no such contract for you.")
    request.contract = contract
    if not may(user, permission, code):
        refused = PermissionDenied(f"This needs the permission {permission}.")
        refused.permission = permission  # type: ignore[attr-defined]  # for the audit trail
        raise refused
    return contract


def caller_of(request: HttpRequest) -> Caller:
    return Caller(request.user, timezone.now(), "api", client_address(request))
