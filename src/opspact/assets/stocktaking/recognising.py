"""Which asset a scan means: by its label's mark, address or code, by the address of its page, or by serial number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from opspact.assets.labels import marks
from opspact.assets.models import Asset

LONGEST = 200
_PAGE = re.compile(r"/c/([^/]+)/assets/(\d{1,18})/?")


@dataclass(frozen=True)
class Label:
    """What was read. `text` is a code or a serial number, or `pk` names the asset; `contract` "" when it says none."""

    text: str
    contract: str = ""
    pk: int | None = None

    def is_of(self, contract: Any) -> bool:
        return self.contract.lower() in ("", contract.code.lower())


def read(scanned: str) -> Label:
    """Full-width characters, as scanners type them into a Chinese input method, are folded; control marks go."""
    plain = "".join(each for each in scanned if each.isprintable())
    mark = marks.read(plain)
    if "://" in plain and not mark.contract and (page := _PAGE.fullmatch(marks.path_of(mark.code))):
        return Label(mark.code[:LONGEST], page[1], int(page[2]))
    return Label(mark.code.strip()[:LONGEST], mark.contract)


def find(contract: Any, labels: Iterable[Label]) -> dict[Label, Asset]:
    """The assets of the contract that labels stand for, deleted ones too. A code goes before a serial number."""
    wanted = [label for label in labels if label.is_of(contract)]
    assets = Asset.objects.filter(contract=contract).select_related("room", "rack", "site")
    spellings = {way for label in wanted if label.pk is None for way in _ways(label.text)}
    by_pk = assets.in_bulk([label.pk for label in wanted if label.pk is not None])
    # Nulls sort last, so that of two with the same number the one on the ledger stays.
    by_serial = {asset.serial_no: asset for asset in assets.filter(serial_no__in=spellings).order_by("deleted_at")}
    known = by_serial | {asset.code: asset for asset in assets.filter(code__in=spellings)}
    found: dict[Label, Asset] = {}
    for label in wanted:
        ways = [by_pk[label.pk]] if label.pk in by_pk else [known[way] for way in _ways(label.text) if way in known]
        if ways:
            found[label] = ways[0]
    return found


def _ways(text: str) -> list[str]:
    """As it was read, and with capital or small letters where somebody typed it otherwise; empty means nothing."""
    return list(dict.fromkeys([text, text.upper(), text.lower()])) if text else []
