"""A refusal before any action was reached: a page that is not this person's leaves its row in the audit trail too."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import escape_uri_path

from opspact.identity.models import User
from opspact.kit.actions import client_address
from opspact.kit.models.audit import AuditEvent


def put_on_record(request: HttpRequest, permission: str, error: PermissionDenied, *, via: str = "page") -> None:
    """One row (GB/T 22239-2019 8.1.4.3) with the permission that was missing and the address that was asked for.

    Nothing for a refusal by an action, which has its row, and nothing for who is not signed in.
    """
    if getattr(error, "is_on_record", False) or not isinstance(request.user, User):
        return
    contract = getattr(request, "contract", None)
    AuditEvent.objects.create(
        at=timezone.now(),
        user=request.user,
        user_name=request.user.username,
        via=via,
        ip=client_address(request),
        action=permission,
        contract_code=contract.code if contract is not None else "",
        result=AuditEvent.Result.DENIED,
        detail={"method": request.method, "path": escape_uri_path(request.path)[:200]},
    )
