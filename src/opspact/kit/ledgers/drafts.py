"""What the rows of a workbook would do to a ledger: each new, changed, the same, or wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.kinds import Text
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.reading import text_of
from opspact.kit.ledgers.references import BigReference
from opspact.kit.ledgers.sheets import ERRORS, UNCALCULATED, RawRow
from opspact.kit.ledgers.taken import TWICE, Taken
from opspact.kit.ledgers.writing import Pending, assign
from opspact.kit.models import LedgerBatchRow

Status = LedgerBatchRow.Status
CHUNK = 5000
EXACT_NUMBERS = 10**15
_SHORT = "\0"
"""Before a number without its leading zeros, which no value can begin with."""


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
        self.known_by = (ledger.key, *ledger.also_by)
        self.seen: dict[tuple[str, str], int] = {}
        self.taken = Taken(ledger, contract)
        self.empty = ledger.model(contract=contract)

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
        self._judge([draft for draft in drafts if draft.pending is not None and draft.status is not Status.SAME])
        return drafts

    def _judge(self, drafts: Sequence[Draft]) -> None:
        """What is wrong between these records, and between them and the ledger."""
        records = [draft.pending.record for draft in drafts if draft.pending]
        taken = self.taken.check(records, [draft.row.number for draft in drafts])
        for wrongs in (taken, self.ledger.check(self.contract, records)):
            for position, problems in wrongs.items():
                for name, wrong in problems:
                    drafts[position].row.wrong(name, wrong)
                drafts[position].status, drafts[position].pending = Status.WRONG, None

    def _values(self, row: RawRow) -> dict[str, Any]:
        """The values of the cells; an empty one only where it is to empty the field."""
        values: dict[str, Any] = {}
        for each in self.fields:
            try:
                value = self._value(each, row)
            except Wrong as wrong:
                row.wrong(each.name, wrong)
                continue
            if value is not None or self.clears:
                values[each.name] = value
        return values

    def _value(self, each: Field, row: RawRow) -> Any:
        cell = row.values.get(each.name)
        if cell is None:
            return None
        if isinstance(cell, str):
            _refuse_formulas(cell)
        elif isinstance(each.kind, Text):
            _refuse_lost_digits(cell)
        text = each.kind.folded(cell)
        if isinstance(cell, str) and text != cell and _bare(text) != _bare(cell):
            row.remark(each.name, N_("“%(given)s” was read as “%(text)s”."), given=shown(cell), text=shown(text))
        return each.kind.parse(text) if text else None

    def _existing(self, drafts: Sequence[Draft]) -> Mapping[tuple[str, str], list[Any]]:
        """Records by field and value, for the key and whatever else rows may be recognised by. Bounded queries."""
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for name in self.known_by:
            wanted = {str(draft.values[name]) for draft in drafts if draft.values.get(name)}
            if not wanted:
                continue
            numbers = {text for text in wanted if text.isdecimal()}
            spellings = wanted | {text.zfill(width) for text in numbers for width in range(len(text) + 1, 13)}
            for record in self.ledger.records(self.contract).filter(**{f"{name}__in": spellings}):
                value = str(getattr(record, name))
                found[name, value].append(record)
                if value.startswith("0") and value.isdecimal():
                    found[name, _SHORT + value.lstrip("0")].append(record)
        return found

    def _compare(self, draft: Draft, existing: Mapping[tuple[str, str], list[Any]]) -> None:
        record = self._recognised(draft, existing)
        self._refuse_twice(draft, record)
        if record is None:
            self._refuse_missing(draft)
            record = self._new()
        if draft.row.problems:
            return
        draft.pending = assign(self.fields, record, draft.values)
        draft.status = Status.NEW if record.pk is None else Status.CHANGED if draft.pending.texts else Status.SAME

    def _new(self) -> Any:
        """An empty record, copied: making each from its forty defaults would take a tenth of the whole import."""
        record = copy(self.empty)
        record.extra = {}
        return record

    def _recognised(self, draft: Draft, existing: Mapping[tuple[str, str], list[Any]]) -> Any:
        """The record a row is about, by its key or else by what also tells records apart."""
        for name in self.known_by:
            given = draft.values.get(name)
            if not given:
                continue
            found = existing.get((name, str(given))) or self._with_zeros(draft, name, str(given), existing)
            if name != self.ledger.key:
                found = [each for each in found if self._apart(draft) == self._apart_of(each)]
            if found and len(found) > 1:
                message = N_("several records have “%(found)s”; give the %(key)s")
                draft.row.wrong(name, Wrong(message, found=given, key=str(self.ledger.key_field.label)))
            elif found:
                return found[0]
            if name == self.ledger.key:
                return None
        return None

    def _with_zeros(
        self, draft: Draft, name: str, given: str, existing: Mapping[tuple[str, str], list[Any]]
    ) -> list[Any]:
        """The one record whose number lost its leading zeros in Excel."""
        found = existing.get((name, _SHORT + given), [])
        if len(found) != 1 or not isinstance(draft.row.values.get(name), int | float | str):
            return []
        meant = str(getattr(found[0], name))
        message = N_("“%(given)s” has lost its leading zeros; “%(text)s” was meant.")
        draft.row.remark(name, message, given=given, text=meant)
        draft.values[name] = meant
        return found

    def _apart(self, draft: Draft) -> tuple[Any, ...]:
        return tuple(draft.values.get(name) for name in self.ledger.apart_by)

    def _apart_of(self, record: Any) -> tuple[Any, ...]:
        return tuple(getattr(record, name) for name in self.ledger.apart_by)

    def _refuse_twice(self, draft: Draft, record: Any) -> None:
        """The same record in two rows of the file: both can't be right."""
        given = str(draft.values.get(self.ledger.key) or (getattr(record, self.ledger.key) if record else ""))
        apart = "".join(f" {each}" for each in self._apart(draft))
        others = [(by, value, f"{value}{apart}") for by in self.ledger.also_by if (value := draft.values.get(by))]
        for name, value, whole in ((self.ledger.key, given, given), *others):
            if not value:
                continue
            first = self.seen.setdefault((name, whole), draft.row.number)
            if first != draft.row.number:
                draft.row.wrong(name, Wrong(TWICE, found=shown(value), row=first))

    def _refuse_missing(self, draft: Draft) -> None:
        wrong = {name for name, *_rest in draft.row.problems}
        for each in self.required:
            if each.name == self.ledger.key and not self.ledger.is_key_given:
                continue
            if draft.values.get(each.name) in (None, "") and each.name not in wrong:
                draft.row.wrong(each.name, Wrong(N_("a new record needs this")))


def _refuse_formulas(cell: str) -> None:
    """A formula without a result is not an empty cell, and #N/A is not a value."""
    if cell == UNCALCULATED:
        raise Wrong(N_("a formula that was never calculated; open the file in Excel or WPS and save it there"))
    if cell in ERRORS:
        raise Wrong(N_("%(found)s is an error of a formula; mend it or write the value"), found=cell)


def _refuse_lost_digits(cell: object) -> None:
    if isinstance(cell, int | float) and abs(cell) >= EXACT_NUMBERS:
        message = N_("Excel keeps 15 digits of a number, so “%(found)s” has lost some; write it as text")
        raise Wrong(message, found=f"{cell:.0f}")


def _bare(text: str) -> str:
    return "".join(text.split())
