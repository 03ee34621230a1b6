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
from opspact.kit.ledgers.files import Marks, Range, WorkbookError, marks_of, open_zip
from opspact.kit.ledgers.ledger import bare, headers_of

MAX_ROWS = 200_000
MAX_BLANK = 1_000
MAX_UNPACKED = 512 * 1024 * 1024
HEADER_WITHIN = 20
MERGED = N_("%(ref)s is merged; its value was taken for this row too.")
UNCALCULATED = "=…"
"""Stands for the value of a formula that was never calculated."""
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})

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
    """As the file says it, which may be wrong: good enough to tell how far the reading is."""
    _sheet: Any = field(repr=False)
    _marks: Marks = field(repr=False)

    def rows(self) -> Iterator[RawRow]:
        """The filled rows. Raises WorkbookError when there are too many."""
        return _rows(self)


@dataclass(frozen=True)
class _Header:
    """A header that may be the one: its columns, the headers nobody knows, and how many rows it takes."""

    sheet: Any
    last_row: int
    at: int
    columns: dict[int, Field]
    ignored: list[str]
    depth: int

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.columns.values()}


def open_sheet(content: bytes, name: str, fields: Sequence[Field], needed: Sequence[str]) -> Sheet:
    """The visible sheet that knows the most columns, one of the `needed` among them. Raises WorkbookError."""
    import openpyxl  # here, because it is a third of what every process would load at its start

    archive = open_zip(content, name, most_unpacked=MAX_UNPACKED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-downs it can't keep; nothing is written back
            book = openpyxl.load_workbook(archive.fp, read_only=True, data_only=True, keep_links=False)
        best = _find(book, fields, needed)
        marks = marks_of(archive, best.sheet)
        first = best.at + best.depth + 1
        return Sheet(best.sheet.title, first, best.columns, best.ignored, best.last_row, best.sheet, marks)
    except WorkbookError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the parsers raise
        raise WorkbookError("file.broken", N_("The file is damaged and can't be opened.")) from error


def _find(book: Any, fields: Sequence[Field], needed: Sequence[str]) -> _Header:
    headers = headers_of(fields)
    found = [
        header
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
        for header in _headers(sheet, headers)
        if header.columns
    ]
    best = max(found, key=lambda header: (len(header.columns), bool(header.names & set(needed))), default=None)
    if best is None:
        titles = "、".join(f"“{sheet.title}”" for sheet in book.worksheets if sheet.sheet_state == "visible")
        message = N_("No sheet with the columns of this ledger was found; the file has %(sheets)s.")
        raise WorkbookError("sheet.none", message, sheets=titles)
    if not best.names & set(needed):
        wanted = "、".join(str(each.label) for each in fields if each.name in needed)
        message = N_("The header of sheet “%(sheet)s” needs one of these columns: %(columns)s.")
        raise WorkbookError("header.missing", message, sheet=best.sheet.title, columns=wanted)
    _refuse_twice(best.sheet.title, best.columns)
    return best


def _headers(sheet: Any, headers: Mapping[str, Field]) -> Iterator[_Header]:
    """Each of the first rows as the header it would be."""
    last = sheet.max_row or 0
    sheet.reset_dimensions()  # some programs write a wrong one, and columns beyond it would be cut off
    top = [list(cells) for cells in sheet.iter_rows(max_row=HEADER_WITHIN, values_only=True)]
    for at, cells in enumerate(top):
        below = top[at + 1] if at + 1 < len(top) else []
        columns, ignored, depth = _header(cells, below, headers)
        yield _Header(sheet, last, at, columns, ignored, depth)


def _header(
    cells: Sequence[Any], below: Sequence[Any], headers: Mapping[str, Field]
) -> tuple[dict[int, Field], list[str], int]:
    """The fields a row names, or it and the row below together, where groups of columns share a merged title."""
    one = {place: found for place, text in enumerate(cells) if (found := _named(text, headers))}
    under = {place: found for place, text in enumerate(below) if (found := _named(text, headers))}
    taken = {each.name for each in one.values()}
    extra = {place: each for place, each in under.items() if each.name not in taken}
    is_double = bool(under) and _is_header(below, headers) and len({**one, **extra}) > len(one)
    if not is_double:
        return one, _unknown([cells], one), 1
    is_title = sum(cell not in (None, "") for cell in cells) < 2
    return {**one, **extra}, _unknown([below] if is_title else [below, cells], {**one, **extra}), 2


def _unknown(rows: Sequence[Sequence[Any]], columns: Mapping[int, Field]) -> list[str]:
    """What stands above columns that no field is known for; the lowest word of each."""
    width = max(len(row) for row in rows)
    words = (
        next((str(row[place]).strip() for row in rows if place < len(row) and row[place] not in (None, "")), "")
        for place in range(width)
        if place not in columns
    )
    return list(dict.fromkeys(word for word in words if word))


def _named(text: Any, headers: Mapping[str, Field]) -> Field | None:
    return headers.get(bare(text)) if isinstance(text, str) else None


def _is_header(cells: Sequence[Any], headers: Mapping[str, Field]) -> bool:
    """A second header row has words only, most of which are headers."""
    texts = [cell for cell in cells if cell not in (None, "")]
    known = sum(_named(text, headers) is not None for text in texts)
    return bool(texts) and all(isinstance(text, str) for text in texts) and 2 * known > len(texts)


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
    plan = [(place, each.name, xl_col_to_name(place)) for place, each in sheet.columns.items()]
    width = max(sheet.columns) + 1
    uncalculated = sheet._marks.uncalculated
    merged = _Merged(sheet) if sheet._marks.merged else None
    blank = found = 0
    rows = sheet._sheet.iter_rows(min_row=sheet.first_row, max_col=width, values_only=True)
    for number, cells in enumerate(rows, start=sheet.first_row):
        many = len(cells)
        values = {name: cells[place] if place < many else None for place, name, _letter in plan}
        named = {name: f"{letter}{number}" for _place, name, letter in plan}
        unknown = [name for name, cell in named.items() if cell in uncalculated] if uncalculated else ()
        if not unknown and all(value is None or value == "" or _is_blank(value) for value in values.values()):
            blank += 1
            if blank > MAX_BLANK:
                return
            continue
        blank, found = 0, found + 1
        if found > MAX_ROWS:
            raise WorkbookError("sheet.rows", N_("The sheet has more than %(rows)s rows; divide it."), rows=MAX_ROWS)
        row = RawRow(number, values, named)
        if merged:
            merged.fill(row)
        row.values.update(dict.fromkeys(unknown, UNCALCULATED))
        yield row


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


class _Merged:
    """A cell merged over several rows means its value in each of them; the first row has it.

    Over several columns it belongs to the leftmost, as Excel has it.
    """

    def __init__(self, sheet: Sheet) -> None:
        ranges = [each for each in sheet._marks.merged if each[1] < each[3] and each[3] >= sheet.first_row]
        self.waiting = sorted(ranges, key=lambda each: -each[1])
        self.columns = {place + 1: each.name for place, each in sheet.columns.items()}
        self.open: list[Range] = []
        self.values: dict[Range, Any] = {}

    def fill(self, row: RawRow) -> None:
        while self.waiting and self.waiting[-1][1] <= row.number:
            each = self.waiting.pop()
            if (name := self.columns.get(each[0])) and each[1] == row.number:
                self.open.append(each)
                self.values[each] = row.values[name]
        self.open = [each for each in self.open if each[3] >= row.number]
        for each in self.open:
            name = self.columns[each[0]]
            if each[1] < row.number and row.values[name] is None and self.values[each] is not None:
                row.values[name] = self.values[each]
                row.remark(name, MERGED, ref=each[4])
