"""A workbook into a ledger: read to a preview, applied as of that moment, and undone as far as nobody changed it since.

Small files are read while the person waits, large ones by a job (`jobs`) that says how far it is.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import writing
from opspact.kit.ledgers.copying import copy_into
from opspact.kit.ledgers.drafts import Draft, Drafter, Status
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.progress import Progress
from opspact.kit.ledgers.reading import text_of
from opspact.kit.ledgers.sheets import MERGED, RawRow, open_sheet
from opspact.kit.ledgers.writing import Pending, RecordRefused
from opspact.kit.models import Change, LedgerImport, LedgerImportRow

AT_ONCE = 300_000
"""Bytes of a file that is read while the person waits."""
AT_A_TIME = 5_000
REASONS = 3
"""Reasons told of what an undo must leave."""
Problems = Mapping[int, Sequence[tuple[str, Wrong]]]
State = LedgerImport.State


def upload(caller: Caller, ledger: Ledger, contract: Any, *, content: bytes, name: str, clears: bool) -> LedgerImport:
    """Keep the file to be read. Raises WorkbookError when it is no workbook of this ledger."""
    return action(ledger.permission("import"))(_upload)(caller, contract, ledger, content, name, clears)


def _upload(caller: Caller, contract: Any, ledger: Ledger, content: bytes, name: str, clears: bool) -> LedgerImport:
    sheet = open_sheet(content, name, ledger.all_fields(contract), needed_of(ledger))
    caller.note(file=name)
    return LedgerImport.objects.create(
        contract_code=contract.code,
        ledger=ledger.name,
        uploaded_by=caller.user,
        uploaded_at=caller.now,
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        columns=[each.name for each in sheet.columns.values()],
        sheet=sheet.title[:100],
        ignored=[text[:60] for text in sheet.ignored[:50]],
        clears=clears,
        total=max(0, sheet.last_row - sheet.first_row + 1),
    )


def needed_of(ledger: Ledger) -> list[str]:
    """A header must have one of these: what a row is recognised by, or what a new record can't be without."""
    written = [each for each in ledger.fields if each.is_written]
    required = [each.name for each in written if each.required]
    return [ledger.key, *ledger.also_by, *required] if required else [each.name for each in written]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hundreds of thousands of objects are made that all stay: looking through them for garbage takes a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collecting()
def read(batch: LedgerImport, ledger: Ledger, contract: Any) -> None:
    """Read the kept file into rows with their status. A file that can't be read leaves the import failed."""
    try:
        rows = open_sheet(bytes(batch.content), batch.file_name, ledger.all_fields(contract), needed_of(ledger)).rows()
        batch.rows.all().delete()
        counts = _store(batch, ledger, contract, rows)
        if not counts:
            raise WorkbookError("sheet.empty", N_("The sheet has no filled row below its header."))
    except WorkbookError as error:
        _fail(batch, error.message, {key: str(value) for key, value in error.params.items()})
        return
    batch.state, batch.counts, batch.content = State.PREVIEWED, counts, None
    batch.done = batch.total = sum(counts.values())
    batch.save()


