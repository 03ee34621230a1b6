"""Ledgers as CSV: `start,end,state` or `at,state`, with a `system` column when the table holds several."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from opspact.core.inputs import Wrong
from opspact.core.words import N_

FORMS = ({"start", "end", "state"}, {"at", "state"})


def rows_of(source: bytes) -> list[dict[str, str]]:
    """The rows by column, in UTF-8 with or without a byte order mark. Raises Wrong with the line."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Wrong(N_("the table is not UTF-8")) from None
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
        columns = {name.strip() for name in reader.fieldnames or ()}
        if columns - {"system"} not in FORMS:
            raise Wrong(
                N_("the table needs the columns start, end, state or at, state, and may have system; found %(found)s"),
                found=", ".join(sorted(columns)),
            )
        rows: list[dict[str, str]] = []
        for row in reader:
            if None in row or None in row.values():
                raise Wrong(N_("line %(line)s has not as many cells as columns"), line=reader.line_num)
            rows.append({name.strip(): cell.strip() for name, cell in row.items()})
    except csv.Error as error:
        raise Wrong(N_("this is not valid CSV: %(reason)s"), reason=str(error)) from None
    return rows


def ledger(rows: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """The rows as a document writes a ledger; an empty end is open."""
    return [
        {name: _cell(cell) for name, cell in row.items() if name != "system" and not (name == "end" and not cell)}
        for row in rows
    ]


def of_system(rows: Sequence[dict[str, str]], code: str) -> list[dict[str, str]]:
    """The rows of one system; all of them where the table does not tell systems apart."""
    return [row for row in rows if row.get("system", code) == code]


def document(source: bytes) -> dict[str, Any]:
    """A document that holds nothing but the table."""
    rows = rows_of(source)
    codes = list(dict.fromkeys(row.get("system", "SYSTEM") for row in rows))
    return {"systems": [{"code": code, "ledger": ledger(of_system(rows, code))} for code in codes]}


def _cell(cell: str) -> str | int:
    """Whole numbers are µs, as in JSON."""
    return int(cell) if cell.lstrip("-").isdecimal() and cell.isascii() else cell
