"""What a request asks of a list: filters, order, place, size. Everything unknown falls back to the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from opspact.kit.lists.columns import Column
from opspact.kit.lists.keyset import Order

PLACE = ("after", "before")
OURS = ("sort", *PLACE, "export", "page", "_")


@dataclass(frozen=True)
class Asked:
    """`column` is the one the list is sorted by; `after` and `before` are cursors, at most one of them set."""

    params: QueryDict
    column: Column
    is_descending: bool
    after: str
    before: str

    @classmethod
    def of(cls, params: QueryDict, columns: Sequence[Column], default_sort: str) -> Asked:
        """`default_sort` and the parameter `sort` name a column, "-" before it is descending.

        Raises KeyError for a default that is no sortable column.
        """
        sortable = {column.name: column for column in columns if column.sort}
        wanted = params.get("sort", "")
        if wanted.removeprefix("-") not in sortable:
            wanted = default_sort
        column = sortable[wanted.removeprefix("-")]
        return cls(params, column, wanted.startswith("-"), params.get("after", ""), params.get("before", ""))

    def order(self, queryset: QuerySet[Any]) -> Order:
        return Order.of(queryset, self.column.sort or "pk", is_descending=self.is_descending)

    @property
    def sort(self) -> str:
        return f"-{self.column.name}" if self.is_descending else self.column.name

    @property
    def filters(self) -> str:
        """The query string without the place in the list: what a saved filter keeps and an export repeats."""
        kept = self.params.copy()
        for name in (*PLACE, "export"):
            kept.pop(name, None)
        for name in [name for name, values in kept.lists() if not any(values)]:
            kept.pop(name)
        return kept.urlencode()

    @property
    def is_filtered(self) -> bool:
        return any(any(values) for name, values in self.params.lists() if name not in OURS)

    def sorted_by(self, column: Column) -> str:
        """The query string for a click on that column's head: by it, or the other way round."""
        turn = column is self.column and not self.is_descending
        return self._with(sort=f"-{column.name}" if turn else column.name)

    def at(self, **place: str) -> str:
        """The query string for a neighbouring page: `after` or `before` a cursor."""
        return self._with(**place)

    def _with(self, **changes: str) -> str:
        params = QueryDict(self.filters, mutable=True)
        for name, value in changes.items():
            params[name] = value
        return "?" + params.urlencode()
