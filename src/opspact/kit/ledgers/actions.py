"""What people do to single records of a ledger. Each is an action: permission, change, audit and history together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.batches import of_changes, of_deletions
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import Pending, RecordRefused, assign, refuse_wrong, remember, write
from opspact.kit.models import Change, LedgerBatch

STALE = N_("somebody else changed this record meanwhile; look at it again and repeat your change")
GONE = N_("this record was taken off the ledger meanwhile; restore it before you change it")
TAKEN = N_("“%(found)s” is taken already")


def create(caller: Caller, ledger: Ledger, contract: Any, values: Mapping[str, Any], reason: str = "") -> Any:
    """A new record from values by field name. Raises RecordRefused."""
    return action(ledger.permission("edit"))(_create)(caller, contract, ledger, values, reason)


def change(
    caller: Caller, ledger: Ledger, record: Any, values: Mapping[str, Any], reason: str = "", version: int | None = None
) -> Any:
    """Set values by field name; refused when `version`, which the person saw, is past. Raises RecordRefused."""
    return action(ledger.permission("edit"))(_change)(caller, record, ledger, values, reason, version)


def change_picked(
    caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], values: Mapping[str, Any], reason: str = ""
) -> LedgerBatch:
    """As `change_many`, kept as a batch that can be undone."""
    return action(ledger.permission("edit"))(_change_picked)(caller, contract, ledger, records, values, reason)


def delete_picked(
    caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str = ""
) -> LedgerBatch:
    """As `delete`, kept as a batch that can be undone."""
    return action(ledger.permission("delete"))(_delete_picked)(caller, contract, ledger, records, reason)


def change_many(
    caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], values: Mapping[str, Any], reason: str = ""
) -> int:
    """Set the same values on many records; how many changed. All or none. Raises RecordRefused."""
    return action(ledger.permission("edit"))(_change_many)(caller, contract, ledger, records, values, reason)


def delete(caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str = "") -> int:
    """Take records off the ledger; they can be restored, and their keys are never given again."""
    return action(ledger.permission("delete"))(_delete)(caller, contract, ledger, records, reason)


def restore(caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str = "") -> int:
    """Put deleted records back. Raises RecordRefused when something else stands in their place now."""
    return action(ledger.permission("delete"))(_restore)(caller, contract, ledger, records, reason)


def _create(caller: Caller, contract: Any, ledger: Ledger, values: Mapping[str, Any], reason: str) -> Any:
    record = ledger.model(contract=contract)
    fields = ledger.bound_fields(contract)
    _refuse_missing(fields, values, ledger)
    _write_one(caller, ledger, contract, fields, record, values, reason)
    caller.note(**{ledger.key: str(getattr(record, ledger.key))})
    return record


def _change(
    caller: Caller, record: Any, ledger: Ledger, values: Mapping[str, Any], reason: str, version: int | None
) -> Any:
    contract = record.contract
    locked = ledger.records(contract).select_for_update(of=("self",)).filter(pk=record.pk).first()
    if locked is None:
        raise RecordRefused({0: [("", Wrong(GONE))]})
    if version is not None and locked.version != version:
        raise RecordRefused({0: [("", Wrong(STALE))]})
    fields = ledger.bound_fields(contract)
    _refuse_missing(fields, values, ledger)
    texts = _write_one(caller, ledger, contract, fields, locked, values, reason)
    caller.note(reason=reason, changed=sorted(texts))
    return locked


def _change_many(
    caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], values: Mapping[str, Any], reason: str
) -> int:
    return sum(bool(each.texts) for each in _write_many(caller, contract, ledger, records, values, reason))


def _change_picked(
    caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], values: Mapping[str, Any], reason: str
) -> LedgerBatch:
    pending = _write_many(caller, contract, ledger, records, values, reason)
    return of_changes(caller, ledger, contract, pending, list(values), reason)


def _write_many(
    caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], values: Mapping[str, Any], reason: str
) -> list[Pending]:
    locked = _locked(ledger.records(contract), records)
    fields = ledger.bound_fields(contract)
    pending = [assign(fields, record, values) for record in locked]
    write(caller, ledger, contract, pending, reason)
    done = sum(bool(each.texts) for each in pending)
    caller.note(reason=reason, records=done, changed=sorted(values))
    return pending


def _delete(caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], reason: str) -> int:
    return len(_take_off(caller, contract, ledger, records, reason))


def _delete_picked(caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], reason: str) -> LedgerBatch:
    return of_deletions(caller, ledger, contract, _take_off(caller, contract, ledger, records, reason), reason)


def _take_off(caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], reason: str) -> list[Any]:
    found = _locked(ledger.records(contract), records)
    if problems := ledger.check_delete(contract, found):
        raise RecordRefused(problems, found)
    ledger.model._default_manager.filter(pk__in=[each.pk for each in found]).update(
        deleted_at=caller.now, updated_at=caller.now
    )
    remember(caller, contract, [(record, Change.Verb.DELETED, {}) for record in found], reason)
    ledger.after_write(caller, contract, found)
    caller.note(reason=reason, records=[str(getattr(each, ledger.key)) for each in found][:50])
    return found


def _restore(caller: Caller, contract: Any, ledger: Ledger, records: Sequence[Any], reason: str) -> int:
    found = _locked(ledger.records(contract, deleted=True), records)
    for record in found:
        record.deleted_at = None
    ledger.before_write(caller, contract, found)
    refuse_wrong(ledger, contract, found)
    ledger.model._default_manager.filter(pk__in=[each.pk for each in found]).update(
        deleted_at=None, updated_at=caller.now
    )
    remember(caller, contract, [(record, Change.Verb.RESTORED, {}) for record in found], reason)
    ledger.after_write(caller, contract, found)
    caller.note(reason=reason, records=[str(getattr(each, ledger.key)) for each in found][:50])
    return len(found)


def _locked(among: QuerySet[Any], records: Sequence[Any]) -> list[Any]:
    """These records as they stand, locked in one order, so that two people never wait for each other."""
    keys = [record.pk for record in records]
    return list(among.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _refuse_missing(fields: Sequence[Field], values: Mapping[str, Any], ledger: Ledger) -> None:
    missing = [
        (each.name, Wrong(N_("this must be filled")))
        for each in fields
        if each.required and each.name in values and values[each.name] in (None, "")
        if each.name != ledger.key or ledger.is_key_given
    ]
    if missing:
        raise RecordRefused({0: missing})


def _write_one(
    caller: Caller,
    ledger: Ledger,
    contract: Any,
    fields: Sequence[Field],
    record: Any,
    values: Mapping[str, Any],
    reason: str,
) -> dict[str, list[str]]:
    pending = assign([each for each in fields if each.is_written], record, values)
    try:
        with transaction.atomic():
            write(caller, ledger, contract, [pending], reason)
    except IntegrityError as error:
        if "unique" not in str(error).lower() and "exclusion" not in str(error).lower():
            raise
        name, found = ledger.clashing(record, str(error))
        raise RecordRefused({0: [(name, Wrong(TAKEN, found=found))]}) from error
    return pending.texts
