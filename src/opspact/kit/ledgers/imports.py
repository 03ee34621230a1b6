"""A workbook into a ledger: read to a preview and applied as of that moment. Undoing it is in `undoing`.

Small files are read while the person waits, large ones by a job (`jobs`) that says how far it is.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import writing
from opspact.kit.ledgers.batches import ROW, alone
from opspact.kit.ledgers.copying import copy_into
from opspact.kit.ledgers.drafts import Draft, Drafter, Status
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.progress import Cancelled, Progress
from opspact.kit.ledgers.reading import text_of
from opspact.kit.ledgers.sheets import MERGED, RawRow, open_sheet
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import LedgerBatch, LedgerBatchRow

AT_ONCE = 300_000
"""Bytes of a file that is read while the person waits."""
AT_A_TIME = 5_000
State = LedgerBatch.State


def upload(caller: Caller, ledger: Ledger, contract: Any, *, content: bytes, name: str, clears: bool) -> LedgerBatch:
    """Keep the file to be read. Raises WorkbookError when it is no workbook of this ledger."""
    return action(ledger.permission("import"))(_upload)(caller, contract, ledger, content, name, clears)


def _upload(caller: Caller, contract: Any, ledger: Ledger, content: bytes, name: str, clears: bool) -> LedgerBatch:
    sheet = open_sheet(content, name, ledger.all_fields(contract), needed_of(ledger))
    caller.note(file=name)
    return LedgerBatch.objects.create(
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
def read(batch: LedgerBatch, ledger: Ledger, contract: Any) -> None:
    """Read the kept file into rows with their status. A file that can't be read leaves the import failed.

    What was cancelled, or read by another one already, is left alone.
    """
    if batch.state != State.READING or batch.content is None:
        return
    try:
        rows = open_sheet(bytes(batch.content), batch.file_name, ledger.all_fields(contract), needed_of(ledger)).rows()
        batch.rows.all().delete()
        counts = _store(batch, ledger, contract, rows)
        if not counts:
            raise WorkbookError("sheet.empty", N_("The sheet has no filled row below its header."))
    except WorkbookError as error:
        params = {key: str(value) for key, value in error.params.items()}
        _is_read(batch, state=State.FAILED, failure={"message": error.message, "params": params})
    except Cancelled:
        batch.rows.all().delete()
        batch.refresh_from_db()
    else:
        total = sum(counts.values())
        _is_read(batch, state=State.PREVIEWED, counts=counts, done=total, total=total)


def _is_read(batch: LedgerBatch, **outcome: Any) -> None:
    """The outcome of reading, unless it was cancelled just now; the file is let go."""
    LedgerBatch.objects.filter(pk=batch.pk, state=State.READING).update(content=None, **outcome)
    batch.refresh_from_db()


def _store(batch: LedgerBatch, ledger: Ledger, contract: Any, rows: Iterable[RawRow]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    drafts = Drafter(ledger, contract, batch.columns, clears=batch.clears).drafts(rows)
    while chunk := list(islice(drafts, writing.BATCH)):
        copy_into(LedgerBatchRow, ROW, (_row(batch, draft) for draft in chunk))
        counts.update(str(draft.status) for draft in chunk)
        if not LedgerBatch.objects.filter(pk=batch.pk, state=State.READING).update(done=sum(counts.values())):
            raise Cancelled
    return dict(counts)


def _row(batch: LedgerBatch, draft: Draft, *, is_applied: bool = False) -> tuple[Any, ...]:
    """The values of `ROW`; once applied also what was replaced, for an undo."""
    pending = draft.pending
    texts = {name: _kept(value) for name, value in draft.row.values.items() if value is not None}
    before = pending.before if pending and is_applied and draft.status is Status.CHANGED else {}
    version = pending.record.version if pending and is_applied else 0
    key, changes = (pending.record.pk, pending.texts) if pending else (None, {})
    said = (texts, changes, draft.row.problems, draft.row.remarks)
    return batch.pk, draft.row.number, draft.status.value, *said, key, before, version, []


def _kept(value: Any) -> Any:
    """A cell as JSON keeps it, read again the same way."""
    if isinstance(value, datetime | date):
        return text_of(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def apply(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch, *, only_good: bool) -> dict[str, int]:
    """Write the new and changed rows as the ledger stands now, all of it or nothing.

    With wrong rows the rest goes in only on request (`only_good`). Raises ValidationError, RecordRefused.
    """
    return action(ledger.permission("import"))(_apply)(caller, contract, ledger, batch, only_good)


@_without_collecting()
def _apply(caller: Caller, contract: Any, ledger: Ledger, batch: LedgerBatch, only_good: bool) -> dict[str, int]:
    locked = alone(batch)
    if locked.state not in (State.PREVIEWED, State.APPLYING):
        raise ValidationError(_("This import was applied already."))
    drafter = Drafter(ledger, contract, locked.columns, clears=locked.clears)
    with Progress(locked) as progress:
        drafts = list(drafter.drafts(_kept_rows(locked, progress)))
    wrong = [draft for draft in drafts if draft.status is Status.WRONG]
    if wrong and not only_good:
        message = _("%(count)s rows are wrong, the first is row %(row)s. Nothing was written.")
        raise ValidationError(message % {"count": len(wrong), "row": wrong[0].row.number})
    due = [draft for draft in drafts if draft.pending and draft.status is not Status.SAME]
    _write(caller, ledger, contract, locked, due)
    _remember(locked, drafts)
    counts = Counter(str(draft.status) for draft in drafts)
    outcome = {"state": State.APPLIED, "counts": dict(counts), "done": locked.total, "failure": {}}
    still = LedgerBatch.objects.filter(pk=locked.pk, state=locked.state)
    if not still.update(applied_at=caller.now, applied_by=caller.user, **outcome):
        raise Cancelled
    batch.refresh_from_db()
    caller.note(file=locked.file_name, **counts)
    return dict(counts)


def _write(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch, due: Sequence[Draft]) -> None:
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


def _kept_rows(batch: LedgerBatch, progress: Progress) -> Iterator[RawRow]:
    for number, row in enumerate(batch.rows.all().iterator(chunk_size=AT_A_TIME)):
        if number % AT_A_TIME == 0:
            progress.at(0)  # asks whether it was cancelled
        yield _raw(row)


def _raw(row: LedgerBatchRow) -> RawRow:
    cells = {name: cell for name, cell, *_rest in (*row.problems, *row.remarks)}
    merged = [tuple(entry) for entry in row.remarks if entry[2] == MERGED]  # the rest is said again by reading again
    return RawRow(row.number, dict(row.texts), cells, remarks=merged)


def _remember(batch: LedgerBatch, drafts: Sequence[Draft]) -> None:
    """Keep in the rows what became of them. All are written anew, which is faster than changing them."""
    batch.rows.all().delete()
    copy_into(LedgerBatchRow, ROW, (_row(batch, draft, is_applied=True) for draft in drafts))


def cancel(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch) -> bool:
    """Stop what a job is doing, with nothing of it left in the ledger; False when it was over already.

    A file that was not read goes: nobody will read it.
    """
    return action(ledger.permission("import"))(_cancel)(caller, contract, ledger, batch)


def _cancel(caller: Caller, contract: Any, ledger: Ledger, batch: LedgerBatch) -> bool:
    after = {State.READING: State.CANCELLED, State.APPLYING: State.PREVIEWED, State.UNDOING: State.APPLIED}
    said = {"message": N_("It was cancelled. Nothing was written."), "params": {}}
    caller.note(file=batch.file_name)
    for before, then in after.items():
        if LedgerBatch.objects.filter(pk=batch.pk, state=before).update(state=then, failure=said, content=None):
            return True
    return False
