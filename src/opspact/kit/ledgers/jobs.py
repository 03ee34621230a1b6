"""Reading, applying and undoing what is large, where nobody waits for the page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from opspact.core.words import N_
from opspact.identity.models import User
from opspact.kit import scope
from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports, undoing
from opspact.kit.ledgers.ledger import Ledger, ledgers
from opspact.kit.ledgers.progress import Cancelled
from opspact.kit.models import LedgerBatch
from opspact.kit.retaking import retake

log = logging.getLogger(__name__)
State = LedgerBatch.State
MANY = 2_000
"""Rows from which on applying and undoing are a job's work."""
BROKEN = N_("The work broke off for a reason that only the log knows. Nothing was written.")
NOTHING = N_("Nothing was written: %(reason)s")
FORBIDDEN = N_("the permission for it was withdrawn")


def read_soon(batch: LedgerBatch, ledger: Ledger, contract: Any, size: int) -> None:
    """Read an uploaded file of so many bytes: at once, or by a job when it is large."""
    if size <= imports.AT_ONCE:
        imports.read(batch, ledger, contract)
    else:
        read.defer(batch=batch.pk)


def apply_soon(
    caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch, *, only_good: bool
) -> dict[str, int] | None:
    """Apply a preview: the counts, or None where a job does it. Raises ValidationError, RecordRefused."""
    if batch.total <= MANY or caller.user is None:
        return imports.apply(caller, ledger, contract, batch, only_good=only_good)
    if not _begin(batch, State.PREVIEWED, State.APPLYING):
        raise ValidationError(_("This import was applied already."))
    apply.defer(batch=batch.pk, user=caller.user.pk, only_good=only_good)
    return None


def undo_soon(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch) -> undoing.Undoing | None:
    """Undo a batch: what was done, or None where a job does it. Raises ValidationError."""
    if batch.total <= MANY or caller.user is None:
        return undoing.undo(caller, ledger, contract, batch)
    if not _begin(batch, State.APPLIED, State.UNDOING):
        raise ValidationError(_(undoing.NOT_APPLIED))
    undo.defer(batch=batch.pk, user=caller.user.pk)
    return None


def _begin(batch: LedgerBatch, before: State, working: State) -> bool:
    waiting = LedgerBatch.objects.filter(pk=batch.pk, state=before)
    return bool(waiting.update(state=working, done=0, failure={}))


@app.task(name="kit.ledgers.read", pass_context=False)
def read(batch: int) -> None:
    """Read a kept workbook into its preview."""
    found = LedgerBatch.objects.get(pk=batch)
    try:
        imports.read(found, ledgers[found.ledger], scope.contract(found.contract_code))
    except Exception:
        log.exception("ledger import %s can't be read", batch)
        _end(batch, State.READING, State.FAILED, BROKEN)


@app.task(name="kit.ledgers.apply", pass_context=False)
def apply(batch: int, user: int, only_good: bool) -> None:
    """Apply a preview in the name of who asked for it."""

    def do(caller: Caller, ledger: Ledger, contract: Any, found: LedgerBatch) -> None:
        imports.apply(caller, ledger, contract, found, only_good=only_good)

    _at_work(batch, user, do, State.APPLYING, back_to=State.PREVIEWED)


@app.task(name="kit.ledgers.undo", pass_context=False)
def undo(batch: int, user: int) -> None:
    """Undo a batch in the name of who asked for it."""
    _at_work(batch, user, undoing.undo, State.UNDOING, back_to=State.APPLIED)


def _at_work(batch: int, user: int, do: Callable[..., Any], working: State, *, back_to: State) -> None:
    """Nothing half done: what fails leaves the batch as it was before, and says why."""
    found = LedgerBatch.objects.get(pk=batch)
    if found.state != working:
        return  # cancelled before it began, or done by a job that was thought lost
    caller = Caller(User.objects.get(pk=user), timezone.now(), "job")
    try:
        do(caller, ledgers[found.ledger], scope.contract(found.contract_code), found)
    except Cancelled:
        log.info("ledger batch %s was cancelled", batch)
    except ValidationError as refused:
        _end(batch, working, back_to, NOTHING, {"reason": " ".join(refused.messages)[:500]})
    except PermissionDenied:
        _end(batch, working, back_to, NOTHING, {"reason": _(FORBIDDEN)})
    except Exception:
        log.exception("ledger batch %s broke off", batch)
        _end(batch, working, back_to, BROKEN)


def _end(batch: int, working: State, then: State, message: str, params: Mapping[str, str] | None = None) -> None:
    """The work is over, unless it was already: what was applied meanwhile must not become appliable again."""
    failure = {"message": message, "params": dict(params or {})}
    over: QuerySet[LedgerBatch] = LedgerBatch.objects.filter(pk=batch, state=working)
    if then == State.FAILED:
        over.update(state=then, failure=failure, content=None)
    else:
        over.update(state=then, failure=failure)


retake("kit.ledgers.read", lambda given: _end(given["batch"], State.READING, State.FAILED, BROKEN))
retake("kit.ledgers.apply", lambda given: _end(given["batch"], State.APPLYING, State.PREVIEWED, BROKEN))
retake("kit.ledgers.undo", lambda given: _end(given["batch"], State.UNDOING, State.APPLIED, BROKEN))
