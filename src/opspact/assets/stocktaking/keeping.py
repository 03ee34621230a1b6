"""Writing what was found of many items at once: a list that comes back says something of ten thousand."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from opspact.assets.models import StocktakingItem

_COLUMNS = {
    **dict.fromkeys(("state", "remark", "resolution"), "text"),
    **dict.fromkeys(("found_site_id", "found_room_id", "found_rack_id", "found_by_id", "confirmed_by_id"), "bigint"),
    **dict.fromkeys(("found_at", "confirmed_at"), "timestamptz"),
}
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *_COLUMNS.values()))
_SQL = (
    f"UPDATE {StocktakingItem._meta.db_table} AS item SET {', '.join(f'{name} = new.{name}' for name in _COLUMNS)} "  # noqa: S608 - names of ours
    f"FROM unnest({_ARRAYS}) AS new (id, {', '.join(_COLUMNS)}) WHERE item.id = new.id"
)


def keep(items: Sequence[StocktakingItem]) -> None:
    """Save result, remark, place, finder and confirmation of items that are there already. One statement."""
    if not items:
        return
    values: list[list[object]] = [[item.pk for item in items]]
    for name, kind in _COLUMNS.items():
        column = [getattr(item, name) for item in items]
        values.append([str(each) for each in column] if kind == "text" else column)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
