"""What a label's code says, and reading it again: from a camera, a scanner that types, or a hand.

    opspact:asset:beijing-2022:SV-2026-0001                a mark: independent of where the platform runs
    https://ops.example.cn/c/beijing-2022/a/SV-2026-0001   the asset's page: a phone's own camera opens it
    SV-2026-0001                                           the bare code, as Code 128 has it

All three name the asset without asking the server, whatever host an old label has printed on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from opspact.kit.ledgers.reading import text_of

_MARK = re.compile(r"opspact:asset:([^:]+):(.+)", re.IGNORECASE)
_PATH = re.compile(r"/c/([^/]+)/a/(.+?)/?")


@dataclass(frozen=True)
class Mark:
    """`contract` is "" where the label does not say it."""

    contract: str
    code: str


def mark(contract_code: str, code: str) -> str:
    """The text of a mark: ASCII whatever the code holds, since readers differ about the rest."""
    return f"opspact:asset:{quote(contract_code, safe='')}:{quote(code, safe='')}"


def place_mark(contract_code: str, place: str) -> str:
    """The text of a place's code on a counting sheet: `rack:7` as the counting page's list of places has it."""
    return f"opspact:place:{quote(contract_code, safe='')}:{place}"


def read(scanned: str) -> Mark:
    """What was scanned or typed; anything unknown is taken for a bare code."""
    text = text_of(scanned)
    if found := _MARK.fullmatch(text):
        return Mark(unquote(found[1]), unquote(found[2]))
    if "://" in text and (found := _PATH.fullmatch(path_of(text))):
        return Mark(unquote(found[1]), unquote(found[2]))
    return Mark("", text)


def path_of(address: str) -> str:
    """The path of an address; "" of what only looks like one, such as http://[."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
