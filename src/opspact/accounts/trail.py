"""Audit rows for what happens to a person without an action of theirs: signing in, failing to, being signed out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from opspact.identity.models import User
from opspact.kit.actions import client_address
from opspact.kit.models.audit import AuditEvent

Result = AuditEvent.Result


def record(
    action: str,
    *,
    now: datetime,
    result: str,
    request: HttpRequest | None = None,
    user: User | None = None,
    name: str = "",
    **detail: Any,
) -> None:
    """Append one row. `name` is what was typed where no user is known; only the first 60 characters are kept."""
    AuditEvent.objects.create(
        at=now,
        user=user,
        user_name=(user.username if user else name)[:60],
        via="page" if request is not None else "job",
        ip=client_address(request) if request is not None else None,
        action=action,
        subject_type="identity.user",
        subject_id=str(user.pk) if user else "",
        subject_label=str(user) if user else "",
        result=result,
        detail=detail,
    )
