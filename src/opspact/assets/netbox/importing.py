"""Rows into ledgers by the way every workbook goes: preview, checks, history, undo."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from opspact.assets.netbox.mapping import Row, Rows
from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports
from opspact.kit.ledgers.ledger import Ledger, ledgers
from opspact.kit.models import LedgerImport


@dataclass(frozen=True)
class Brought:
    """One ledger's part of an export: the import with its preview, and what was written."""

    ledger: Ledger
    batch: LedgerImport
    written: dict[str, int]


def bring_in(caller: Caller, contract: Any, rows: Rows) -> Iterator[Brought]:
    """Fill one ledger after the other with its good rows; wrong ones stay in its preview. Raises RecordRefused."""
    for name, given in rows.items():
        ledger = ledgers.get(f"assets.{name}")
        if ledger is None or not given:
            continue
        content = workbook_of(ledger, given)
        batch = imports.upload(caller, ledger, contract, content=content, name=f"netbox-{name}.xlsx", clears=False)
        imports.read(batch, ledger, contract)
        batch.refresh_from_db()
        written = imports.apply(caller, ledger, contract, batch, only_good=True)
        yield Brought(ledger, batch, written)


def workbook_of(ledger: Ledger, rows: Sequence[Row]) -> bytes:
    """The rows as a workbook with the fields' own names as headers; fields the ledger does not have are left out."""
    known = {each.name for each in ledger.fields if each.is_written}
    names = [name for name in rows[0] if name in known]
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(names):
            sheet.write_string(0, place, name)
        for number, row in enumerate(rows, start=1):
            for place, name in enumerate(names):
                sheet.write_string(number, place, row.get(name, ""))
    return target.getvalue()
