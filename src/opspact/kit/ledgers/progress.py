"""How far a job is, told while its one large transaction is still open: over a connection of its own."""

from __future__ import annotations

from types import TracebackType

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.sql import SQL, Identifier


class Progress:
    """`with Progress(batch) as progress: progress.at(2000)`, for a record with a column `done`.

    The transaction must not have touched the record's row.
    """

    def __init__(self, record: Model) -> None:
        self.record = record
        self._set = SQL("UPDATE {} SET done = %s WHERE id = %s").format(Identifier(record._meta.db_table))

    def __enter__(self) -> Progress:
        params = connection.get_connection_params()
        self._side = psycopg.connect(**{key: value for key, value in params.items() if key != "pool"}, autocommit=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._side.close()

    def at(self, done: int) -> None:
        self._side.execute(self._set, [done, self.record.pk])
