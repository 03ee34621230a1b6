"""Versions of the address book: reading entries from Excel, what changed between two, and files for terminals. Pure
but for the reading of the workbook; entries are {"name", "department", "numbers": [...]}."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from opspact.core.inputs import Wrong, shown
from opspact.core.words import N_
from opspact.kit.ledgers import Field, Text
from opspact.kit.ledgers.sheets import RawRow, open_sheet

MOST = 20_000
_NUMBER = re.compile(r"[+0-9*#][0-9*# ()-]{1,29}(?:(?:转|ext\.?|x)\s*\d{1,6})?", re.IGNORECASE)
_BETWEEN = re.compile(r"[、,;/|\n]+")
FIELDS = (
    Field("name", _("Name"), Text(60), required=True, also=("姓名", "联系人", "单位名称")),
    Field("department", _("Department"), Text(120), also=("部门", "单位", "所属部门")),
    Field("numbers", _("Telephone number"), Text(200), required=True, also=("号码", "电话", "手机号", "联系电话")),
)


class Entry(TypedDict):
    """One line of the address book."""

    name: str
    department: str
    numbers: list[str]


@dataclass(frozen=True)
class Read:
    """The entries of a workbook, and its wrong cells with what is wrong: nothing is kept while there are any."""

    entries: list[Entry]
    wrong: list[tuple[str, Wrong]]


@dataclass(frozen=True)
class Difference:
    """From an older version to a newer one; in `changed` before and after."""

    added: list[Entry]
    removed: list[Entry]
    changed: list[tuple[Entry, Entry]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def read(content: bytes, file_name: str) -> Read:
    """The entries of a workbook with the columns 姓名, 部门, 号码. Raises WorkbookError when it has none of them."""
    entries: list[Entry] = []
    wrong: list[tuple[str, Wrong]] = []
    seen: dict[tuple[str, str], int] = {}
    for row in open_sheet(content, file_name, FIELDS, ("name", "numbers")).rows():
        try:
            entry = _entry(row)
            first = seen.setdefault((entry["name"], entry["department"]), row.number)
            if first != row.number:
                raise Wrong(N_("“%(found)s” stands in row %(row)s already"), found=shown(entry["name"]), row=first)
            if len(entries) == MOST:
                raise Wrong(N_("an address book has at most %(most)s entries"), most=MOST)
        except Wrong as problem:
            wrong.append((row.cells["name"], problem))
        else:
            entries.append(entry)
    return Read(entries, wrong)


def _entry(row: RawRow) -> Entry:
    name, department, numbers = (each.parse(row.values.get(each.name)) or "" for each in FIELDS)
    if not name:
        raise Wrong(N_("the name is missing"))
    found = [part.strip() for part in _BETWEEN.split(numbers) if part.strip()]
    if not found:
        raise Wrong(N_("%(name)s has no number"), name=shown(name))
    for number in found:
        if not _NUMBER.fullmatch(number):
            raise Wrong(N_("“%(found)s” is no telephone number"), found=shown(number))
    return Entry(name=name, department=department, numbers=found)


def difference(older: Sequence[Entry], newer: Sequence[Entry]) -> Difference:
    """People are the same by name and department; one who is the only one of that name may change department."""
    before, after = ({_key(entry): entry for entry in entries} for entries in (older, newer))
    gone = {key: entry for key, entry in before.items() if key not in after}
    come = {key: entry for key, entry in after.items() if key not in before}
    changed = [(before[key], entry) for key, entry in after.items() if key in before and before[key] != entry]
    for name, here in _by_name(gone).items():
        there = _by_name(come).get(name, [])
        if len(here) == len(there) == 1:
            changed.append((gone.pop(here[0]), come.pop(there[0])))
    return Difference(list(come.values()), list(gone.values()), changed)


def _key(entry: Entry) -> tuple[str, str]:
    return entry["name"], entry["department"]


def _by_name(entries: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in entries:
        found[key[0]].append(key)
    return found


def as_csv(entries: Iterable[Entry], headers: Sequence[str]) -> bytes:
    """For programs that take CSV: UTF-8 with its mark, so that Excel reads it; no cell begins a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(headers)
    for entry in entries:
        writer.writerow([_harmless(entry["name"]), _harmless(entry["department"]), " / ".join(entry["numbers"])])
    return target.getvalue().encode("utf-8-sig")


def as_vcards(entries: Iterable[Entry]) -> bytes:
    """vCard 3.0, which every telephone reads."""
    lines: list[str] = []
    for entry in entries:
        name = _escaped(entry["name"])
        lines += ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;"]
        lines += [f"ORG:{_escaped(entry['department'])}"] if entry["department"] else []
        lines += [f"TEL;TYPE=VOICE:{_escaped(number)}" for number in entry["numbers"]]
        lines.append("END:VCARD")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def as_entries(kept: Any) -> list[Entry]:
    """What the record keeps, as entries."""
    return [
        Entry(name=each["name"], department=each.get("department", ""), numbers=list(each.get("numbers", ())))
        for each in kept
    ]
