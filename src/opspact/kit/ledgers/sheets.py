"""From a workbook to rows of cells by field: the right sheet, its header in one row or two, merged cells filled.

Nothing is judged here but the form; see `drafts` for what a row means.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.files import Range, WorkbookError, merged_ranges, open_zip
from opspact.kit.ledgers.ledger import bare, headers_of

MAX_ROWS = 200_000
MAX_BLANK = 1_000
MAX_UNPACKED = 512 * 1024 * 1024
HEADER_WITHIN = 20

Remark = tuple[str, str, str, dict[str, Any]]
"""Field, cell, msgid and parameters."""


@dataclass
class RawRow:
    """One row: the cells' values by field, where each stands, and what is wrong with their form."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def wrong(self, name: str, wrong: Wrong) -> None:
        self.problems.append((name, self.cells.get(name, ""), wrong.msgid, wrong.params))

    def remark(self, name: str, msgid: str, **params: Any) -> None:
        self.remarks.append((name, self.cells.get(name, ""), msgid, params))


@dataclass(frozen=True)
class Sheet:
    """A sheet whose header was understood. `columns` are fields by place from 0, `ignored` headers of no field."""

    title: str
    first_row: int
    columns: Mapping[int, Field]
    ignored: Sequence[str]
    last_row: int
    _book: Any = field(repr=False)
    _sheet: Any = field(repr=False)
    _merged: Sequence[Range] = field(repr=False)

    def rows(self) -> Iterator[RawRow]:
        """The filled rows. Raises WorkbookError when there are too many."""
        return _rows(self)


def open_sheet(content: bytes, name: str, fields: Sequence[Field], needed: Sequence[str]) -> Sheet:
    """The sheet that has the `needed` fields in its header. Raises WorkbookError."""
    import openpyxl  # here, because it is a third of what every process would load at its start

    archive = open_zip(content, name, most_unpacked=MAX_UNPACKED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-downs it can't keep; nothing is written back
            book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True, keep_links=False)
        sheet, first, columns, ignored = _find(book, fields, needed)
        merged = [each for each in merged_ranges(archive, sheet) if each[3] >= first]
        return Sheet(sheet.title, first, columns, ignored, sheet.max_row or 0, book, sheet, merged)
    except WorkbookError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the parsers raise
        raise WorkbookError("file.broken", N_("The file is damaged and can't be opened.")) from error


def _find(book: Any, fields: Sequence[Field], needed: Sequence[str]) -> tuple[Any, int, dict[int, Field], list[str]]:
    """The sheet, its first row below the header, the field of each column, and the headers nobody knows."""
    headers = headers_of(fields)
    best: dict[int, Field] = {}
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # some programs write a wrong one, and columns beyond it would be cut off
        top = [list(cells) for cells in sheet.iter_rows(max_row=HEADER_WITHIN, values_only=True)]
        for at, cells in enumerate(top):
            below = top[at + 1] if at + 1 < len(top) else []
            columns, ignored, depth = _header(cells, below, headers)
            if {each.name for each in columns.values()} >= set(needed) and len(columns) > 0:
                _refuse_twice(sheet.title, columns)
                return sheet, at + depth + 1, columns, ignored
            best = max(best, columns, key=len)
    missing = "、".join(
        str(each.label) for each in fields if each.name in set(needed) - {it.name for it in best.values()}
    )
    titles = "、".join(f"“{sheet.title}”" for sheet in book.worksheets)
    if not best:
        message = N_("No sheet with the columns of this ledger was found; the file has %(sheets)s.")
        raise WorkbookError("sheet.none", message, sheets=titles)
    raise WorkbookError("header.missing", N_("These columns are missing in the header: %(columns)s."), columns=missing)


def _header(
    cells: Sequence[Any], below: Sequence[Any], headers: Mapping[str, Field]
) -> tuple[dict[int, Field], list[str], int]:
    """The fields a row names, or it and the row below together, where groups of columns share a merged title."""
    one = {place: found for place, text in enumerate(cells) if (found := _named(text, headers))}
    under = {place: found for place, text in enumerate(below) if (found := _named(text, headers))}
    taken = {each.name for each in one.values()}
    extra = {place: each for place, each in under.items() if each.name not in taken and place not in one}
    two = {**one, **extra} if len(under) >= 1 and _is_header(below, headers) else one
    columns, depth = (two, 2) if len(two) > len(one) else (one, 1)
    texts = [*cells, *(below if depth == 2 else ())]
    ignored = [str(text) for text in texts if isinstance(text, str) and text.strip() and not _named(text, headers)]
    return columns, ignored, depth


def _named(text: Any, headers: Mapping[str, Field]) -> Field | None:
    return headers.get(bare(text)) if isinstance(text, str) else None


def _is_header(cells: Sequence[Any], headers: Mapping[str, Field]) -> bool:
    """A second header row has nothing but words that are headers."""
    texts = [cell for cell in cells if cell not in (None, "")]
    return bool(texts) and all(_named(text, headers) for text in texts)


def _refuse_twice(title: str, columns: Mapping[int, Field]) -> None:
    seen: dict[str, int] = {}
    for place, each in columns.items():
        if each.name in seen:
            raise WorkbookError(
                "header.twice",
                N_("Columns %(first)s and %(second)s of sheet “%(sheet)s” have the same header “%(header)s”."),
                first=xl_col_to_name(seen[each.name]),
                second=xl_col_to_name(place),
                sheet=title,
                header=str(each.label),
            )
        seen[each.name] = place


def _rows(sheet: Sheet) -> Iterator[RawRow]:
    letters = {place: xl_col_to_name(place) for place in sheet.columns}
    width = max(sheet.columns) + 1
    filled: dict[Range, Any] = {}
    blank = found = 0
    rows = sheet._sheet.iter_rows(min_row=sheet.first_row, max_col=width, values_only=True)
    for number, cells in enumerate(rows, start=sheet.first_row):
        row = RawRow(number, cells={each.name: f"{letters[place]}{number}" for place, each in sheet.columns.items()})
        for place, each in sheet.columns.items():
            row.values[each.name] = cells[place] if place < len(cells) else None
        is_blank = all(value is None or (isinstance(value, str) and not value.strip()) for value in row.values.values())
        if is_blank:
            blank += 1
            if blank > MAX_BLANK:
                return
            continue
        blank, found = 0, found + 1
        if found > MAX_ROWS:
            raise WorkbookError("sheet.rows", N_("The sheet has more than %(rows)s rows; divide it."), rows=MAX_ROWS)
        if sheet._merged:
            _fill_merged(row, sheet, filled)
        yield row


def _fill_merged(row: RawRow, sheet: Sheet, filled: dict[Range, Any]) -> None:
    """A cell merged over several rows means its value in each of them; the first row has it."""
    for each in sheet._merged:
        left, top, right, bottom, ref = each
        if not top <= row.number <= bottom or top == bottom:
            continue
        for place, column in sheet.columns.items():
            if not left <= place + 1 <= right:
                continue
            if row.number == top:
                filled[each] = row.values[column.name]
            elif row.values[column.name] is None and filled.get(each) is not None:
                row.values[column.name] = filled[each]
                row.remark(column.name, N_("%(ref)s is merged; its value was taken for this row too."), ref=ref)
