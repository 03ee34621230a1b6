"""Records as JSON, for the API and the shell: read by the same rules as a cell of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.kinds import Choice
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.writing import RecordRefused


def as_json(fields: Sequence[Field], record: Any) -> dict[str, Any]:
    """The record by field name, with its id and version. Other records stand by their code, choices by their value."""
    found: dict[str, Any] = {"id": record.pk, "version": record.version}
    for each in fields:
        value = each.read(record)
        found[each.name] = each.kind.text(value) if isinstance(value, Model) else _plain(each, value)
    return found


def _plain(each: Field, value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | list):
        return (
            each.kind.text(value) if value and not isinstance(each.kind, Choice) and isinstance(value, str) else value
        )
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def from_json(ledger: Ledger, fields: Sequence[Field], data: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field name. Raises RecordRefused, naming every field that is unknown, not written or unreadable."""
    by_name = {each.name: each for each in fields if each.is_written}
    values: dict[str, Any] = {}
    problems: list[tuple[str, Wrong]] = []
    for name, given in data.items():
        if name not in by_name:
            known = "、".join(sorted(by_name))
            problems.append((name, Wrong(N_("this ledger has no such field; it has %(known)s"), known=known)))
            continue
        try:
            values[name] = by_name[name].parse(given)
        except Wrong as wrong:
            problems.append((name, wrong))
    if problems:
        raise RecordRefused({0: problems})
    return values


def said(refused: RecordRefused, translate: Any = str) -> dict[str, list[str]]:
    """What was refused, by field ("" for the whole record), in the reader's language."""
    found: dict[str, list[str]] = {}
    for problems in refused.problems.values():
        for name, wrong in problems:
            found.setdefault(name, []).append(translate(wrong.msgid) % wrong.params)
    return found
