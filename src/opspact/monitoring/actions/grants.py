"""Maintenance and exemptions: asked for by the vendor, decided by the client manager, withdrawn by who asked."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.contracts.models import BusinessSystem, Contract
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.models import Approval
from opspact.monitoring.models import Check, GrantedInterval, Target

KIND = "monitoring.grant"


@action("monitoring.grant.request")
def request_grant(
    caller: Caller,
    contract: Contract,
    *,
    what: BusinessSystem | Target | Check,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    clause: str = "",
) -> GrantedInterval:
    """Ask the client manager for [starts_at, ends_at); it counts for nothing before it is approved.

    Raises ValidationError.
    """
    if ends_at <= starts_at:
        raise ValidationError(_("The end must be after the start."))
    if not reason.strip():
        raise ValidationError(_("Say why."))
    granted = GrantedInterval.objects.create(
        contract=contract,
        system=what if isinstance(what, BusinessSystem) else None,
        target=what if isinstance(what, Target) else None,
        checked=what if isinstance(what, Check) else None,
        kind=GrantedInterval.Kind(kind),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:300],
        clause=clause.strip()[:60],
        requested_by=caller.user,
        requested_at=caller.now,
    )
    approvals.ask(caller, granted, kind=KIND, title=str(granted), role=Role.CLIENT_MANAGER)
    caller.note(kind=kind, what=str(what), starts_at=starts_at, ends_at=ends_at)
    return granted


@action("monitoring.grant.request")
def withdraw_grant(caller: Caller, granted: GrantedInterval, *, reason: str = "") -> None:
    """Take the request back, or give up what was approved: then it counts for nothing. Raises ValidationError."""
    changed = GrantedInterval.objects.filter(pk=granted.pk, withdrawn_at=None, refused_at=None).update(
        withdrawn_at=caller.now
    )
    if not changed:
        raise ValidationError(_("This was refused or withdrawn already."))
    approvals.withdraw(caller, granted, KIND)
    granted.refresh_from_db()
    caller.note(reason=reason)


def decided(caller: Caller, approval: Approval) -> None:
    """The client manager answered (`kit.approvals`): the approval time is what the assessment goes by."""
    granted = approval.subject
    assert isinstance(granted, GrantedInterval)
    if approval.state == Approval.State.APPROVED:
        granted.approved_by, granted.approved_at = caller.user, caller.now
    else:
        granted.refused_at = caller.now
    granted.save(update_fields=["approved_by", "approved_at", "refused_at"])


approvals.on_decided(KIND, decided)
