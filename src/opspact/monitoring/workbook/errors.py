"""What is wrong with a workbook, and with a field of a row in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from opspact.probes.errors import InputError


@dataclass(frozen=True)
class Problem:
    """A remark about one field: why a row can't go in, or what was mended in it.

    `message` is a msgid, and so is its parameter `what`, the kind of thing it is about.
    """

    field: str
    cell: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: InputError, field_name: str, cell: str) -> Problem:
        return cls(field_name, cell, error.code, error.message, {key: _plain(it) for key, it in error.params.items()})

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        return _(self.message) % {name: _(value) if name == "what" else value for name, value in self.params.items()}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)
