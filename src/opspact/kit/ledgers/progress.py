"""How far a job is, told while its one large transaction is still open: over a connection of its own."""

from __future__ import annotations

from types import TracebackType

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.sql import SQL, Identifier


class Cancelled(Exception):
    """Somebody cancelled the work; what it wrote is to be rolled back."""


class Progress:
    """`with Progress(batch) as progress: progress.at(2000)`, for a record with the columns `done` and `state`.

    The transaction must not have touched the record's row.
    """

    def __init__(self, record: Model) -> None:
        self.record = record
        told = SQL("UPDATE {} SET done = %s WHERE id = %s RETURNING state")
        self._set = told.format(Identifier(record._meta.db_table))

    def __enter__(self) -> Progress:
        params = connection.get_connection_params()
        self._side = psycopg.connect(**{key: value for key, value in params.items() if key != "pool"}, autocommit=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._side.close()

    def at(self, done: int) -> None:
        """Raises Cancelled once the record is no longer in the state in which the work began."""
        told = self._side.execute(self._set, [done, self.record.pk]).fetchone()
        if told is not None and told[0] != self.record.state:  # type: ignore[attr-defined]
            raise Cancelled
