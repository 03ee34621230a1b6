"""Writing records: many at once or one, always with their history. The actions are in `actions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers.copying import copy_into
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.taken import Taken
from opspact.kit.models import Change

BATCH = 1000
Texts = dict[str, list[str]]
"""By field: before and after."""


class RecordRefused(Exception):
    """What is wrong with records about to be written: by their position, pairs of field name ("" for all) and Wrong.

    `records` are those the positions count, where there are several.
    """

    def __init__(self, problems: Mapping[int, Sequence[tuple[str, Wrong]]], records: Sequence[Any] = ()) -> None:
        self.problems = problems
        self.records = records
        super().__init__("; ".join(str(wrong) for each in problems.values() for _name, wrong in each))


def refusal_of(refused: RecordRefused, fields: Iterable[Field] = ()) -> str:
    """The first sentences for a person, each with the record and the field it is about where that is told."""
    labels = {each.name: str(each.label) for each in fields}
    said = []
    for position, problems in refused.problems.items():
        about = f"{refused.records[position]}: " if position < len(refused.records) else ""
        for name, wrong in problems:
            said.append(about + (f"{labels[name]}: " if name in labels else "") + _(wrong.msgid) % wrong.params)
    return "; ".join(said[:5])


@dataclass
class Pending:
    """A record with values set but not written, and what they replace."""

    record: Any
    texts: Texts = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.record.pk is None


def assign(fields: Iterable[Field], record: Any, values: Mapping[str, Any]) -> Pending:
    """Set what differs; `texts` and `before` say what that was, in the site's own language.

    The values replaced stay with the record as `was`, for the ledger's `check`.
    """
    pending = Pending(record)
    record.was = {}
    with override(settings.LANGUAGE_CODE):
        for each in fields:
            if each.name not in values:
                continue
            old, new = each.read(record), values[each.name]
            new = each.emptied(record) if new in (None, "") else new
            if old == new or (old is None and new is False) or (old is False and new is None):
                continue
            pending.texts[each.name] = [each.kind.text(old), each.kind.text(new)]
            pending.before[each.name] = each.kind.plain(old)
            record.was[each.name] = old
            each.write(record, new)
    return pending


def write(caller: Caller, ledger: Ledger, contract: Any, pending: Sequence[Pending], reason: str = "") -> None:
    """Write new and changed records and their history. Raises RecordRefused; needs a transaction."""
    due = [each for each in pending if each.is_new or each.texts]
    records = [each.record for each in due]
    changing = [each for each in due if not each.is_new]
    held = _follow(ledger, changing)
    ledger.before_write(caller, contract, records)
    _note_what_followed(ledger, changing, held)
    refuse_wrong(ledger, contract, records)
    new = [each for each in due if each.is_new]
    changed = [each for each in due if not each.is_new]
    for each in due:
        _stamp(caller, ledger, contract, each.record)
    manager = ledger.model._default_manager
    manager.bulk_create([each.record for each in new], batch_size=BATCH)
    columns = {"version", "updated_at", "search"} | {_column(name) for each in changed for name in each.texts}
    columns |= set(ledger.also_written)
    if changed:
        manager.bulk_update([each.record for each in changed], sorted(columns), batch_size=BATCH)
    remember(caller, contract, [(each.record, Change.Verb.CREATED, each.texts) for each in new], reason)
    remember(caller, contract, [(each.record, Change.Verb.CHANGED, each.texts) for each in changed], reason)
    ledger.after_write(caller, contract, records)


def _follow(ledger: Ledger, changing: Sequence[Pending]) -> list[dict[Field, Any]]:
    """What the fields hold that `before_write` may set by itself, such as the room that a rack brings: keys of records
    where they name one."""
    fields = [each for each in ledger.fields if each.name in ledger.also_written]
    return [{each: getattr(pending.record, _attname(ledger, each)) for each in fields} for pending in changing]


def _note_what_followed(ledger: Ledger, changing: Sequence[Pending], held: Sequence[dict[Field, Any]]) -> None:
    """Put what followed by itself into the history and into what an undo sets back."""
    for each in held[0] if held else ():
        attname = _attname(ledger, each)
        moved = [
            (pending, olds[each])
            for pending, olds in zip(changing, held, strict=True)
            if getattr(pending.record, attname) != olds[each]
        ]
        related = ledger.model._meta.get_field(each.name).related_model
        known = related._base_manager.in_bulk({old for _pending, old in moved if old}) if related and moved else {}
        with override(settings.LANGUAGE_CODE):
            for pending, key in moved:
                old = known.get(key) if related else key or None
                was = pending.texts[each.name][0] if each.name in pending.texts else each.kind.text(old)
                pending.texts[each.name] = [was, each.text(pending.record)]
                pending.before.setdefault(each.name, each.kind.plain(old))


def _attname(ledger: Ledger, each: Field) -> str:
    return ledger.model._meta.get_field(each.name).attname


def refuse_wrong(ledger: Ledger, contract: Any, records: Sequence[Any]) -> None:
    """Raises RecordRefused when these records can't stand in the ledger as they are."""
    problems = dict(Taken(ledger, contract).check(records))
    for position, found in ledger.check(contract, records).items():
        problems[position] = [*problems.get(position, ()), *found]
    if problems:
        raise RecordRefused(problems, records)


def remember(
    caller: Caller, contract: Any, changes: Sequence[tuple[Any, Change.Verb, Texts]], reason: str = ""
) -> None:
    """Append to the history of records."""
    if not changes:
        return
    kind = ContentType.objects.get_for_model(changes[0][0]).pk
    common = (contract.code, kind, caller.now, caller.user.pk if caller.user else None, caller.via, reason[:300])
    names = ("contract_code", "subject_type", "at", "user", "via", "reason", "subject_id", "verb", "fields")
    rows = ((*common, record.pk, verb.value, texts) for record, verb, texts in changes)
    copy_into(Change, names, rows)


def _stamp(caller: Caller, ledger: Ledger, contract: Any, record: Any) -> None:
    record.updated_at = caller.now
    if record.pk is None:
        record.contract = contract
        record.created_at, record.created_by = caller.now, caller.user
    else:
        record.version += 1
    record.search = " ".join(str(value) for name in ledger.searched if (value := getattr(record, name)))[:2000]


def _column(name: str) -> str:
    return "extra" if name.startswith("extra.") else name
