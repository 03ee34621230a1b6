"""Every write is an action: permission, change and audit together, the same for page, API, shell and job.

    @action("servicedesk.incident.assign")
    def assign(caller: Caller, incident: Incident, *, to: User) -> None:
        ...
        caller.note(to=to.username)

The second argument is what the action is about; its contract decides the permission. The audit row is written in the
same transaction as the change, so there is never one without the other; a refusal or a failure has its row as well.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from opspact.identity.models import User
from opspact.kit.models.audit import AuditEvent
from opspact.kit.permissions import may, permission

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


@dataclass
class Caller:
    """Who acts, when and through which door. `now` is aware UTC and the only clock an action may read.

    `user` None is the machine itself (a job, a collector's result): it may do everything, and the audit says so.
    """

    user: User | None
    now: datetime
    via: str
    ip: str | None = None
    _notes: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Caller:
        user = request.user if isinstance(request.user, User) else None
        if user is None:
            raise PermissionDenied
        return cls(user, timezone.now(), "page", client_address(request))

    @classmethod
    def system(cls, *, now: datetime, via: str = "job") -> Caller:
        return cls(None, now, via)

    @property
    def name(self) -> str:
        return self.user.username if self.user else self.via

    def note(self, **details: Any) -> None:
        """Put what changed into the audit row of the running action. Never a secret."""
        self._notes[-1].update(details)


def client_address(request: HttpRequest) -> str | None:
    """The peer's address. X-Forwarded-For counts only behind a declared proxy, and then its last hop.

    None for what is no address: a wrongly set up proxy must not keep an audit row from being written.
    """
    from django.conf import settings

    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    said = forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None


def contract_code_of(subject: Any) -> str:
    """The code of the contract a thing belongs to; "" for what belongs to the installation."""
    if subject is None:
        return ""
    if isinstance(code := getattr(subject, "contract_code", None), str):
        return code
    contract = getattr(subject, "contract", None)
    return contract.code if contract is not None else ""


def action(
    name: str,
) -> Callable[[Callable[Concatenate[Caller, S, P], R]], Callable[Concatenate[Caller, S, P], R]]:
    """Guard and audit a write. See the module's text."""

    def decorate(function: Callable[Concatenate[Caller, S, P], R]) -> Callable[Concatenate[Caller, S, P], R]:
        @functools.wraps(function)
        def guarded(caller: Caller, subject: S, *args: P.args, **kwargs: P.kwargs) -> R:
            _refuse_unless_permitted(caller, name, subject)
            caller._notes.append({})
            try:
                with transaction.atomic():
                    result = function(caller, subject, *args, **kwargs)
                    _append(caller, name, subject, AuditEvent.Result.DONE)
            except PermissionDenied as refused:
                _append_after_failure(caller, name, subject, AuditEvent.Result.DENIED)
                refused.is_on_record = True  # type: ignore[attr-defined]  # see kit.refusals
                raise
            except Exception as error:
                caller.note(error=type(error).__name__)
                _append_after_failure(caller, name, subject)
                raise
            finally:
                caller._notes.pop()
            return result

        return guarded

    return decorate


def _refuse_unless_permitted(caller: Caller, name: str, subject: Any) -> None:
    if caller.user is None:
        permission(name)
        return
    if may(caller.user, name, contract_code_of(subject)):
        return
    caller._notes.append({})
    _append_after_failure(caller, name, subject, AuditEvent.Result.DENIED)
    caller._notes.pop()
    refused = PermissionDenied(_("You may not do this: %(what)s.") % {"what": permission(name).label})
    refused.is_on_record = True  # type: ignore[attr-defined]  # see kit.refusals
    raise refused


def _append_after_failure(caller: Caller, name: str, subject: Any, result: str = AuditEvent.Result.FAILED) -> None:
    """The failed change is rolled back, its row must stay; inside an outer transaction that is broken it can't."""
    if not transaction.get_connection().needs_rollback:
        _append(caller, name, subject, result)


def _append(caller: Caller, name: str, subject: Any, result: str) -> None:
    AuditEvent.objects.create(
        at=caller.now,
        user=caller.user,
        user_name=caller.name,
        via=caller.via,
        ip=caller.ip,
        action=name,
        contract_code=contract_code_of(subject),
        subject_type=subject._meta.label_lower if hasattr(subject, "_meta") else "",
        subject_id=str(getattr(subject, "pk", "") or ""),
        subject_label=_label_of(subject),
        result=result,
        detail=caller._notes[-1],
    )


def _label_of(subject: Any) -> str:
    """How the trail calls a thing: its `audit_label` where its name says more than the audit administrator may know."""
    return str(getattr(subject, "audit_label", subject))[:200] if subject is not None else ""
