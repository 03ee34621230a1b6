"""The workbook of a ledger: headers, drop-downs and notes in the reader's language, and on request its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.kinds import Amount, Whole
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.sheets import UNCALCULATED
from opspact.kit.models import LedgerBatchRow

LAST_ROW = 100_000
_NUMBERS = (Whole, Amount)


def write(
    target: BinaryIO,
    ledger: Ledger,
    contract: Any,
    language: str,
    records: Iterable[Any] = (),
    names: Sequence[str] = (),
) -> int:
    """An empty template or, with records, a workbook that reads back unchanged; how many records it holds.

    `names` are the fields to write, all that can be read back unless given. Constant memory.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with override(language), xlsxwriter.Workbook(target, options) as book:
        fields = [each for each in ledger.bound_fields(contract) if (each.name in names if names else each.is_written)]
        sheet = book.add_worksheet(_title(ledger))
        lists = {place: words for place, each in enumerate(fields) if (words := each.kind.choices())}
        _head(book, sheet, fields, ledger)
        count = 0
        for count, record in enumerate(records, start=1):
            for place, each in enumerate(fields):
                _cell(sheet, count, place, each, record)
        _drop_downs(book, sheet, lists)
        _notes(book, ledger, fields)
    return count


def write_refused(
    target: BinaryIO, ledger: Ledger, contract: Any, language: str, rows: Iterable[LedgerBatchRow], names: Sequence[str]
) -> int:
    """The rows of an import that were wrong, as they stood in its file, with what is wrong with each in a last column.

    Wrong cells are marked. Mended, the workbook is brought in again as it is: nothing is known for the last columns.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with override(language), xlsxwriter.Workbook(target, options) as book:
        by_name = {each.name: each for each in ledger.bound_fields(contract)}
        fields = [by_name[name] for name in names if name in by_name]
        sheet = book.add_worksheet(_title(ledger))
        _head(book, sheet, fields, ledger)
        _errors_head(book, sheet, len(fields))
        marks = book.add_format({"bg_color": "#FBE3E1", "num_format": "@"})
        wrap = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#A3271E"})
        count = 0
        for count, row in enumerate(rows, start=1):
            _refused_row(sheet, count, row, fields, marks, wrap)
        _drop_downs(book, sheet, {at: words for at, each in enumerate(fields) if (words := each.kind.choices())})
    return count


def _errors_head(book: Any, sheet: Worksheet, place: int) -> None:
    look = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#A3271E", "border": 1, "valign": "top"})
    sheet.set_column(place, place, 60)
    sheet.write_string(0, place, _("What is wrong"), look)
    sheet.write_string(0, place + 1, _("Row in the file"), look)


def _refused_row(
    sheet: Worksheet, at: int, row: LedgerBatchRow, fields: Sequence[Field], marks: Any, wrap: Any
) -> None:
    wrong = {name for name, *_rest in row.problems}
    for place, each in enumerate(fields):
        value = row.texts.get(each.name)
        look = marks if each.name in wrong else None
        if value is None or value == UNCALCULATED:
            sheet.write_blank(at, place, None, look) if look else None
        elif isinstance(value, bool) or not isinstance(value, int | float):
            sheet.write_string(at, place, each.kind.folded(value) if isinstance(value, bool) else str(value), look)
        else:
            sheet.write_number(at, place, value, look)
    labels = {each.name: str(each.label) for each in fields}
    said = [f"{labels.get(name, '')}: {_(msgid) % params}".lstrip(": ") for name, _cell, msgid, params in row.problems]
    sheet.write_string(at, len(fields), "\n".join(said), wrap)
    sheet.write_number(at, len(fields) + 1, row.number)


def _title(ledger: Ledger) -> str:
    return "".join(character for character in str(ledger.title) if character not in "[]:*?/\\'")[:31]


def _head(book: Any, sheet: Worksheet, fields: Sequence[Field], ledger: Ledger) -> None:
    looks = {"bold": True, "font_color": "#FFFFFF", "border": 1, "text_wrap": True, "valign": "top"}
    must, may = (book.add_format({**looks, "bg_color": colour}) for colour in ("#0F6B6B", "#5B6B6B"))
    text = book.add_format({"num_format": "@"})
    for place, each in enumerate(fields):
        is_number = isinstance(each.kind, _NUMBERS)
        sheet.set_column(place, place, each.kind.width, None if is_number else text)
        required = each.required and (each.name != ledger.key or ledger.is_key_given)
        sheet.write_string(0, place, f"{each.label}{' *' if required else ''}", must if required else may)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, LAST_ROW, max(0, len(fields) - 1))


def _cell(sheet: Worksheet, row: int, place: int, each: Field, record: Any) -> None:
    value = each.read(record)
    if value is None:
        return
    if isinstance(each.kind, _NUMBERS):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, each.kind.text(value))


def _drop_downs(book: Any, sheet: Worksheet, lists: dict[int, list[str]]) -> None:
    """Their words stand on a hidden sheet, because a list in a cell is cut at 255 characters."""
    if not lists:
        return
    hidden = book.add_worksheet("lists")
    hidden.hide()
    longest = max(len(words) for words in lists.values())
    for row in range(longest):
        for column, words in enumerate(lists.values()):
            if row < len(words):
                hidden.write_string(row, column, words[row])
    for column, (place, words) in enumerate(lists.items()):
        letter = xl_col_to_name(column)
        source = f"=lists!${letter}$1:${letter}${len(words)}"
        rule = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
        sheet.data_validation(1, place, LAST_ROW, place, rule)


def _notes(book: Any, ledger: Ledger, fields: Sequence[Field]) -> None:
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for number, (title, text) in enumerate(_note_rows(ledger, fields)):
        sheet.write_string(number, 0, title, bold)
        sheet.write_string(number, 1, text, wrap)


def _note_rows(ledger: Ledger, fields: Sequence[Field]) -> Iterable[tuple[str, str]]:
    key = str(ledger.key_field.label)
    yield _("Which rows"), _("One row for each record. Blank rows are passed over; merged cells count for every row.")
    yield (
        _("Known by"),
        _("A row whose %(key)s exists changes that record, any other is new; nothing is deleted.") % {"key": key},
    )
    if not ledger.is_key_given:
        yield key, _("May stay empty for new records: the platform gives one by its rule.")
    yield _("Columns with *"), _("Must be filled for a new record. Columns may be left out or stand in another order.")
    yield (
        _("Dates"),
        _("2022-07-06, 2022.7.6, 2022/7/6, with Chinese year, month and day, and Excel's own dates are all read."),
    )
    for note in ledger.notes:
        yield str(ledger.title), str(note)
    for each in fields:
        words = each.kind.choices()
        also = "、".join(each.also)
        text = [str(each.help)] if each.help else []
        text += [_("One of: %(words)s.") % {"words": "、".join(words[:60])}] if words else []
        text += [_("Also read under: %(headers)s.") % {"headers": also}] if also else []
        if text:
            yield str(each.label), " ".join(text)
