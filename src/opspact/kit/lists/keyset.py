"""Paging by the last row seen, not by counting from the start: page 2,000 costs what page 1 costs, and a row that
arrives meanwhile neither repeats nor hides another.

The order is (sort field, primary key), both in the same direction, NULL greater than every value as PostgreSQL has it;
so an index on the field serves it both ways, and going back is the same walk in the other direction.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, transaction
from django.db.models import F, Field, Model, Q, QuerySet


@dataclass(frozen=True)
class Order:
    """`path` is an ORM path; `parse` makes a value of it from text again."""

    path: str
    is_descending: bool
    is_nullable: bool
    parse: Callable[[Any], Any]

    @classmethod
    def of(cls, queryset: QuerySet[Any], path: str, *, is_descending: bool) -> Order:
        field, is_nullable = resolve(queryset, path)
        return cls(path, is_descending, is_nullable, field.to_python)

    @property
    def reversed(self) -> Order:
        return replace(self, is_descending=not self.is_descending)

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.is_descending:
            return queryset.order_by(F(self.path).desc(), "-pk")
        return queryset.order_by(F(self.path).asc(), "pk")

    def beyond(self, value: Any, pk: Any) -> Q:
        """The rows that come after the one with this value and key."""
        compare = "lt" if self.is_descending else "gt"
        further_in_tie = Q(**{f"pk__{compare}": pk})
        if value is None:
            in_nulls = Q(**{f"{self.path}__isnull": True}) & further_in_tie
            return in_nulls | Q(**{f"{self.path}__isnull": False}) if self.is_descending else in_nulls
        # The bound stands alone first, because that is what an index can use.
        after = Q(**{f"{self.path}__{compare}e": value}) & (Q(**{f"{self.path}__{compare}": value}) | further_in_tie)
        if self.is_nullable and not self.is_descending:
            return after | Q(**{f"{self.path}__isnull": True})
        return after


@dataclass(frozen=True)
class Page:
    """The rows, and the cursors of the neighbours; "" where there is none."""

    rows: list[Any]
    after: str
    before: str


def page(
    queryset: QuerySet[Any], order: Order, size: int, *, after: str = "", before: str = "", is_common: bool = False
) -> Page:
    """The rows after (or before) a cursor. A cursor that can't be read counts as none: the first page. `is_common`:
    very many records match."""
    cursor = decode(before or after, order, queryset.model)
    is_back = bool(before) and cursor is not None
    walk = order.reversed if is_back else order
    if cursor is not None:
        queryset = queryset.filter(walk.beyond(*cursor))
    with _walking() if is_common else nullcontext():
        rows = list(walk.apply(queryset)[: size + 1])
    has_more = len(rows) > size
    del rows[size:]
    if is_back:
        rows.reverse()
    has_after = is_back or has_more
    has_before = has_more if is_back else cursor is not None
    return Page(
        rows,
        after=encode(rows[-1], order) if rows and has_after else "",
        before=encode(rows[0], order) if rows and has_before else "",
    )


@contextmanager
def _walking() -> Iterator[None]:
    """Where very many match, the first of them are soon met in the list's own order; PostgreSQL takes the pairs of
    characters of a word for independent, expects few, and would fetch and sort them all."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        yield
        cursor.execute("SET LOCAL enable_bitmapscan = on")


def encode(row: Any, order: Order) -> str:
    value = row
    for name in order.path.split("__"):
        value = getattr(value, name) if value is not None else None
    if isinstance(value, datetime | date):
        value = value.isoformat()
    text = json.dumps([None if value is None else str(value), str(row.pk)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, order: Order, model: type[Model]) -> tuple[Any, Any] | None:
    """The value and key a cursor stands for; None for one that nobody here has written."""
    if not cursor:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(pk, str) or not isinstance(value, str | None) or "\0" in (value or ""):
            return None
        return (None if value is None else order.parse(value)), model._meta.pk.to_python(pk)
    except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError):
        return None


def resolve(queryset: QuerySet[Any], path: str) -> tuple[Field[Any, Any], bool]:
    """The field at the end of an ORM path, and whether it may be NULL. Raises FieldDoesNotExist.

    An annotation may, unless its expression says `is_nullable = False`.
    """
    if (annotation := queryset.query.annotations.get(path)) is not None:
        return annotation.output_field, getattr(annotation, "is_nullable", True)
    model: Any = queryset.model
    is_nullable = False
    field: Any = None
    for name in path.split("__"):
        if model is None:
            raise FieldDoesNotExist(path)
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        is_nullable = is_nullable or field.null
        model = field.related_model
    return field, is_nullable
