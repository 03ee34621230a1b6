"""Many plain rows at once by COPY: several times as fast as an INSERT, whose arrays of JSON would be escaped twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import JSONField, Model
from psycopg import sql


def copy_into(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values by field name; the rest of the columns must have a default in the database.

    JSON is given as Python values, related records by their key. Nothing is checked but by the database.
    """
    fields = [model._meta.get_field(name) for name in names]
    in_json = [isinstance(each, JSONField) for each in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(each.column) for each in fields)
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_json(value) if plain else value for value, plain in zip(row, in_json, strict=True)])


def _json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
