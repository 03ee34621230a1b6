"""Reading an export: which file holds which kind of object."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opspact.core.inputs import Wrong
from opspact.core.words import N_

KINDS = ("devices", "racks", "vlans", "vrfs", "prefixes", "ip-addresses", "circuits")
MAX_UNPACKED = 512 * 1024 * 1024
Export = dict[str, list[dict[str, Any]]]


def read_export(path: Path) -> Export:
    """The objects by kind, from a folder, a zip or a single JSON file. Raises Wrong."""
    if path.is_dir():
        files = {each.name: each.read_bytes() for each in sorted(path.glob("*.json"))}
    elif zipfile.is_zipfile(path):
        files = _unpacked(path.read_bytes())
    else:
        files = {path.name: path.read_bytes()}
    found: Export = {}
    for name, content in files.items():
        if (kind := kind_of(name)) is not None:
            found.setdefault(kind, []).extend(_objects(name, content))
    if not found:
        raise Wrong(N_("no NetBox export was found; files are called %(names)s"), names="、".join(KINDS))
    return found


def kind_of(name: str) -> str | None:
    """The kind of object in a file, by the name of the API's endpoint."""
    stem = Path(name).stem.lower().replace("_", "-")
    return next((kind for kind in KINDS if stem == kind or stem.endswith((f"-{kind}", f".{kind}"))), None)


def _unpacked(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith(".json")]
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Wrong(N_("Unpacked the file would be too large; it is not opened."))
        return {part.filename: archive.read(part) for part in parts}


def _objects(name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Wrong(N_("%(name)s is not valid JSON: %(reason)s"), name=name, reason=str(error)[:100]) from None
    rows = data.get("results") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Wrong(N_("%(name)s holds no list of NetBox objects"), name=name)
    return rows
