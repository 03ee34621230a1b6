"""The difference report as a workbook: a sheet for the summary, one for each kind of difference, one for every item."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking.facts import Part, every_row, facts

_BAD = str.maketrans("", "", "[]:*?/\\'")
WIDTH = 18


def workbook(stocktaking: Stocktaking) -> bytes:
    """In the reader's language."""
    told = facts(stocktaking)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        looks = _Looks(book)
        sheet = book.add_worksheet(_("Summary").translate(_BAD)[:31])
        sheet.set_column(0, 7, WIDTH)
        _printed(sheet)
        sheet.write_string(0, 0, told.title, looks.title)
        marks = [word for word, is_on in ((_("Demo data"), told.is_simulated), (_("Draft"), told.is_draft)) if is_on]
        sheet.write_string(1, 0, "　".join(marks), looks.mark)
        for row, (name, value) in enumerate(told.head, start=2):
            sheet.write_string(row, 0, name, looks.name)
            sheet.write_string(row, 1, value)
        at = _table(sheet, told.summary, 3 + len(told.head), looks)
        for row, line in enumerate(told.signatures, start=at + 1):
            sheet.write_string(row, 0, line)
        for part in (*told.parts, every_row(stocktaking)):
            sheet = book.add_worksheet(part.title.translate(_BAD)[:31])
            _fit(sheet, part)
            _table(sheet, part, 0, looks)
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            if part.rows:
                sheet.autofilter(0, 0, len(part.rows), len(part.columns) - 1)
    return target.getvalue()


def _printed(sheet: Any) -> None:
    """A4 across, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _fit(sheet: Any, part: Part) -> None:
    """Each column as wide as its words, a Chinese character as two, within reason."""
    _printed(sheet)
    for column, title in enumerate(part.columns):
        longest = max((_breadth(row[column]) for row in part.rows[:500]), default=0)
        sheet.set_column(column, column, min(max(longest, _breadth(title) + 3) + 2, 40))


def _breadth(text: str) -> int:
    return sum(2 if ord(each) > 0x2E80 else 1 for each in text)


class _Looks:
    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.mark = book.add_format({"bold": True, "font_color": "#6A41B0"})
        self.name = book.add_format({"font_color": "#55666A"})
        self.head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0F6B6B", "border": 1})
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})


def _table(sheet: Any, part: Part, top: int, looks: _Looks) -> int:
    """Write it from a row on; the first row below it. Figures are numbers, so that they can be summed."""
    for column, title in enumerate(part.columns):
        sheet.write_string(top, column, title, looks.head)
    has_figures = part.title == _("Summary")
    for row, cells in enumerate(part.rows, start=top + 1):
        for column, cell in enumerate(cells):
            is_figure = has_figures and column > 0
            sheet.write(row, column, int(cell) if is_figure else cell, looks.cell)
    return top + 1 + len(part.rows)
