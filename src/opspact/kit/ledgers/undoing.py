"""Undoing what was written together: new records are taken off, changed ones set back, deleted ones restored.

What somebody changed since stays as it is, and so does what the ledger's own rules keep; both are told with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import writing
from opspact.kit.ledgers.batches import Kind, Status, alone
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.progress import Cancelled
from opspact.kit.ledgers.taken import Taken
from opspact.kit.ledgers.writing import Pending, RecordRefused
from opspact.kit.models import MACHINE, Change, LedgerBatch, LedgerBatchRow

State = LedgerBatch.State
AT_A_TIME = 10_000
ROUNDS = 5
"""Taking one record out of what is written can leave another one wrong; after so many rounds all the rest is left."""
VERBS = {Kind.WORKBOOK: "import", Kind.CHANGE: "edit", Kind.DELETE: "delete"}
CHANGED = N_("%(who)s changed it at %(at)s")
GONE = N_("%(who)s took it off the ledger at %(at)s")
RESTORED = N_("it was restored already")
NOT_APPLIED = N_("Only what was applied, and not undone yet, can be undone.")
CLASH = N_("another record stands in its place now")


@dataclass(frozen=True)
class Left:
    """A record that an undo leaves as it is, and why. `record` is None for one that is not to be found."""

    row: LedgerBatchRow
    record: Any
    why: Wrong
    is_refused: bool = False
    """By the ledger's rules; otherwise somebody changed it since."""


@dataclass
class Undoing:
    """What an undo would do, or did."""

    removed: list[Any] = field(default_factory=list)
    reverted: list[Pending] = field(default_factory=list)
    restored: list[Any] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        refused = sum(each.is_refused for each in self.left)
        return {
            "removed": len(self.removed),
            "reverted": len(self.reverted),
            "restored": len(self.restored),
            "changed_since": len(self.left) - refused,
            "refused": refused,
        }


def would(batch: LedgerBatch, ledger: Ledger, contract: Any) -> Undoing:
    """What undoing would do as things stand; nothing is written."""
    return _Plan(batch, ledger, contract).made()


def undo(caller: Caller, ledger: Ledger, contract: Any, batch: LedgerBatch) -> Undoing:
    """Undo it as far as its records still are as it left them. Raises ValidationError."""
    return action(ledger.permission(VERBS[Kind(batch.kind)]))(_undo)(caller, contract, ledger, batch)


def _undo(caller: Caller, contract: Any, ledger: Ledger, batch: LedgerBatch) -> Undoing:
    locked = alone(batch)
    if locked.state not in (State.APPLIED, State.UNDOING):
        raise ValidationError(_(NOT_APPLIED))
    plan = _Plan(locked, ledger, contract, is_locking=True)
    found = plan.made()
    if not (found.removed or found.reverted or found.restored):
        raise ValidationError(_("Nothing is left to undo."))
    reason = _("Undoing: %(what)s") % {"what": locked}
    _take_off(caller, ledger, contract, found.removed, reason)
    _set_back(caller, ledger, contract, found, plan.rows, reason)
    _put_back(caller, ledger, contract, found, plan.rows, reason)
    _tell(found.left)
    still = LedgerBatch.objects.filter(pk=locked.pk, state=locked.state)
    if not still.update(state=State.UNDONE, undone_at=caller.now, undone_by=caller.user, failure={}):
        raise Cancelled
    batch.refresh_from_db()
    caller.note(what=str(locked), **found.counts)
    return found


def _tell(left: Sequence[Left]) -> None:
    """Keep the reasons in the rows. Most rows share theirs, so that there are few updates."""
    rows: dict[str, list[int]] = {}
    whys: dict[str, Wrong] = {}
    for each in left:
        key = f"{each.why.msgid}{sorted(each.why.params.items())}"
        whys[key] = each.why
        rows.setdefault(key, []).append(each.row.pk)
    for key, why in whys.items():
        LedgerBatchRow.objects.filter(pk__in=rows[key]).update(left=[why.msgid, why.params])


