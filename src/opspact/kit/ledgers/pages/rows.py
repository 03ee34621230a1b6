"""The rows of a batch, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages.listing import urls_of
from opspact.kit.models import LedgerBatchRow

Status = LedgerBatchRow.Status
_TONES = {Status.NEW: "good", Status.CHANGED: "info", Status.WRONG: "bad", Status.DELETED: "warn"}


def shown_rows(
    ledger: Ledger,
    contract: Any,
    rows: Sequence[LedgerBatchRow],
    columns: Sequence[Field],
    fields: Mapping[str, Field],
) -> list[dict[str, Any]]:
    """Each row with its record, deleted ones too, in one query for all of them."""
    keys = [row.record_id for row in rows if row.record_id]
    records = ledger.model._default_manager.filter(contract=contract).in_bulk(keys)
    folder = urls_of(ledger, contract)["list"]
    return [_shown(row, records.get(row.record_id), folder, columns, fields) for row in rows]


def _shown(
    row: LedgerBatchRow, record: Any, folder: str, columns: Sequence[Field], fields: Mapping[str, Field]
) -> dict[str, Any]:
    def said(entries: list[list[Any]]) -> list[tuple[str, str]]:
        return [
            (f"{cell} {fields[name].label if name in fields else ''}".strip(), _(msgid) % params)
            for name, cell, msgid, params in entries
        ]

    return {
        "number": row.number,
        "word": row.get_status_display(),
        "tone": _TONES.get(Status(row.status), ""),
        "record": str(record) if record is not None else "",
        "url": f"{folder}{record.pk}/" if record is not None else "",
        "cells": [(row.texts.get(each.name, ""), _change(row, each.name)) for each in columns],
        "problems": said(row.problems),
        "remarks": said(row.remarks),
        "left": _(row.left[0]) % row.left[1] if row.left else "",
    }


def _change(row: LedgerBatchRow, name: str) -> list[str] | None:
    """Before and after; a new record was nothing before, whatever its defaults would have been."""
    change: list[str] | None = row.changes.get(name)
    return ["", change[1]] if change and row.status == Status.NEW else change
