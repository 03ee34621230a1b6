"""Keyset paging for every list of the API: stable while rows are added, and as fast on page 1,000 as on page 1."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

T = TypeVar("T")
DEFAULT_LIMIT, LONGEST = 50, 500


class Page(Schema, Generic[T]):
    items: list[T]
    next: int | None = Field(None, description="Pass as `after` for the following page; null on the last.")


class Paging(Schema):
    after: int | None = Field(None, description="`next` of the page before.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LONGEST)


def page_of(rows: QuerySet[Any], paging: Paging, *, newest_first: bool = False) -> dict[str, Any]:
    """One page by primary key. `rows` comes without an order of its own."""
    if paging.after is not None:
        rows = rows.filter(pk__lt=paging.after) if newest_first else rows.filter(pk__gt=paging.after)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: paging.limit + 1])
    items = found[: paging.limit]
    return {"items": items, "next": items[-1].pk if len(found) > paging.limit else None}
