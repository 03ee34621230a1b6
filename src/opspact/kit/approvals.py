"""Questions put to a role, and their answers. A room asks, and says what follows from the answer:

approvals.on_decided("reports.accept", when_decided)   # when_decided(caller, approval), same transaction
approvals.ask(caller, report, kind="reports.accept", title=..., role=Role.CLIENT_MANAGER)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller, action, contract_code_of
from opspact.kit.models import Approval
from opspact.kit.permissions import roles_of

Handler = Callable[[Caller, Approval], None]
State = Approval.State
KIND = "kit.approval"

_handlers: dict[str, Handler] = {}


def on_decided(kind: str, handler: Handler) -> None:
    """What an answer does: called once, in the transaction of the answer, which fails when the handler raises."""
    if kind in _handlers:
        raise ValueError(f"approvals of {kind} have a handler")
    _handlers[kind] = handler


def ask(caller: Caller, subject: Model, *, kind: str, title: str, role: Role) -> Approval:
    """Put the question to everybody who holds `role` in the subject's contract. Part of the asking room's action.

    Raises ValidationError when the same question is open, LookupError for a kind without a handler.
    """
    if kind not in _handlers:
        raise LookupError(kind)
    code = contract_code_of(subject)
    subject_type = ContentType.objects.get_for_model(subject)
    if Approval.objects.filter(kind=kind, subject_type=subject_type, subject_id=subject.pk, state=State.OPEN).exists():
        raise ValidationError(_("This was asked already and waits for an answer."))
    approval = Approval.objects.create(
        contract_code=code,
        kind=kind,
        subject=subject,
        title=title[:200],
        role=role,
        asked_by=caller.user,
        asked_at=caller.now,
    )
    asked = User.objects.filter(grants__contract_code=code, grants__role=role, is_active=True).distinct()
    text = N_("Waiting for your decision: %(title)s")
    inbox.send(
        asked, kind=KIND, text=text, at=caller.now, contract_code=code, url=url_of(approval), title=approval.title
    )
    return approval


def withdraw(caller: Caller, subject: Model, kind: str) -> bool:
    """Take an open question back, as when its subject changed. Part of the asking room's action; False if none was."""
    subject_type = ContentType.objects.get_for_model(subject)
    still = Approval.objects.filter(kind=kind, subject_type=subject_type, subject_id=subject.pk, state=State.OPEN)
    return bool(still.update(state=State.WITHDRAWN, decided_by=caller.user, decided_at=caller.now))


@action("kit.approval.decide")
def decide(caller: Caller, approval: Approval, *, approved: bool, comment: str = "") -> None:
    """Answer. Only the role that was asked, never the person who asked; a refusal needs words.

    Raises ValidationError when it was answered or withdrawn meanwhile, and whatever the handler raises.
    """
    if caller.user is None or approval.role not in roles_of(caller.user, approval.contract_code):
        raise PermissionDenied(_("This is for another role to decide."))
    if approval.asked_by_id == caller.user.pk:
        raise PermissionDenied(_("Nobody decides what they asked for themselves."))
    comment = comment.strip()
    if not approved and not comment:
        raise ValidationError(_("Say why it is refused."))
    state = State.APPROVED if approved else State.REFUSED
    changed = Approval.objects.filter(pk=approval.pk, state=State.OPEN).update(
        state=state, decided_by=caller.user, decided_at=caller.now, comment=comment
    )
    approval.refresh_from_db()
    if not changed:
        raise ValidationError(_("This is “%(state)s” already.") % {"state": approval.get_state_display()})
    _handlers[approval.kind](caller, approval)
    _tell_the_asker(caller, approval)
    caller.note(kind=approval.kind, state=state, title=approval.title)


def visible_to(user: Any, contract_code: str) -> QuerySet[Approval]:
    """What this person decides by a role they hold, and what they asked for."""
    roles = [role.value for role in roles_of(user, contract_code)]
    mine = Q(role__in=roles) | Q(asked_by=user)
    return Approval.objects.filter(mine, contract_code=contract_code)


def waiting_for(user: Any, contract_code: str) -> QuerySet[Approval]:
    """What this person can decide now."""
    roles = [role.value for role in roles_of(user, contract_code)]
    waiting = Approval.objects.filter(contract_code=contract_code, role__in=roles, state=State.OPEN)
    return waiting.exclude(asked_by=user)


def url_of(approval: Approval) -> str:
    return reverse("kit:approval", kwargs={"contract": approval.contract_code, "pk": approval.pk})


def _tell_the_asker(caller: Caller, approval: Approval) -> None:
    if approval.asked_by is None:
        return
    text = N_("Approved: %(title)s") if approval.state == State.APPROVED else N_("Refused: %(title)s")
    inbox.send(
        [approval.asked_by],
        kind=KIND,
        text=text,
        at=caller.now,
        contract_code=approval.contract_code,
        url=url_of(approval),
        title=approval.title,
    )
