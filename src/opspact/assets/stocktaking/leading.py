"""Starting, ending, reopening and cancelling a stocktaking. The report on it is `reporting`'s."""

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
from opspact.kit.models import Change
from opspact.kit.permissions import declare

LEAD, APPROVAL = "assets.stocktaking.lead", "assets.stocktaking.report"
BATCH = 2000
LEADERS = frozenset({Role.SERVICE_MANAGER, Role.CLIENT_ASSET_MANAGER})
State = Stocktaking.State
Item = StocktakingItem.State
FROZEN = (State.SUBMITTED, State.APPROVED, State.ADJUSTING)
"""While the client has the report, and until the ledger is adjusted to what they approved, nothing of it changes."""

declare(LEAD, gettext_lazy("Start, end and cancel stocktakings, and choose what follows"), LEADERS)


def locked(stocktaking: Stocktaking, *allowed: State) -> Stocktaking:
    """The stocktaking, locked to the end of the transaction so that two people write one after the other.

    Raises ValidationError, in words, unless it is in one of the states.
    """
    found = Stocktaking.objects.select_for_update(of=("self",)).select_related("contract").get(pk=stocktaking.pk)
    if found.deleted_at is None and found.state in allowed:
        return found
    if found.state in FROZEN:
        words = _(
            "The stocktaking is “%(state)s”: what was found and what follows stay as they were reported. "
            "Take the report back to change something."
        )
        raise ValidationError(words % {"state": _state(found)})
    raise ValidationError(_("The stocktaking is “%(state)s”; this can't be done now.") % {"state": _state(found)})


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
    found = locked(stocktaking, State.PLANNED, State.RUNNING, State.COUNTED, State.SUBMITTED)
    approvals.withdraw(caller, found, APPROVAL)
    turn(caller, found, State.CANCELLED, reason)


@action(LEAD)
def finish(caller: Caller, stocktaking: Stocktaking, *, is_rest_missing: bool = False) -> None:
    """End the counting; `is_rest_missing`: what is still open counts as missing."""
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
    caller.note(missing=how_many)


@action(LEAD)
def reopen(caller: Caller, stocktaking: Stocktaking, *, reason: str) -> None:
    """Count on. A report that is with the client, or was approved, is void and has to be submitted again."""
    if not reason.strip():
        raise ValidationError(_("Say why the counting goes on."))
    found = locked(stocktaking, State.COUNTED, State.SUBMITTED, State.APPROVED)
    void(caller, found)
    turn(caller, found, State.RUNNING, reason)


def void(caller: Caller, stocktaking: Stocktaking) -> None:
    """What the client was asked, or approved, holds no longer. Part of an action that holds the lock."""
    approvals.withdraw(caller, stocktaking, APPROVAL)
    stocktaking.report_digest, stocktaking.submitted_at, stocktaking.adjusting = "", None, {}


def turn(caller: Caller, stocktaking: Stocktaking, to: State, reason: str) -> None:
    """Set the state, with its history. Part of an action; raises ValidationError when another was quicker."""
    was = stocktaking.state
    with override(settings.LANGUAGE_CODE):
        texts = {"state": [_state(stocktaking), str(to.label)]}
    if not Stocktaking.objects.filter(pk=stocktaking.pk, state=was).update(state=to):
        raise ValidationError(_("Somebody else led this stocktaking on meanwhile; look at it again."))
    stocktaking.state = to
    stocktaking.updated_at = caller.now
    stocktaking.version += 1
    stocktaking.save()
    remember(caller, stocktaking.contract, [(stocktaking, Change.Verb.CHANGED, texts)], reason)
    caller.note(state=str(to), reason=reason)


def _state(stocktaking: Any) -> str:
    return str(stocktaking.get_state_display())
