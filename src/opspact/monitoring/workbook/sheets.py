"""From a workbook to rows of text: the right sheet, its header, its cells. Nothing is judged here but the form."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from opspact.core.words import N_
from opspact.kit.ledgers.files import Range, WorkbookError, marks_of, open_zip
from opspact.monitoring.workbook.columns import BY_FIELD, COLUMNS, SHEETS, field_of
from opspact.monitoring.workbook.errors import Problem

MAX_ROWS = 20_000
MAX_BLANK = 200
HEADER_WITHIN = 20
_REQUIRED = frozenset(column.field for column in COLUMNS if column.is_required)


@dataclass
class RawRow:
    """One row as text by field, with where it stands and what is wrong with its form."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_rows(content: bytes, name: str) -> list[RawRow]:
    """The filled rows of the sheet of targets. Raises WorkbookError."""
    import openpyxl  # here, because it is a third of what every process would load at its start

    archive = open_zip(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-downs it can't keep; nothing is written back
            book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=False, keep_links=False)
            sheet, start, fields = _sheet_of_targets(book)
            merged = _merged(archive, sheet, start, fields)
            rows = list(_rows(sheet, start, fields, merged))
    except WorkbookError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the parsers raise
        raise WorkbookError("file.broken", N_("The file is damaged and can't be opened.")) from error
    if not rows:
        raise WorkbookError(
            "sheet.empty", N_("Sheet “%(sheet)s” has no filled row below its header."), sheet=sheet.title
        )
    return rows


def _sheet_of_targets(book: Any) -> tuple[Any, int, dict[int, str]]:
    """The sheet, the number of its first row below the header, and the field of each column (from 0)."""
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.title not in SHEETS.values())
    best: list[str] = []
    for sheet in sheets:
        sheet.reset_dimensions()  # some programs write a wrong one, and columns beyond it would be cut off
        for number, cells in enumerate(sheet.iter_rows(max_row=HEADER_WITHIN, values_only=True), start=1):
            named = [(place, field_of(text)) for place, text in enumerate(cells) if isinstance(text, str)]
            fields = [(place, name) for place, name in named if name]
            if {name for _, name in fields} >= _REQUIRED:
                _refuse_twice(sheet.title, fields)
                return sheet, number + 1, dict(fields)
            best = max(best, [name for _, name in fields], key=len)
    titles = ", ".join(f"“{sheet.title}”" for sheet in book.worksheets)
    missing = ", ".join(
        BY_FIELD[name].zh + " / " + BY_FIELD[name].en for name in BY_FIELD if name in _REQUIRED - set(best)
    )
    if len(best) < 2:
        raise WorkbookError("sheet.none", N_("No sheet of targets was found; the file has %(sheets)s."), sheets=titles)
    raise WorkbookError("header.missing", N_("These columns are missing in the header: %(columns)s."), columns=missing)


def _refuse_twice(title: str, fields: Sequence[tuple[int, str]]) -> None:
    seen: dict[str, int] = {}
    for place, name in fields:
        if name in seen:
            raise WorkbookError(
                "header.twice",
                N_("Columns %(first)s and %(second)s of sheet “%(sheet)s” have the same header “%(header)s”."),
                first=xl_col_to_name(seen[name]),
                second=xl_col_to_name(place),
                sheet=title,
                header=BY_FIELD[name].zh,
            )
        seen[name] = place


def _rows(sheet: Any, start: int, fields: dict[int, str], merged: list[Range]) -> Iterator[RawRow]:
    blank = found = 0
    for number, cells in enumerate(sheet.iter_rows(min_row=start, max_col=max(fields) + 1), start=start):
        row = RawRow(number)
        for place, name in fields.items():
            row.cells[name] = f"{xl_col_to_name(place)}{number}"
            row.values[name] = _text(cells[place], name, row) if place < len(cells) else ""
        if not any(row.values.values()) and not row.problems:
            blank += 1
            if blank > MAX_BLANK:
                return
            continue
        blank, found = 0, found + 1
        if found > MAX_ROWS:
            raise WorkbookError("sheet.rows", N_("The sheet has more than %(rows)s rows; divide it."), rows=MAX_ROWS)
        row.problems += _in_merged(row, fields, merged)
        yield row


def _text(cell: Any, name: str, row: RawRow) -> str:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return _wrong(row, name, "cell.formula", N_("%(cell)s holds a formula; put its value there."))
    if getattr(cell, "data_type", "") == "e":
        return _wrong(row, name, "cell.error", N_("%(cell)s holds an error of Excel (%(text)s)."), str(value))
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _wrong(
            row, name, "cell.date", N_("Excel made a date of %(cell)s (%(text)s); format it as text."), str(value)
        )
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _wrong(row: RawRow, name: str, code: str, message: str, text: str = "") -> str:
    row.problems.append(Problem(name, row.cells[name], code, message, {"cell": row.cells[name], "text": text}))
    return ""


def _merged(archive: zipfile.ZipFile, sheet: Any, start: int, fields: dict[int, str]) -> list[Range]:
    """The merged ranges that touch a field below the header."""

    def touches(merged: Range) -> bool:
        return merged[3] >= start and any(merged[0] <= place + 1 <= merged[2] for place in fields)

    return list(marks_of(archive, sheet, touches).merged)


def _in_merged(row: RawRow, fields: dict[int, str], merged: list[Range]) -> list[Problem]:
    problems = []
    for left, top, right, bottom, ref in merged:
        if top <= row.number <= bottom:
            touched = [name for place, name in fields.items() if left <= place + 1 <= right]
            problems += [
                Problem(
                    name,
                    row.cells[name],
                    "cell.merged",
                    N_("%(ref)s is merged; unmerge it and fill every row."),
                    {"ref": ref},
                )
                for name in touched[:1]
            ]
    return problems
