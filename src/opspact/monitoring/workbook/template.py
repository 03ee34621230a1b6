"""Writing the workbook: headers, drop-downs from the contract, notes, and on request every check there is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.contracts.models import Contract
from opspact.monitoring.models.targets import MAX_INTERVAL_S, MIN_INTERVAL_S
from opspact.monitoring.workbook.columns import COLUMNS, SHEETS, header
from opspact.monitoring.workbook.drafts import Draft
from opspact.monitoring.workbook.known import Known
from opspact.monitoring.workbook.sheets import MAX_ROWS
from opspact.monitoring.workbook.stored import stored
from opspact.probes.registry import KINDS
from opspact.probes.settings import write_settings


def template(contract: Contract, language: str) -> bytes:
    """An empty workbook. `language` is "zh-hans" or "en"."""
    return _write(contract, language, [])


def export(contract: Contract, language: str) -> bytes:
    """The workbook with every check of the contract: read back, each row is the same."""
    drafts, _wholes = stored(contract)
    return _write(contract, language, drafts.values())


def _write(contract: Contract, language: str, drafts: Iterable[Draft]) -> bytes:
    known = Known.of(contract)
    target = io.BytesIO()
    # Text stays text: an address is no link, and "=..." typed by somebody is no formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with override(language), xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(SHEETS["en" if language.startswith("en") else "zh"])
        head = book.add_format({"bold": True, "bg_color": "#0F6B6B", "font_color": "#FFFFFF", "border": 1})
        text = book.add_format({"num_format": "@"})
        for place, column in enumerate(COLUMNS):
            must = " *" if column.is_required else ""
            sheet.write_string(0, place, header(column, language) + must, head)
            sheet.set_column(place, place, column.width, None if column.field == "interval_s" else text)
        sheet.freeze_panes(1, 2)
        _rows(sheet, drafts, known)
        _lists(book, sheet, known)
        _notes(book, known)
    return target.getvalue()


def _rows(sheet: xlsxwriter.worksheet.Worksheet, drafts: Iterable[Draft], known: Known) -> None:
    systems, sites, circuits = (
        {name.split(" ", 1)[0]: name for name in names}
        for names in (known.system_names, known.site_names, known.circuit_names)
    )
    for number, draft in enumerate(drafts, start=1):
        cells = {
            "code": draft.code,
            "name": draft.name,
            "address": draft.address,
            "kind": _(KINDS[draft.kind].label) if draft.kind in KINDS else draft.kind,
            "system": systems.get(draft.system, draft.system),
            "site": sites.get(draft.site, draft.site),
            "asset": draft.asset or "",
            "circuit": circuits.get(draft.circuit or "", ""),
            "settings": write_settings(dict(draft.settings)),
        }
        for place, column in enumerate(COLUMNS):
            if column.field == "interval_s":
                sheet.write_number(number, place, draft.interval_s)
            else:
                sheet.write_string(number, place, cells[column.field])


def _lists(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, known: Known) -> None:
    """The drop-downs; their words stand on a hidden sheet, because a list in a cell is cut at 255 characters."""
    hidden = book.add_worksheet("lists")
    hidden.hide()
    words = {
        "kind": [_(kind.label) for kind in KINDS.values()],
        "system": known.system_names,
        "site": known.site_names,
        "circuit": known.circuit_names,
    }
    for place, column in enumerate(COLUMNS):
        if words.get(column.field):
            source = _column(hidden, place, words[column.field])
            sheet.data_validation(
                1, place, MAX_ROWS, place, {"validate": "list", "source": source, "error_type": "warning"}
            )
        if column.field == "interval_s":
            between = {"criteria": "between", "minimum": MIN_INTERVAL_S, "maximum": MAX_INTERVAL_S}
            sheet.data_validation(1, place, MAX_ROWS, place, {"validate": "integer", **between})


def _column(sheet: xlsxwriter.worksheet.Worksheet, place: int, words: Sequence[str]) -> str:
    for number, word in enumerate(words):
        sheet.write_string(number, place, word)
    letter = chr(ord("A") + place)
    return f"=lists!${letter}$1:${letter}${len(words)}"


def _notes(book: xlsxwriter.Workbook, known: Known) -> None:
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for number, (title, text) in enumerate(_note_rows(known)):
        sheet.write_string(number, 0, title, bold)
        sheet.write_string(number, 1, text, wrap)


def _note_rows(known: Known) -> Iterable[tuple[str, str]]:
    yield (
        _("Which rows"),
        _("One row for each check. A target with two kinds of check has two rows with the same code."),
    )
    yield _("Key"), _("Code and kind of check together. A row whose key exists changes that check; nothing is deleted.")
    yield _("Columns with *"), _("Must be filled. Formulas and merged cells are not read.")
    interval = _("Seconds, from %(least)s to %(most)s; empty means the default of the kind.")
    yield _("Interval"), interval % {"least": MIN_INTERVAL_S, "most": MAX_INTERVAL_S}
    yield _("Thresholds"), _("key=value; key=value. What a kind knows stands below; empty means its defaults.")
    for kind in KINDS.values():
        fields = "; ".join(
            f"{name}: {_(field.description or '')}" for name, field in kind.settings.model_fields.items()
        )
        yield _(kind.label), f"{_(kind.address_help)}\n{fields}"
    yield _("Business systems"), "; ".join(known.system_names) or "-"
    yield _("Sites"), "; ".join(known.site_names) or "-"
    yield (
        _("Asset"),
        _("Code or name of the asset that is watched: its page shows the state. Without the column it stays as it is."),
    )
    yield _("Leased circuit"), "; ".join(known.circuit_names) or "-"
