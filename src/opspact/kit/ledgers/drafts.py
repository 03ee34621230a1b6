"""What the rows of a workbook would do to a ledger: each new, changed, the same, or wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.reading import text_of
from opspact.kit.ledgers.references import BigReference
from opspact.kit.ledgers.sheets import RawRow
from opspact.kit.ledgers.writing import Pending, assign
from opspact.kit.models import LedgerImportRow

Status = LedgerImportRow.Status
CHUNK = 2000


@dataclass
class Draft:
    """A row as it would be written; `pending` is None for a wrong one."""

    row: RawRow
    status: Status = Status.WRONG
    pending: Pending | None = None
    values: dict[str, Any] = field(default_factory=dict)


class Drafter:
    """Reads rows of one workbook chunk by chunk against what the ledger holds."""

    def __init__(self, ledger: Ledger, contract: Any, columns: Sequence[str], *, clears: bool) -> None:
        self.ledger = ledger
        self.contract = contract
        self.clears = clears
        given = set(columns)
        self.fields = [each for each in ledger.bound_fields(contract) if each.is_written and each.name in given]
        self.required = [each for each in ledger.fields if each.required and each.is_written]
        self.seen: dict[tuple[str, str], int] = {}

    def drafts(self, rows: Iterable[RawRow]) -> Iterator[Draft]:
        """A draft for each row, in their order."""
        chunk: list[RawRow] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield from self._chunk(chunk)
                chunk = []
        if chunk:
            yield from self._chunk(chunk)

    def _chunk(self, rows: Sequence[RawRow]) -> list[Draft]:
        for each in self.fields:
            if isinstance(each.kind, BigReference):
                each.kind.warm(text_of(row.values.get(each.name)) for row in rows)
        drafts = [Draft(row, values=self._values(row)) for row in rows]
        existing = self._existing(drafts)
        for draft in drafts:
            self._compare(draft, existing)
        good = [draft for draft in drafts if draft.pending is not None and draft.status is not Status.SAME]
        wrongs = self.ledger.check(self.contract, [draft.pending.record for draft in good if draft.pending])
        for position, problems in wrongs.items():
            for name, wrong in problems:
                good[position].row.wrong(name, wrong)
            good[position].status, good[position].pending = Status.WRONG, None
        return drafts

    def _values(self, row: RawRow) -> dict[str, Any]:
        """The values of the cells; an empty one only where it is to empty the field."""
        values: dict[str, Any] = {}
        for each in self.fields:
            try:
                value = each.parse(row.values.get(each.name))
            except Wrong as wrong:
                row.wrong(each.name, wrong)
                continue
            if value is not None or self.clears:
                values[each.name] = value
            self._remark_folded(row, each)
        return values

    def _remark_folded(self, row: RawRow, each: Field) -> None:
        cell = row.values.get(each.name)
        if isinstance(cell, str) and (text := text_of(cell)) != cell.strip() and not _only_blanks_differ(text, cell):
            row.remark(each.name, N_("“%(given)s” was read as “%(text)s”."), given=shown(cell), text=shown(text))

    def _existing(self, drafts: Sequence[Draft]) -> Mapping[tuple[str, str], list[Any]]:
        """Records by field and value, for the key and whatever else rows may be recognised by. Bounded queries."""
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for name in (self.ledger.key, *self.ledger.also_by):
            wanted = {str(draft.values[name]) for draft in drafts if draft.values.get(name)}
            if not wanted:
                continue
            spellings = wanted | {text.zfill(width) for text in wanted if text.isdecimal() for width in range(2, 13)}
            for record in self.ledger.records(self.contract).filter(**{f"{name}__in": spellings}):
                found[name, str(getattr(record, name))].append(record)
        return found

    def _compare(self, draft: Draft, existing: Mapping[tuple[str, str], list[Any]]) -> None:
        record = self._recognised(draft, existing)
        self._refuse_twice(draft, record)
        if record is None:
            self._refuse_missing(draft)
            record = self.ledger.model(contract=self.contract)
        if draft.row.problems:
            return
        draft.pending = assign(self.fields, record, draft.values)
        draft.status = Status.NEW if record.pk is None else Status.CHANGED if draft.pending.texts else Status.SAME

    def _recognised(self, draft: Draft, existing: Mapping[tuple[str, str], list[Any]]) -> Any:
        key = self.ledger.key
        if given := draft.values.get(key):
            if found := existing.get((key, str(given))):
                return found[0]
            padded = [it for name, it in existing if name == key and it.lstrip("0") == str(given) and it != str(given)]
            if str(given).isdecimal() and len(padded) == 1:
                draft.row.remark(
                    key,
                    N_("“%(given)s” has lost its leading zeros; “%(text)s” was meant."),
                    given=given,
                    text=padded[0],
                )
                draft.values[key] = padded[0]
                return existing[key, padded[0]][0]
            return None
        for name in self.ledger.also_by:
            found = existing.get((name, str(draft.values.get(name)))) if draft.values.get(name) else None
            if found and len(found) > 1:
                message = N_("several records have “%(found)s”; give the %(key)s")
                draft.row.wrong(name, Wrong(message, found=draft.values[name], key=str(self.ledger.key_field.label)))
            elif found:
                return found[0]
        return None

    def _refuse_twice(self, draft: Draft, record: Any) -> None:
        """The same record in two rows of the file: both can't be right."""
        given = str(draft.values.get(self.ledger.key) or (getattr(record, self.ledger.key) if record else ""))
        for name, value in ((self.ledger.key, given), *((by, draft.values.get(by)) for by in self.ledger.also_by)):
            if not value:
                continue
            first = self.seen.setdefault((name, str(value)), draft.row.number)
            if first != draft.row.number:
                message = N_("“%(found)s” stands in row %(row)s already")
                draft.row.wrong(name, Wrong(message, found=shown(value), row=first))

    def _refuse_missing(self, draft: Draft) -> None:
        wrong = {name for name, *_rest in draft.row.problems}
        for each in self.required:
            if each.name == self.ledger.key and not self.ledger.is_key_given:
                continue
            if draft.values.get(each.name) in (None, "") and each.name not in wrong:
                draft.row.wrong(each.name, Wrong(N_("a new record needs this")))


def _only_blanks_differ(text: str, cell: str) -> bool:
    return "".join(text.split()) == "".join(cell.split())