class _Plan:
    """What can be undone. Nothing is written, but the records of `reverted` carry their old values."""

    def __init__(self, batch: LedgerBatch, ledger: Ledger, contract: Any, *, is_locking: bool = False) -> None:
        self.batch, self.ledger, self.contract = batch, ledger, contract
        written = batch.rows.filter(status__in=(Status.NEW, Status.CHANGED, Status.DELETED))
        self.rows = {row.record_id: row for row in written.defer("texts", "changes", "problems", "remarks")}
        self.records = {record.pk: record for record in self._found(is_locking)}

    def made(self) -> Undoing:
        found = Undoing()
        self._leave_what_changed(found)
        for key, record in self.records.items():
            row = self.rows[key]
            if row.status == Status.NEW:
                found.removed.append(record)
            elif row.status == Status.DELETED:
                record.deleted_at = None
                found.restored.append(record)
            else:
                found.reverted.append(self._before(record, row))
        found.removed = self._kept_by(found, found.removed, self.ledger.check_delete)
        found.restored = self._kept_by(found, found.restored, self._judge)
        back = self._kept_by(found, [each.record for each in found.reverted], self._judge)
        may_go = {record.pk for record in back}
        found.reverted = [each for each in found.reverted if each.record.pk in may_go]
        return found

    def _found(self, is_locking: bool) -> Iterator[Any]:
        """All records written, deleted ones too."""
        keys = sorted(self.rows)
        every = self.ledger.model._default_manager.filter(contract=self.contract)
        every = every.select_related(*self.ledger.related) if self.ledger.related else every
        every = every.select_for_update(of=("self",)) if is_locking else every
        for start in range(0, len(keys), AT_A_TIME):
            yield from every.filter(pk__in=keys[start : start + AT_A_TIME]).order_by("pk")

    def _leave_what_changed(self, found: Undoing) -> None:
        since = [key for key, row in self.rows.items() if not self._is_as_left(row)]
        later = self._later_changes(since)
        for key in since:
            row, record, changes = self.rows[key], self.records.get(key), later.get(key, [])
            if self._stands(row) and changes and not _net(changes):
                continue  # whatever was changed was changed back, as by undoing that
            self.records.pop(key, None)
            found.left.append(Left(row, record, _since(row, record, changes[-1] if changes else None)))

    def _is_as_left(self, row: LedgerBatchRow) -> bool:
        return self._stands(row) and self.records[row.record_id].version == row.version

    def _stands(self, row: LedgerBatchRow) -> bool:
        """Whether it is on the ledger, or off it, as the batch left it."""
        record = self.records.get(row.record_id)
        gone_at = self.batch.applied_at if row.status == Status.DELETED else None
        return record is not None and record.deleted_at == gone_at

    def _later_changes(self, keys: Sequence[int]) -> dict[int, list[Change]]:
        """By record, what was done to it after the batch, the oldest first."""
        kind = ContentType.objects.get_for_model(self.ledger.model)
        changes = Change.objects.filter(subject_type=kind, at__gt=self.batch.applied_at).select_related("user")
        later: dict[int, list[Change]] = {}
        for start in range(0, len(keys), AT_A_TIME):
            for each in changes.filter(subject_id__in=keys[start : start + AT_A_TIME]).order_by("id"):
                later.setdefault(each.subject_id, []).append(each)
        return later

    def _before(self, record: Any, row: LedgerBatchRow) -> Pending:
        fields = {each.name: each for each in self.fields}
        values = {name: fields[name].kind.revived(value) for name, value in row.before.items() if name in fields}
        return writing.assign(self.fields, record, values)

    @property
    def fields(self) -> Sequence[Any]:
        if not hasattr(self, "_fields"):
            self._fields = self.ledger.bound_fields(self.contract)
        return self._fields

    def _judge(self, contract: Any, records: Sequence[Any]) -> Mapping[int, Sequence[tuple[str, Wrong]]]:
        for record in records:
            if not hasattr(record, "was"):
                record.was = {}
        problems = dict(Taken(self.ledger, contract).check(records))
        return self.ledger.check(contract, records) | problems

    def _kept_by(self, found: Undoing, records: list[Any], judge: Any) -> list[Any]:
        """Those that the rules let go; the others are left, with the first thing that is wrong with each."""
        for _round in range(ROUNDS):
            problems = {at: wrongs for at, wrongs in judge(self.contract, records).items() if wrongs} if records else {}
            if not problems:
                return records
            found.left += [
                Left(self.rows[records[at].pk], records[at], wrongs[0][1], is_refused=True)
                for at, wrongs in problems.items()
            ]
            records = [record for at, record in enumerate(records) if at not in problems]
        found.left += [Left(self.rows[record.pk], record, Wrong(CLASH), is_refused=True) for record in records]
        return []


