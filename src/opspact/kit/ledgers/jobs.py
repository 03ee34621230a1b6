"""Reading and applying large workbooks, where nobody waits for the page."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from opspact.core.words import N_
from opspact.identity.models import User
from opspact.kit import scope
from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports
from opspact.kit.ledgers.ledger import ledgers
from opspact.kit.models import LedgerImport

log = logging.getLogger(__name__)
BROKEN = N_("Reading this file broke off for a reason that only the log knows. Nothing was written.")


@app.task(name="kit.ledgers.read", pass_context=False)
def read(batch: int) -> None:
    """Read a kept workbook into its preview."""
    found = LedgerImport.objects.get(pk=batch)
    try:
        imports.read(found, ledgers[found.ledger], scope.contract(found.contract_code))
    except Exception:
        log.exception("ledger import %s can't be read", batch)
        _failed(batch, BROKEN, {})


@app.task(name="kit.ledgers.apply", pass_context=False)
def apply(batch: int, user: int, only_good: bool) -> None:
    """Apply a preview in the name of who asked for it."""
    found = LedgerImport.objects.get(pk=batch)
    caller = Caller(User.objects.get(pk=user), timezone.now(), "job")
    try:
        imports.apply(caller, ledgers[found.ledger], scope.contract(found.contract_code), found, only_good=only_good)
    except ValidationError as refused:
        message, params = N_("Nothing was written: %(reason)s"), {"reason": " ".join(refused.messages)[:500]}
        failure = {"message": message, "params": params}
        _unapplied(batch).update(state=LedgerImport.State.PREVIEWED, failure=failure)
    except Exception:
        log.exception("ledger import %s can't be applied", batch)
        _failed(batch, BROKEN, {})


def _failed(batch: int, message: str, params: dict[str, str]) -> None:
    _unapplied(batch).update(
        state=LedgerImport.State.FAILED, failure={"message": message, "params": params}, content=None
    )


def _unapplied(batch: int) -> QuerySet[LedgerImport]:
    """The import unless it was applied meanwhile: a second job must not make it appliable again."""
    over = (LedgerImport.State.APPLIED, LedgerImport.State.UNDONE)
    return LedgerImport.objects.filter(pk=batch).exclude(state__in=over)
