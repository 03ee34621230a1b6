"""Starting, ending, reopening and cancelling a stocktaking, and the client's decision on its report."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import scope
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import remember
from opspact.kit.models import Approval, Change
from opspact.kit.permissions import declare, roles_of

LEAD, APPROVAL = "assets.stocktaking.lead", "assets.stocktaking.report"
BATCH = 2000
LEADERS = frozenset({Role.SERVICE_MANAGER, Role.CLIENT_ASSET_MANAGER})
State = Stocktaking.State
Item = StocktakingItem.State

declare(LEAD, gettext_lazy("Start, end and cancel stocktakings, and choose what follows"), LEADERS)


def locked(stocktaking: Stocktaking, *allowed: State) -> Stocktaking:
    """The stocktaking, locked to the end of the transaction so that two people write one after the other.

    Raises ValidationError, in words, unless it is in one of the states.
    """
    found = Stocktaking.objects.select_for_update(of=("self",)).select_related("contract").get(pk=stocktaking.pk)
    if found.deleted_at is not None or found.state not in allowed:
        raise ValidationError(_("The stocktaking is “%(state)s”; this can't be done now.") % {"state": _state(found)})
    return found


@action(LEAD)
def start(caller: Caller, stocktaking: Stocktaking) -> int:
    """Freeze the list of what is expected, and where; how many assets that is."""
    found = locked(stocktaking, State.PLANNED)
    assets = scope.assets_of(found.contract, found.scope).order_by("code").values_list("pk", "site", "room", "rack")
    names = ("asset_id", "expected_site_id", "expected_room_id", "expected_rack_id")
    items = [StocktakingItem(stocktaking=found, **dict(zip(names, each, strict=True))) for each in assets]
    if not items:
        raise ValidationError(_("No asset is in this scope; change the scope first."))
    StocktakingItem.objects.bulk_create(items, batch_size=BATCH)
    found.started_at = caller.now
    turn(caller, found, State.RUNNING, "")
    caller.note(expected=len(items))
    return len(items)


@action(LEAD)
def cancel(caller: Caller, stocktaking: Stocktaking, *, reason: str) -> None:
    """What was scanned stays on record; the ledger stays as it is."""
    if not reason.strip():
        raise ValidationError(_("Say why it is cancelled."))
    found = locked(stocktaking, State.PLANNED, State.RUNNING, State.COUNTED)
    approvals.withdraw(caller, found, APPROVAL)
    turn(caller, found, State.CANCELLED, reason)


@action(LEAD)
def finish(caller: Caller, stocktaking: Stocktaking, *, is_rest_missing: bool = False) -> None:
    """End the counting and put the report to the client; `is_rest_missing`: what is still open counts as missing."""
    found = locked(stocktaking, State.RUNNING)
    if doubtful := found.items.filter(state=Item.MOVED, confirmed_by=None).count():
        raise ValidationError(_("The places of %(n)s assets are not confirmed yet.") % {"n": doubtful})
    rest = found.items.filter(state=Item.OPEN)
    how_many = rest.count()
    if how_many and not is_rest_missing:
        raise ValidationError(
            _("%(n)s assets are still open: look for them, or end with them as missing.") % {"n": how_many}
        )
    with override(settings.LANGUAGE_CODE):
        remark = _("Not found by the end of the counting")
    rest.update(state=Item.MISSING, found_at=caller.now, found_by=caller.user, remark=remark)
    found.counted_at = caller.now
    turn(caller, found, State.COUNTED, "")
    title = _("Report of stocktaking %(stocktaking)s") % {"stocktaking": found}
    approvals.ask(caller, found, kind=APPROVAL, title=title, role=_judge(caller, found))
    caller.note(missing=how_many)


@action(LEAD)
def reopen(caller: Caller, stocktaking: Stocktaking, *, reason: str) -> None:
    """Take the report back and count on."""
    found = locked(stocktaking, State.COUNTED)
    approvals.withdraw(caller, found, APPROVAL)
    turn(caller, found, State.RUNNING, reason)


def decided(caller: Caller, approval: Approval) -> None:
    """The client's answer: approved the ledger may be adjusted, refused the counting goes on."""
    found = locked(Stocktaking.objects.get(pk=approval.subject_id), State.COUNTED)
    is_good = approval.state == Approval.State.APPROVED
    turn(caller, found, State.APPROVED if is_good else State.RUNNING, approval.comment)


def turn(caller: Caller, stocktaking: Stocktaking, to: State, reason: str) -> None:
    """Set the state, with its history. Part of an action that holds the lock."""
    with override(settings.LANGUAGE_CODE):
        texts = {"state": [_state(stocktaking), str(to.label)]}
    stocktaking.state = to
    stocktaking.updated_at = caller.now
    stocktaking.version += 1
    stocktaking.save()
    remember(caller, stocktaking.contract, [(stocktaking, Change.Verb.CHANGED, texts)], reason)
    caller.note(state=str(to), reason=reason)


def _judge(caller: Caller, stocktaking: Stocktaking) -> Role:
    """The client's asset manager; the client's manager where that one led the counting: nobody judges their own."""
    held = roles_of(caller.user, stocktaking.contract.code)
    return Role.CLIENT_MANAGER if Role.CLIENT_ASSET_MANAGER in held else Role.CLIENT_ASSET_MANAGER


def _state(stocktaking: Any) -> str:
    return str(stocktaking.get_state_display())


approvals.on_decided(APPROVAL, decided)
