"""Excel out: exactly this list, in this order, with these columns. Constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from opspact.core.availability import percent
from opspact.core.instants import DAY
from opspact.kit.lists.columns import Column
from opspact.kit.shown.states import STATE_WORDS, VERDICT_WORDS

MOST_ROWS = 1_048_575
EXACT = 10**15 - 1
"""Excel keeps fifteen digits of a number: a longer one is written as text."""
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "date": {"num_format": "yyyy-mm-dd"},
    "duration": {"num_format": "[h]:mm:ss"},
    "percent": {"num_format": "0.00%"},
    "money": {"num_format": "#,##0.00"},
}
_WIDTHS = {"": 16, "s": 10, "m": 18, "l": 28, "xl": 44}


def write(target: BinaryIO, title: str, columns: Sequence[Column], records: Iterable[Any]) -> int:
    """Write the sheet and return the number of rows. Text is text: what begins with = + - @ is no formula.

    Times are in the site's zone, percentages cut off after two decimals as on the page.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        shown = [column for column in columns if column.is_exported]
        formats = [book.add_format(_FORMATS.get(column.kind, {})) for column in shown]
        head = book.add_format({"bold": True, "bottom": 1})
        for index, column in enumerate(shown):
            sheet.set_column(index, index, _WIDTHS[column.width])
            sheet.write_string(0, index, str(column.label), head)
        sheet.freeze_panes(1, 0)
        row = 0
        for row, record in enumerate(records, start=1):
            for index, column in enumerate(shown):
                _write_cell(sheet, row, index, column.kind, column.exported(record), formats[index])
        return row


def _write_cell(sheet: Worksheet, row: int, column: int, kind: str, value: Any, look: Format) -> None:
    if value is None or value == "":
        return
    if kind == "datetime" and isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None), look)
    elif kind == "date" and isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 - a day
    elif kind == "duration":
        sheet.write_number(row, column, value / DAY, look)
    elif kind == "percent":
        sheet.write_number(row, column, float(percent(Fraction(value)) / 100), look)
    elif isinstance(value, int) and abs(value) > EXACT:
        sheet.write_string(row, column, str(value), look)
    elif kind in ("number", "money"):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, _text(kind, value), look)


def _text(kind: str, value: Any) -> str:
    if kind == "bool":
        return _("yes") if value else _("no")
    if kind == "state":
        return str(STATE_WORDS[value])
    if kind == "verdict":
        return str(VERDICT_WORDS[value])
    return str(value)


def _sheet_name(title: str) -> str:
    """Excel allows 31 characters and not these: [ ] : * ? / \\ and no quote at the ends."""
    allowed = "".join(" " if char in "[]:*?/\\" else char for char in title)
    return allowed[:31].strip("' ") or "OpsPact"
