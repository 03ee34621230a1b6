"""What was done to many records of a ledger at once, kept so that it can be looked at and undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from opspact.kit.actions import Caller
from opspact.kit.ledgers.copying import copy_into
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import Pending
from opspact.kit.models import LedgerBatch, LedgerBatchRow

Kind = LedgerBatch.Kind
Status = LedgerBatchRow.Status
ROW = ("batch", "number", "status", "texts", "changes", "problems", "remarks", "record_id", "before", "version", "left")


def of_changes(
    caller: Caller, ledger: Ledger, contract: Any, pending: Sequence[Pending], names: Sequence[str], reason: str
) -> LedgerBatch:
    """Keep the records that were changed on the list, with what was replaced."""
    changed = [each for each in pending if each.texts]
    batch = _applied(caller, ledger, contract, Kind.CHANGE, reason, {Status.CHANGED: len(changed)}, names)
    _copy(batch, ((Status.CHANGED, each.record, each.texts, each.before) for each in changed))
    return batch


def of_deletions(caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str) -> LedgerBatch:
    """Keep the records that were taken off on the list."""
    batch = _applied(caller, ledger, contract, Kind.DELETE, reason, {Status.DELETED: len(records)}, ())
    _copy(batch, ((Status.DELETED, each, {}, {}) for each in records))
    return batch


def _applied(
    caller: Caller, ledger: Ledger, contract: Any, kind: str, reason: str, counts: dict[str, int], names: Sequence[str]
) -> LedgerBatch:
    done = sum(counts.values())
    return LedgerBatch.objects.create(
        contract_code=contract.code,
        ledger=ledger.name,
        kind=kind,
        reason=reason[:300],
        columns=list(names),
        state=LedgerBatch.State.APPLIED,
        uploaded_by=caller.user,
        uploaded_at=caller.now,
        applied_by=caller.user,
        applied_at=caller.now,
        done=done,
        total=done,
        counts={str(status): n for status, n in counts.items()},
    )


def _copy(batch: LedgerBatch, rows: Iterable[tuple[Status, Any, dict[str, Any], dict[str, Any]]]) -> None:
    copy_into(
        LedgerBatchRow,
        ROW,
        (
            (batch.pk, number, status.value, {}, changes, [], [], record.pk, before, record.version, [])
            for number, (status, record, changes, before) in enumerate(rows, start=1)
        ),
    )


def alone(batch: LedgerBatch) -> LedgerBatch:
    """The batch as it stands, with nobody else at work on it; its row stays untouched, for `Progress` writes there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kit.ledgerbatch'), %s)", [batch.pk])
    return LedgerBatch.objects.get(pk=batch.pk)
