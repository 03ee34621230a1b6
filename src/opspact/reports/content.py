"""What a report says: plain JSON, complete in itself, from which page, Word and PDF are made alike.

It holds texts ready to read, in the contract's language, so that the same content makes the same document for ever.
Figures are strings, formatted once, at drafting. `ref` on a row names the record behind it for the page's links; the
documents leave it out.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NotRequired, TypedDict

FORMAT = 1


class Chart(TypedDict):
    """States over time. Instants in µs since the epoch; pieces are (start, end, state) in order, in [start, end)."""

    title: str
    start: int
    end: int
    ticks: list[tuple[int, str]]
    rows: list[ChartRow]
    legend: list[tuple[str, str]]


class ChartRow(TypedDict):
    name: str
    value: str
    pieces: list[tuple[int, int, str]]


class Row(TypedDict):
    cells: list[str]
    ref: NotRequired[str]


class Column(TypedDict):
    title: str
    align: Literal["left", "right", "center"]


class Section(TypedDict):
    """`text` is what people may edit; `empty` is said where the table has no row."""

    code: str
    title: str
    text: str
    columns: list[Column]
    rows: list[Row]
    empty: str
    chart: NotRequired[Chart]


class Head(TypedDict):
    title: str
    contract: str
    facts: list[tuple[str, str]]


class Words(TypedDict):
    """What the documents say themselves, in the report's language; page is "Page {page} of {pages}"."""

    page: str
    hash: str
    draft: str


class Content(TypedDict):
    """The whole. `dated` is the ISO day the documents bear, `mark` what is written across them ("" for nothing)."""

    format: int
    language: str
    number: str
    dated: str
    head: Head
    mark: str
    sections: list[Section]
    signatures: list[str]
    words: Words


def canonical(content: Any) -> bytes:
    """The one spelling of a content: UTF-8 JSON with sorted keys and no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical spelling, hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def lines(text: str) -> list[str]:
    """The paragraphs of an edited text, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def cleaned(value: Any) -> Any:
    """The same JSON without the control characters that neither XML nor a printer knows."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return {key: cleaned(item) for key, item in value.items()} if isinstance(value, dict) else value


_UNPRINTABLE = dict.fromkeys((*range(32), *range(127, 160), *range(55296, 57344), 65534, 65535))
del _UNPRINTABLE[ord("\t")], _UNPRINTABLE[ord("\n")]