def _net(changes: Sequence[Change]) -> dict[str, list[str]]:
    """What all changes together made of a record: by field, before and after, where the two differ."""
    net: dict[str, list[str]] = {}
    for each in changes:
        for name, (old, new) in each.fields.items():
            net[name] = [net[name][0] if name in net else old, new]
    return {name: pair for name, pair in net.items() if pair[0] != pair[1]}


def _since(row: LedgerBatchRow, record: Any, last: Change | None) -> Wrong:
    """Who did what to it after the batch."""
    if row.status == Status.DELETED and record is not None and record.deleted_at is None:
        return Wrong(RESTORED)
    who = last.who if last else MACHINE
    at = f"{localtime(last.at):%Y-%m-%d %H:%M}" if last else ""
    is_gone = record is None or (record.deleted_at is not None and row.status != Status.DELETED)
    return Wrong(GONE if is_gone else CHANGED, who=who, at=at)


def _take_off(caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str) -> None:
    if not records:
        return
    ledger.model._default_manager.filter(pk__in=[record.pk for record in records]).update(
        deleted_at=caller.now, updated_at=caller.now
    )
    writing.remember(caller, contract, [(record, Change.Verb.DELETED, {}) for record in records], reason)
    ledger.after_write(caller, contract, records)


def _set_back(
    caller: Caller, ledger: Ledger, contract: Any, found: Undoing, rows: Mapping[int, LedgerBatchRow], reason: str
) -> None:
    """Write the old values; whatever is refused after all stays and is told."""

    def write(keys: Collection[int]) -> None:
        due = [each for each in found.reverted if each.record.pk in keys]
        writing.write(caller, ledger, contract, due, reason)

    written = _as_far_as_goes(write, [each.record for each in found.reverted if each.texts], found, rows)
    found.reverted = [each for each in found.reverted if not each.texts or each.record.pk in written]


def _put_back(
    caller: Caller, ledger: Ledger, contract: Any, found: Undoing, rows: Mapping[int, LedgerBatchRow], reason: str
) -> None:
    """Put the deleted ones back; whatever is refused after all stays off and is told."""

    def write(keys: Collection[int]) -> None:
        due = [record for record in found.restored if record.pk in keys]
        _restore(caller, ledger, contract, due, reason)

    written = _as_far_as_goes(write, found.restored, found, rows)
    found.restored = [record for record in found.restored if record.pk in written]


def _as_far_as_goes(
    write: Callable[[Collection[int]], None], records: Sequence[Any], found: Undoing, rows: Mapping[int, LedgerBatchRow]
) -> set[int]:
    """Which of the records were written, by their keys; those in the way are left, and the rest is tried again."""
    due = {record.pk: record for record in records}
    while due:
        try:
            with transaction.atomic():
                write(due)
        except RecordRefused as refused:
            among = refused.records or list(due.values())
            why = {among[at].pk: wrongs[0][1] for at, wrongs in refused.problems.items() if wrongs}
        except IntegrityError:
            why = {key: Wrong(CLASH) for key in due}
        else:
            break
        why = {key: why[key] for key in due if key in why} or {key: Wrong(CLASH) for key in due}
        found.left += [Left(rows[key], due.pop(key), wrong, is_refused=True) for key, wrong in why.items()]
    return set(due)


def _restore(caller: Caller, ledger: Ledger, contract: Any, records: Sequence[Any], reason: str) -> None:
    ledger.before_write(caller, contract, records)
    ledger.model._default_manager.filter(pk__in=[record.pk for record in records]).update(
        deleted_at=None, updated_at=caller.now
    )
    writing.remember(caller, contract, [(record, Change.Verb.RESTORED, {}) for record in records], reason)
    ledger.after_write(caller, contract, records)