def _store(batch: LedgerImport, ledger: Ledger, contract: Any, rows: Iterable[RawRow]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    drafts = Drafter(ledger, contract, batch.columns, clears=batch.clears).drafts(rows)
    while chunk := list(islice(drafts, writing.BATCH)):
        copy_into(LedgerImportRow, ROW, (_row(batch, draft) for draft in chunk))
        counts.update(str(draft.status) for draft in chunk)
        LedgerImport.objects.filter(pk=batch.pk).update(done=sum(counts.values()))
    return dict(counts)


ROW = ("batch", "number", "status", "texts", "changes", "problems", "remarks", "record_id", "before", "version")


def _row(batch: LedgerImport, draft: Draft, *, is_applied: bool = False) -> tuple[Any, ...]:
    """The values of `ROW`; once applied also what was replaced, for an undo."""
    pending = draft.pending
    texts = {name: _kept(value) for name, value in draft.row.values.items() if value is not None}
    before = pending.before if pending and is_applied and draft.status is Status.CHANGED else {}
    version = pending.record.version if pending and is_applied else 0
    key, changes = (pending.record.pk, pending.texts) if pending else (None, {})
    said = (texts, changes, draft.row.problems, draft.row.remarks)
    return batch.pk, draft.row.number, draft.status.value, *said, key, before, version


def _kept(value: Any) -> Any:
    """A cell as JSON keeps it, read again the same way."""
    if isinstance(value, datetime | date):
        return text_of(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def apply(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerImport, *, only_good: bool) -> dict[str, int]:
    """Write the new and changed rows as the ledger stands now, all of it or nothing.

    With wrong rows the rest goes in only on request (`only_good`). Raises ValidationError, RecordRefused.
    """
    return action(ledger.permission("import"))(_apply)(caller, contract, ledger, batch, only_good)


@_without_collecting()
def _apply(caller: Caller, contract: Any, ledger: Ledger, batch: LedgerImport, only_good: bool) -> dict[str, int]:
    locked = _alone(batch)
    if locked.state not in (State.PREVIEWED, State.APPLYING):
        raise ValidationError(_("This import was applied already."))
    drafter = Drafter(ledger, contract, locked.columns, clears=locked.clears)
    drafts = list(drafter.drafts(_raw(row) for row in locked.rows.all().iterator(chunk_size=5_000)))
    wrong = [draft for draft in drafts if draft.status is Status.WRONG]
    if wrong and not only_good:
        message = _("%(count)s rows are wrong, the first is row %(row)s. Nothing was written.")
        raise ValidationError(message % {"count": len(wrong), "row": wrong[0].row.number})
    due = [draft for draft in drafts if draft.pending and draft.status is not Status.SAME]
    _write(caller, ledger, contract, locked, due)
    _remember(locked, drafts)
    counts = Counter(str(draft.status) for draft in drafts)
    locked.state, locked.counts = State.APPLIED, dict(counts)
    locked.applied_at, locked.applied_by = caller.now, caller.user
    locked.done = locked.total
    locked.save()
    batch.refresh_from_db()
    caller.note(file=locked.file_name, **counts)
    return dict(counts)


def _write(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerImport, due: Sequence[Draft]) -> None:
    reason = _("Import of %(file)s") % {"file": batch.file_name}
    with Progress(batch) as progress:
        for start in range(0, len(due), AT_A_TIME):
            part = due[start : start + AT_A_TIME]
            try:
                with transaction.atomic():
                    writing.write(caller, ledger, contract, [it.pending for it in part if it.pending], reason)
            except RecordRefused as refused:
                position, problems = next(iter(refused.problems.items()))
                text = "; ".join(_(wrong.msgid) % wrong.params for _name, wrong in problems)
                message = _("Row %(row)s: %(problem)s. Nothing was written.")
                raise ValidationError(message % {"row": part[position].row.number, "problem": text}) from refused
            except IntegrityError as error:
                message = _(
                    "Somebody else wrote into this ledger at the same time. Nothing was written; apply it again."
                )
                raise ValidationError(message) from error
            progress.at(start + len(part))


def _alone(batch: LedgerImport) -> LedgerImport:
    """The import as it stands, with nobody else at work on it; its row stays untouched, for `Progress` writes there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kit.ledgerimport'), %s)", [batch.pk])
    return LedgerImport.objects.get(pk=batch.pk)


def _raw(row: LedgerImportRow) -> RawRow:
    cells = {name: cell for name, cell, *_rest in (*row.problems, *row.remarks)}
    merged = [tuple(entry) for entry in row.remarks if entry[2] == MERGED]  # the rest is said again by reading again
    return RawRow(row.number, dict(row.texts), cells, remarks=merged)


def _remember(batch: LedgerImport, drafts: Sequence[Draft]) -> None:
    """Keep in the rows what became of them. All are written anew, which is faster than changing them."""
    batch.rows.all().delete()
    copy_into(LedgerImportRow, ROW, (_row(batch, draft, is_applied=True) for draft in drafts))


@dataclass(frozen=True)
class Undoing:
    """What undoing an import would do: records to take off, to change back, and those that somebody changed since.

    `refused` has those that the ledger does not let go, such as an address that is assigned: why, each reason once.
    """

    removed: int
    reverted: int
    kept: int
    refused: int = 0
    reasons: tuple[Wrong, ...] = field(default=(), compare=False)


def undoing(batch: LedgerImport, ledger: Ledger, contract: Any) -> Undoing:
    """How many records an undo would touch, and how many it must leave."""
    return _undo_plan(batch, ledger, contract).counted


def undo(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerImport) -> Undoing:
    """Take the new records off and set the changed ones back, but none changed since. Raises ValidationError."""
    return action(ledger.permission("import"))(_undo)(caller, contract, ledger, batch)


def _undo(caller: Caller, contract: Any, ledger: Ledger, batch: LedgerImport) -> Undoing:
    locked = _alone(batch)
    if locked.state != State.APPLIED:
        raise ValidationError(_("Only an applied import can be undone."))
    plan = _undo_plan(locked, ledger, contract)
    reason = _("Undoing the import of %(file)s") % {"file": locked.file_name}
    writing.write(caller, ledger, contract, plan.reverted, reason)
    ledger.model._default_manager.filter(pk__in=[record.pk for record in plan.removed]).update(
        deleted_at=caller.now, updated_at=caller.now
    )
    writing.remember(caller, contract, [(record, Change.Verb.DELETED, {}) for record in plan.removed], reason)
    ledger.after_write(caller, contract, plan.removed)
    locked.state, locked.undone_at = State.UNDONE, caller.now
    locked.save(update_fields=["state", "undone_at"])
    batch.refresh_from_db()
    done = plan.counted
    counts = {"removed": done.removed, "reverted": done.reverted, "kept": done.kept, "refused": done.refused}
    caller.note(file=locked.file_name, **counts)
    return done


@dataclass
class _Plan:
    """Records to remove, to revert (with their old values set), to leave as they are, and why the ledger keeps some."""

    removed: list[Any]
    reverted: list[Pending]
    kept: int
    refused: list[Wrong]

    @property
    def counted(self) -> Undoing:
        reasons = {(wrong.msgid, *sorted(wrong.params.items())): wrong for wrong in self.refused}
        return Undoing(
            len(self.removed), len(self.reverted), self.kept, len(self.refused), tuple(reasons.values())[:REASONS]
        )


def _undo_plan(batch: LedgerImport, ledger: Ledger, contract: Any) -> _Plan:
    rows = {row.record_id: row for row in batch.rows.filter(status__in=(Status.NEW, Status.CHANGED))}
    found = {record.pk: record for record in _in_chunks(ledger, contract, list(rows))}
    still = {key: record for key, record in found.items() if record.version == rows[key].version}
    removed = [record for key, record in still.items() if rows[key].status == Status.NEW]
    fields = {each.name: each for each in ledger.bound_fields(contract)}
    pending = []
    for key, record in still.items():
        if rows[key].status == Status.CHANGED:
            before = rows[key].before.items()
            values = {name: fields[name].kind.revived(value) for name, value in before if name in fields}
            pending.append(writing.assign(fields.values(), record, values))
    may_go, refused = _let_go(removed, ledger.check_delete(contract, removed))
    may_turn, more = _let_go(pending, ledger.check(contract, [each.record for each in pending]))
    return _Plan(may_go, may_turn, len(rows) - len(still), [*refused, *more])


def _let_go(
    things: Sequence[Any], problems: Mapping[int, Sequence[tuple[str, Wrong]]]
) -> tuple[list[Any], list[Wrong]]:
    """Those that nothing is wrong with, and the first thing that is wrong with each of the others."""
    free = [each for position, each in enumerate(things) if not problems.get(position)]
    return free, [wrongs[0][1] for wrongs in problems.values() if wrongs]


def _in_chunks(ledger: Ledger, contract: Any, keys: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(keys), 10_000):
        yield from ledger.records(contract).filter(pk__in=keys[start : start + 10_000])


def _fail(batch: LedgerImport, message: str, params: dict[str, str]) -> None:
    batch.state, batch.failure, batch.content = State.FAILED, {"message": message, "params": params}, None
    batch.save()
