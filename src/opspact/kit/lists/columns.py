"""A column of a list: where its value comes from, how it looks, how it sorts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.utils.functional import Promise

Kind = Literal[
    "text", "number", "percent", "datetime", "date", "duration", "state", "verdict", "link", "money", "bool", "html"
]
NUMERIC: frozenset[str] = frozenset({"number", "percent", "duration", "money"})


@dataclass(frozen=True)
class Column:
    """`value`: a dotted path from the record ("system.name", methods are called) or a function; default: `name`.

    Kinds take: percent a Fraction, Decimal or float (0.96 is 96%); duration µs; datetime aware; money Decimal yuan;
    html safe HTML, for which `export` gives the plain value (without it the column is not exported).
    `sort`: an ORM path ("system__name"), None does not sort. `default`: shown unless chosen otherwise. `phone`: one of
    the three shown on a phone, the first heads the card. `width`: "", "s", "m", "l", "xl", or "fit": as wide as its
    widest value, never cut.
    """

    name: str
    label: str | Promise
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    sort: str | None = None
    default: bool = True
    phone: bool = False
    width: str = ""
    export: Callable[[Any], Any] | None = None

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """The function from a record to this column's value."""
        if callable(self.value):
            return self.value
        return _follow((self.value or self.name).split("."))

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_exported(self) -> bool:
        return self.kind != "html" or self.export is not None

    def exported(self, record: Any) -> Any:
        return self.export(record) if self.export else self.read(record)


def _follow(path: list[str]) -> Callable[[Any], Any]:
    """Attribute by attribute; None on the way gives None."""

    def read(record: Any) -> Any:
        for name in path:
            record = getattr(record, name)
            if record is None:
                return None
            if callable(record):
                record = record()
        return record

    return read
