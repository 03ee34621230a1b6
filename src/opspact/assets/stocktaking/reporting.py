"""Putting the report of a stocktaking to the client: frozen from then on, so that what they approve is what is done."""

from __future__ import annotations

import hashlib
import json

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking.deciding import undecided
from opspact.assets.stocktaking.leading import APPROVAL, LEAD, State, locked, turn, void
from opspact.identity.roles import Role
from opspact.kit import approvals
from opspact.kit.actions import Caller, action
from opspact.kit.models import Approval
from opspact.kit.permissions import roles_of

_REPORTED = (
    *("pk", "asset_id", "state", "text", "remark", "resolution", "new_category_id"),
    *("expected_site_id", "expected_room_id", "expected_rack_id", "found_site_id", "found_room_id", "found_rack_id"),
    *("found_at", "found_by_id", "confirmed_by_id"),
)


def digest(stocktaking: Stocktaking) -> str:
    """SHA-256 over its scope and each item: what was found, by whom, where, and what follows."""
    found = hashlib.sha256()
    head = [stocktaking.contract.code, stocktaking.code, stocktaking.scope, stocktaking.started_at]
    found.update(json.dumps([*head, stocktaking.counted_at], default=str, sort_keys=True).encode())
    for row in stocktaking.items.order_by("pk").values_list(*_REPORTED).iterator(chunk_size=5000):
        found.update(json.dumps(row, default=str).encode())
    return found.hexdigest()


@action(LEAD)
def submit(caller: Caller, stocktaking: Stocktaking) -> None:
    """Freeze the report and ask the client. Raises ValidationError while it is open what follows for an item."""
    found = locked(stocktaking, State.COUNTED)
    if unsaid := undecided(found).count():
        raise ValidationError(_("For %(n)s items nobody chose yet what follows.") % {"n": unsaid})
    found.report_digest, found.submitted_at = digest(found), caller.now
    turn(caller, found, State.SUBMITTED, "")
    title = _("Report of stocktaking %(stocktaking)s") % {"stocktaking": found}
    approvals.ask(caller, found, kind=APPROVAL, title=title, role=_judge(caller, found))
    caller.note(digest=found.report_digest)


@action(LEAD)
def take_back(caller: Caller, stocktaking: Stocktaking, *, reason: str) -> None:
    """Take the report back, also an approved one, to change what follows; it has to be submitted again."""
    if not reason.strip():
        raise ValidationError(_("Say why the report is taken back."))
    found = locked(stocktaking, State.SUBMITTED, State.APPROVED)
    void(caller, found)
    turn(caller, found, State.COUNTED, reason)


def decided(caller: Caller, approval: Approval) -> None:
    """The client's answer: approved, the ledger may be adjusted; refused, the report is its leader's again.

    Raises ValidationError when what they were asked about is not what is there.
    """
    found = locked(Stocktaking.objects.get(pk=approval.subject_id), State.SUBMITTED)
    if approval.state == Approval.State.APPROVED:
        refuse_another(found)
        turn(caller, found, State.APPROVED, approval.comment)
        caller.note(digest=found.report_digest)
    else:
        void(caller, found)
        turn(caller, found, State.COUNTED, approval.comment)


def refuse_another(stocktaking: Stocktaking) -> None:
    """Raises ValidationError unless the items are as they were when the report was submitted."""
    if digest(stocktaking) != stocktaking.report_digest:
        raise ValidationError(
            _("The stocktaking is not what was reported any more. Take the report back and submit it again.")
        )


def _judge(caller: Caller, stocktaking: Stocktaking) -> Role:
    """The client's asset manager; the client's manager where that one led the counting: nobody judges their own."""
    held = roles_of(caller.user, stocktaking.contract.code)
    return Role.CLIENT_MANAGER if Role.CLIENT_ASSET_MANAGER in held else Role.CLIENT_ASSET_MANAGER


approvals.on_decided(APPROVAL, decided)
