"""How far an import is, told while its one large transaction is still open: over a connection of its own."""

from __future__ import annotations

from types import TracebackType

import psycopg
from django.db import connection

from opspact.kit.models import LedgerImport


class Progress:
    """`with Progress(batch) as progress: progress.at(2000)`. The transaction must not have touched the batch's row."""

    def __init__(self, batch: LedgerImport) -> None:
        self.batch = batch

    def __enter__(self) -> Progress:
        params = connection.get_connection_params()
        self._side = psycopg.connect(**{key: value for key, value in params.items() if key != "pool"}, autocommit=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._side.close()

    def at(self, done: int) -> None:
        self._side.execute("UPDATE kit_ledgerimport SET done = %s WHERE id = %s", [done, self.batch.pk])
