"""Accounts are closed when their holder leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from opspact.assets.ledgers.software import MAILBOXES
from opspact.assets.models import Mailbox
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused


def close(
    caller: Caller, contract: Any, accounts: Sequence[Mailbox], *, on: date | None = None, reason: str = ""
) -> int:
    """Close those that are open, on a day that has come, today unless given; how many. Raises RecordRefused."""
    day = on or localdate(caller.now)
    if day > localdate(caller.now):
        raise RecordRefused({0: [("on", Wrong(N_("%(day)s has not come yet"), day=str(day)))]})
    wanted = MAILBOXES.records(contract).filter(pk__in=[each.pk for each in accounts], closed_on=None)
    return actions.change_many(caller, MAILBOXES, contract, list(wanted), {"closed_on": day}, reason)
