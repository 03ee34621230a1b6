"""Leading assets through their life; what the client decides waits for the client's asset manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opspact.assets import lifecycle
from opspact.assets.ledgers import common
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, IpAddress, Lifecycle
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.identity.roles import Role
from opspact.kit import approvals, inbox
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, assign, write
from opspact.kit.lists.attaching import attach
from opspact.kit.models import Approval
from opspact.kit.permissions import declare, roles_of

PERMISSION = "assets.asset.lifecycle"
MESSAGE = "assets.lifecycle"
declare(PERMISSION, gettext_lazy("Change the status of assets"), common.EDITORS)


@dataclass(frozen=True)
class Done:
    """How many assets took the step, and for how many the client was asked."""

    changed: int = 0
    asked: int = 0


def kind_of(to: str) -> str:
    """The kind of approval of a step."""
    return f"{PERMISSION}.{to}"


@action(PERMISSION)
def take(caller: Caller, contract: Any, *, assets: Sequence[Asset], to: str, reason: str = "") -> Done:
    """Lead assets to a status, all or none; a step of the client's is asked for instead.

    Raises RecordRefused, by position in the order of their keys; ValidationError when the same was asked already.
    """
    step = lifecycle.STEPS[Lifecycle(to)]
    reason = reason.strip()
    due = [asset for asset in _locked(contract, assets) if asset.lifecycle != step.to]
    if step.asks_why and not reason:
        raise RecordRefused({0: [("reason", Wrong(N_("say why")))]})
    caller.note(to=str(to), reason=reason, assets=[asset.code for asset in due][:50])
    if step.is_clients:
        _ask(caller, due, step, reason)
        return Done(asked=len(due))
    for asset in due:
        withdraw_open(caller, asset)
    _write(caller, contract, due, step, reason)
    return Done(changed=len(due))


@action(PERMISSION)
def withdraw(caller: Caller, asset: Asset) -> None:
    """Take back what the client was asked. Raises ValidationError when nothing waits."""
    if not withdraw_open(caller, asset):
        raise ValidationError(_("Nothing waits for a decision here."))
    caller.note(asset=asset.code)


def waiting(asset: Asset) -> Approval | None:
    """The open question about the asset's next step."""
    return open_questions([asset]).get(asset.pk)


def open_questions(assets: Sequence[Asset]) -> dict[int, Approval]:
    """By asset, the open question about its next step. One query."""
    kinds = [kind_of(step.to) for step in lifecycle.STEPS.values() if step.is_clients]
    found = Approval.objects.filter(kind__in=kinds, state=Approval.State.OPEN, subject_id__in=[it.pk for it in assets])
    questions = list(found)
    attach(questions, ("asked_by",))
    return {each.subject_id: each for each in questions}


def withdraw_open(caller: Caller, asset: Asset) -> bool:
    """Part of an action that makes the question void."""
    steps = [step for step in lifecycle.STEPS.values() if step.is_clients]
    return bool(sum(approvals.withdraw(caller, asset, kind_of(step.to)) for step in steps))


def decided(caller: Caller, approval: Approval) -> None:
    """The client answered (`kit.approvals`): an approved step is taken there and then."""
    if approval.state != Approval.State.APPROVED:
        return
    step = lifecycle.STEPS[Lifecycle(approval.kind.rpartition(".")[2])]
    found = Asset.objects.filter(pk=approval.subject_id, deleted_at=None).select_related("contract").first()
    if found is None:
        raise ValidationError(_("This asset was taken off the ledger meanwhile."))
    contract = found.contract
    try:
        _write(caller, contract, _locked(contract, [found]), step, approval.title, is_decided=True)
    except RecordRefused as refused:
        raise ValidationError(
            [_(wrong.msgid) % wrong.params for each in refused.problems.values() for _name, wrong in each]
        ) from refused
    if step.to == Lifecycle.SCRAPPED:
        _ask_for_addresses(caller, found, approval)


def _locked(contract: Any, assets: Sequence[Asset]) -> list[Asset]:
    found: QuerySet[Asset] = ASSETS.records(contract).select_for_update(of=("self",))
    return list(found.filter(pk__in=[asset.pk for asset in assets]).order_by("pk"))


def _ask(caller: Caller, assets: Sequence[Asset], step: lifecycle.Step, reason: str) -> None:
    held = roles_of(caller.user, assets[0].contract.code) if assets else frozenset()
    # Nobody decides what they asked for themselves; the client's asset manager asks the client's manager.
    role = Role.CLIENT_MANAGER if Role.CLIENT_ASSET_MANAGER in held else Role.CLIENT_ASSET_MANAGER
    for position, asset in enumerate(assets):
        was, asset.lifecycle = asset.lifecycle, step.to
        if problems := lifecycle.refusals(asset, was, is_decided=True):
            raise RecordRefused({position: problems})
        asset.lifecycle = was
        title = _("%(step)s: %(asset)s. %(reason)s") % {"step": step.to.label, "asset": asset, "reason": reason}
        approvals.ask(caller, asset, kind=kind_of(step.to), title=title, role=role)


def _write(
    caller: Caller,
    contract: Any,
    assets: Sequence[Asset],
    step: lifecycle.Step,
    reason: str,
    *,
    is_decided: bool = False,
) -> None:
    fields = ASSETS.bound_fields(contract)
    pending = []
    for asset in assets:
        values: dict[str, Any] = {"lifecycle": str(step.to)}
        if step.to == Lifecycle.IN_USE and asset.in_service_on is None:
            values["in_service_on"] = localtime(caller.now).date()
        if step.leaves_rack:
            values |= {"rack": None, "u_pos": None}
        pending.append(assign(fields, asset, values))
        asset.is_step_decided = is_decided  # type: ignore[attr-defined]  # for lifecycle.check
    write(caller, ASSETS, contract, pending, reason)


def _ask_for_addresses(caller: Caller, asset: Asset, approval: Approval) -> None:
    """Whoever asked, and the service managers, are told which addresses a scrapped asset still holds."""
    held = IpAddress.objects.filter(asset=asset, deleted_at=None).exclude(state=IpAddress.State.RELEASED)
    addresses = [str(address) for address in held.order_by("ip")[:10]]
    if not addresses:
        return
    code = asset.contract.code
    told = User.objects.filter(grants__contract_code=code, grants__role=Role.SERVICE_MANAGER, is_active=True)
    inbox.send(
        {*told, *([approval.asked_by] if approval.asked_by else [])},
        kind=MESSAGE,
        text=N_("%(asset)s is scrapped and still holds %(addresses)s: release them."),
        at=caller.now,
        contract_code=code,
        url=asset.get_absolute_url(),
        asset=str(asset),
        addresses="、".join(addresses),
    )


for _step in lifecycle.STEPS.values():
    if _step.is_clients:
        approvals.on_decided(kind_of(_step.to), decided)
