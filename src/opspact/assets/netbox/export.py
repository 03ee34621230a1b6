"""Reading an export: which objects of which kind it holds, and what it says of being incomplete."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opspact.core.inputs import Wrong
from opspact.core.words import N_

KINDS = (
    "devices",
    "device-types",
    "racks",
    "locations",
    "interfaces",
    "vlans",
    "vlan-groups",
    "vrfs",
    "prefixes",
    "ip-ranges",
    "ip-addresses",
    "providers",
    "circuits",
    "circuit-terminations",
)
"""By the name of the API's endpoint."""
MAX_UNPACKED = 512 * 1024 * 1024
_OWN_KIND = re.compile(r"/api/[a-z-]+/([a-z-]+)/\d+/?$")
_PAGE = re.compile(r"[-_. ]*(?:page[-_. ]*)?\d*$")


@dataclass
class Export:
    """Objects by kind, and remarks about the export as a whole. `others` counts objects of kinds that are not used,
    `told` says of how many objects a page that is not the last one is a part.
    """

    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    remarks: list[Wrong] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return self.objects.get(kind, [])


def read_export(path: Path) -> Export:
    """From a folder, a zip or a single JSON file. Raises Wrong."""
    if path.is_dir():
        files = {each.name: each.read_bytes() for each in sorted(path.glob("*.json"))}
    elif zipfile.is_zipfile(path):
        files = _unpacked(path.read_bytes())
    else:
        files = {path.name: path.read_bytes()}
    found = Export()
    for name, content in files.items():
        _take(found, name, content)
    found.remarks += _missing_pages(found)
    if not found.objects:
        message = N_("no NetBox export was found: JSON files as the API gives them, such as %(names)s")
        raise Wrong(message, names="、".join(f"{kind}.json" for kind in ("devices", "prefixes", "ip-addresses")))
    return found


def kind_of(name: str) -> str:
    """The endpoint a file is called after, whatever stands before it and whichever page it is; "" when none."""
    stem = _PAGE.sub("", Path(name).stem.lower().replace("_", "-"))
    found = [kind for kind in KINDS if stem == kind or stem.endswith((f"-{kind}", f".{kind}"))]
    return max(found, key=len, default="")


def _take(export: Export, name: str, content: bytes) -> None:
    for page in _pages(name, content):
        kinds = [_take_object(export, name, position, row) for position, row in enumerate(page["results"], start=1)]
        if page.get("next") and kinds and isinstance(page.get("count"), int):
            export.told[kinds[0]] = max(export.told.get(kinds[0], 0), page["count"])


def _take_object(export: Export, name: str, position: int, row: Any) -> str:
    """Keep one object; its kind."""
    if not isinstance(row, dict):
        message = N_("object %(position)s of %(name)s is no NetBox object: it is left out")
        export.remarks.append(Wrong(message, position=position, name=name))
        return ""
    own = _OWN_KIND.search(str(row.get("url") or ""))
    kind = own[1] if own else kind_of(name)
    if kind in KINDS:
        export.objects.setdefault(kind, []).append(row)
    else:
        export.others[kind or name] = export.others.get(kind or name, 0) + 1
    return kind


def _missing_pages(export: Export) -> Iterator[Wrong]:
    message = N_(
        "the export holds %(counted)s of %(told)s %(kind)s: NetBox gives them in pages; ask for ?limit=0, or put all "
        "pages in the folder"
    )
    for kind, told in sorted(export.told.items()):
        if (counted := len(export.of(kind))) < told:
            yield Wrong(message, kind=kind, counted=counted, told=told)


def _pages(name: str, content: bytes) -> Iterator[Mapping[str, Any]]:
    """An answer of the API, a list of answers, a list of objects, or one object."""
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Wrong(N_("%(name)s is not valid JSON: %(reason)s"), name=name, reason=str(error)[:100]) from None
    if isinstance(data, dict) and "results" not in data and _OWN_KIND.search(str(data.get("url") or "")):
        data = [data]
    pages = data if isinstance(data, list) and data and all(_is_page(each) for each in data) else [data]
    for page in pages:
        if _is_page(page):
            yield page
        elif isinstance(page, list):
            yield {"results": page}
        else:
            raise Wrong(N_("%(name)s holds no list of NetBox objects"), name=name)


def _is_page(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("results"), list)


def _unpacked(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith(".json")]
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Wrong(N_("Unpacked the file would be too large; it is not opened."))
        return {part.filename: archive.read(part) for part in parts}
