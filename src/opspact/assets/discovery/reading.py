"""Facts from a file: JSON (a list of objects) or CSV, with the ledger's own field names or headers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from opspact.assets.ledgers.asset import ASSETS
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers.field import Field
from opspact.kit.ledgers.ledger import bare, headers_of

KEY = "key"
CODE = "code"
"""A source that knows an asset's own code calls the device by it."""
MOST = 50_000
COMPARED = (
    "serial_no",
    "model",
    "mgmt_ip",
    "name",
    "spec",
    "lifecycle",
    "room",
    "rack",
    "u_pos",
    "owner",
    "department",
)
"""Fields of the asset ledger that a source may speak of."""


def read_facts(content: bytes) -> list[dict[str, str]]:
    """Facts as texts by field, each with its `key` (how the source calls the device). Raises Wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    rows = _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text)
    if not rows:
        raise Wrong(N_("there is no device in this file"))
    if len(rows) > MOST:
        raise Wrong(N_("more than %(n)s devices in one file; divide it"), n=MOST)
    return [named(row, position) for position, row in enumerate(rows)]


def named(row: Mapping[str, Any], position: int) -> dict[str, str]:
    """One fact by field names. Raises Wrong for one without a key or serial number, naming its position."""
    fact: dict[str, str] = {}
    for name, value in row.items():
        if value in (None, "") or not isinstance(name, str):
            continue
        if name.lower() == KEY:
            fact[KEY] = str(value).replace("\0", "").strip()
        elif (field := _field_of(name)) is not None:
            fact[field.name] = str(value).replace("\0", "").strip()
    code = fact.pop(CODE, "")
    fact.setdefault(KEY, code or fact.get("serial_no") or fact.get("mgmt_ip") or "")
    if not fact[KEY]:
        raise Wrong(N_("device %(position)s has neither key nor serial number nor address"), position=position)
    return fact


@cache
def _headers() -> dict[str, Field]:
    return headers_of(each for each in ASSETS.fields if each.name in (CODE, *COMPARED))


@lru_cache(maxsize=500)
def _field_of(header: str) -> Field | None:
    return _headers().get(bare(header))


def _from_csv(text: str) -> Sequence[Mapping[str, Any]]:
    """One row more than there may be at most: short lines by the million would take all memory."""
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""))
        if not any(bare(name) == KEY or _field_of(name) for name in rows.fieldnames or () if name):
            raise Wrong(N_("this is no CSV or JSON with a column that is known here, such as the serial number"))
        return list(islice(rows, MOST + 1))
    except csv.Error as error:
        raise Wrong(N_("this is no readable CSV: %(reason)s"), reason=str(error)[:100]) from None


def _from_json(text: str) -> Sequence[Mapping[str, Any]]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Wrong(N_("this is not valid JSON: %(reason)s"), reason=str(error)[:100]) from None
    rows = data.get("devices") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Wrong(N_("expected a list of devices"))
    return rows
