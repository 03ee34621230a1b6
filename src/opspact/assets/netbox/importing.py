"""Rows into ledgers by the way every workbook goes: preview, checks, history, undo."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.db import transaction

from opspact.assets.netbox.mapping import Rows, theirs
from opspact.assets.netbox.objects import Row
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports
from opspact.kit.ledgers.ledger import Ledger, ledgers
from opspact.kit.models import LedgerBatch

FIRST_ROW = 2
"""Of the workbook, below its header."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with an object: which, its field there and here, and what mends it."""

    object: str
    theirs: str
    ours: str
    wrong: Wrong


@dataclass(frozen=True)
class Brought:
    """One ledger's part of an export: the import with its preview, what was written, and what was not."""

    ledger: Ledger
    batch: LedgerBatch
    written: dict[str, int]
    faults: tuple[Fault, ...]


def bring_in(caller: Caller, contract: Any, rows: Rows) -> Iterator[Brought]:
    """Fill one ledger after the other with its good rows; wrong ones stay in its preview. Raises RecordRefused."""
    for name, given in rows.items():
        if not given:
            continue
        ledger = ledgers[f"assets.{name}"]
        content = workbook_of(ledger, given)
        batch = imports.upload(caller, ledger, contract, content=content, name=f"netbox-{name}.xlsx", clears=False)
        imports.read(batch, ledger, contract)
        batch.refresh_from_db()
        written = imports.apply(caller, ledger, contract, batch, only_good=True)
        yield Brought(ledger, batch, written, tuple(_faults(ledger, contract, batch, given)))


def preview(caller: Caller, contract: Any, rows: Rows) -> list[Brought]:
    """What `bring_in` would do: it is done and taken back, since devices need the rooms that come before them."""
    with transaction.atomic():
        found = list(bring_in(caller, contract, rows))
        transaction.set_rollback(True)
    return found


def workbook_of(ledger: Ledger, rows: Sequence[Row]) -> bytes:
    """The rows as a workbook with the fields' own names as headers."""
    known = {each.name for each in ledger.fields if each.is_written}
    names = [name for name in rows[0].values if name in known]
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(names):
            sheet.write_string(0, place, name)
        for number, row in enumerate(rows, start=FIRST_ROW - 1):
            for place, name in enumerate(names):
                sheet.write_string(number, place, row.values.get(name, ""))
    return target.getvalue()


def _faults(ledger: Ledger, contract: Any, batch: LedgerBatch, rows: Sequence[Row]) -> Iterator[Fault]:
    labels = {each.name: str(each.label) for each in ledger.all_fields(contract)}
    short = ledger.name.rpartition(".")[2]
    for row in batch.rows.filter(status="wrong"):
        source = rows[row.number - FIRST_ROW].source
        for name, _cell, msgid, params in row.problems:
            told = params
            if isinstance(number := params.get("row"), int):
                told = {**params, "row": f"{number} ({rows[number - FIRST_ROW].source})"}
            yield Fault(str(source), theirs(short, name), labels.get(name, name), Wrong(msgid, **told))
