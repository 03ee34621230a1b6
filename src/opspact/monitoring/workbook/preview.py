"""What a filled workbook would do: each row new, changed, the same, or wrong."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from opspact.contracts.models import Contract
from opspact.core.words import N_
from opspact.monitoring.workbook.columns import COLUMNS
from opspact.monitoring.workbook.drafts import WHOLE, Draft, draft_of
from opspact.monitoring.workbook.errors import Problem
from opspact.monitoring.workbook.known import Known
from opspact.monitoring.workbook.sheets import RawRow, read_rows
from opspact.monitoring.workbook.stored import stored
from opspact.probes.settings import write_settings


class Status(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class PreviewRow:
    """`changes` maps a field to (old, new) as people write them; `problems` and `mended` name their cells."""

    number: int
    status: Status
    values: Mapping[str, str]
    draft: Draft | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    mended: Sequence[Problem] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "status": str(self.status),
            "values": dict(self.values),
            "draft": self.draft.to_json() if self.draft else None,
            "changes": {name: list(both) for name, both in self.changes.items()},
            "problems": [each.to_json() for each in self.problems],
            "mended": [each.to_json() for each in self.mended],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PreviewRow:
        return cls(
            number=data["number"],
            status=Status(data["status"]),
            values=data["values"],
            draft=Draft(**data["draft"]) if data["draft"] else None,
            changes={name: (old, new) for name, (old, new) in data["changes"].items()},
            problems=[Problem(**each) for each in data["problems"]],
            mended=[Problem(**each) for each in data["mended"]],
        )


@dataclass(frozen=True)
class Preview:
    file_name: str
    sha256: str
    rows: Sequence[PreviewRow]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.status for row in self.rows)
        return {str(status): found[status] for status in Status}


def read(contract: Contract, content: bytes, name: str) -> Preview:
    """Read a filled workbook and compare it with what is there now. Raises WorkbookError."""
    raws = read_rows(content, name)
    known = Known.of(contract, [raw.values for raw in raws])
    read_off = []
    for raw in raws:
        draft, problems, mended = draft_of(raw, known)
        read_off.append(PreviewRow(raw.number, Status.NEW, _shown(raw), draft, {}, problems, mended))
    return Preview(name, hashlib.sha256(content).hexdigest(), compare(contract, read_off))


def compare(contract: Contract, rows: Iterable[PreviewRow]) -> list[PreviewRow]:
    """The same rows with their status as of now; clashes between rows of the file are problems of both."""
    given = list(rows)
    clashes = _clashes(given)
    drafts, wholes = stored(contract)
    compared = []
    for row in given:
        problems = [*row.problems, *clashes.get(row.number, ())]
        if problems or row.draft is None:
            compared.append(replace(row, status=Status.WRONG, changes={}, problems=problems))
            continue
        changes = _changes(row.draft, drafts.get(row.draft.key), wholes.get(row.draft.code))
        status = Status.CHANGED if changes else Status.SAME
        compared.append(replace(row, status=status if row.draft.key in drafts else Status.NEW, changes=changes))
    return compared


def _changes(draft: Draft, old: Draft | None, whole: Mapping[str, str] | None) -> dict[str, tuple[str, str]]:
    said = {name: value for name in WHOLE if (value := getattr(draft, name)) is not None}
    changes = {name: (whole[name], value) for name, value in said.items() if whole and whole[name] != value}
    if old is not None:
        pairs = {
            "address": (old.address, draft.address),
            "interval_s": (str(old.interval_s), str(draft.interval_s)),
            "settings": (write_settings(dict(old.settings)), write_settings(dict(draft.settings))),
        }
        changes |= {name: both for name, both in pairs.items() if both[0] != both[1]}
    return changes


def _clashes(rows: Sequence[PreviewRow]) -> dict[int, list[Problem]]:
    """The same check twice, or a target with two names, systems, sites, assets or circuits. Each names the first row it
    clashes with.
    """
    found: dict[int, list[Problem]] = defaultdict(list)
    first_check: dict[tuple[str, str], int] = {}
    first_target: dict[str, PreviewRow] = {}
    for row in rows:
        draft = row.draft
        if draft is None:
            continue
        twin = first_check.setdefault(draft.key, row.number)
        if twin != row.number:
            message = N_("Rows %(first)s and %(second)s both are %(code)s with the check %(kind)s.")
            params = {"first": twin, "second": row.number, "code": draft.code, "kind": draft.kind}
            for number in (twin, row.number):
                found[number].append(Problem("code", "", "row.twice", message, params))
        other = first_target.setdefault(draft.code, row)
        if other is not row and other.draft is not None:
            for problem in _differences(other.number, other.draft, row.number, draft):
                found[other.number].append(problem)
                found[row.number].append(problem)
    return found


def _differences(first: int, one: Draft, second: int, other: Draft) -> Iterable[Problem]:
    message = N_(
        "%(code)s has “%(one)s” in row %(first)s and “%(other)s” in row %(second)s: one target has one of them."
    )
    for name in WHOLE:
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours != theirs:
            params = {"code": one.code, "one": ours, "other": theirs, "first": first, "second": second}
            yield Problem(name, "", f"{name}.two", message, params)


def _shown(raw: RawRow) -> dict[str, str]:
    """As the file has it; a column that is left out stays left out."""
    return {column.field: raw.values[column.field][:2_000] for column in COLUMNS if column.field in raw.values}
