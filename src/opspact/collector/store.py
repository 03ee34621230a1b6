"""The spool seen from the event loop: one thread does its work, in order, so that a slow disk delays no probe."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from opspact.collector.log import say
from opspact.collector.spool import Formed, Record, Spool
from opspact.probes.wire import Missed, MissedReason, Refusal

T = TypeVar("T")

_BUFFER = 100_000
"""Results kept in memory while the disk takes none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the spool may grow, and how much of the disk it leaves free."""

    rows: int = 5_000_000
    bytes: int = 2_000_000_000
    free: int = 200_000_000


class Store:
    """What the tasks of the collector keep and ship. While the disk takes nothing, results wait in memory."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Open the spool. Raises ``sqlite3.OperationalError`` and ``OSError`` where that can't be done."""
        self._folder = folder
        self._limits = limits
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._spool = Spool(folder / "spool.sqlite")
        self._records: list[Record] = []
        self._missed: list[Missed] = []
        self._rows_when_disk_ran_low: int | None = None
        self._failing = False
        self.written = asyncio.Event()

    @property
    def rows(self) -> int:
        """Rows that wait to be shipped, in the spool and in memory."""
        return self._spool.rows + len(self._records) + len(self._missed)

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def write(self, records: list[Record], missed: list[Missed], still_open: Mapping[int, int]) -> None:
        """Store these. On a full disk they wait in memory and are stored with the next; it never raises for that.

        ``still_open``: where a check's oldest slot begins whose result is yet to come.
        """
        self._records += records
        self._missed += missed
        self._bound_memory()
        if not self._records and not self._missed:
            return
        records, self._records = self._records, []
        missed, self._missed = self._missed, []
        try:
            await self._do(lambda: self._write(records, missed, still_open))
        except sqlite3.OperationalError as error:
            self._records[:0] = records
            self._missed[:0] = missed
            if not self._failing:
                say("spool-full", level="error", error=str(error), waiting=len(self._records))
            self._failing = True
        else:
            if self._failing:
                say("spool-writes-again", rows=self.rows)
            self._failing = False
            self.written.set()

    def _write(self, records: list[Record], missed: list[Missed], still_open: Mapping[int, int]) -> None:
        self._make_room(len(records) + len(missed))
        self._spool.write(records, missed, still_open)

    def _make_room(self, coming: int) -> None:
        """Keep within the limits. A low disk freezes the spool at its present rows: their pages are used again."""
        if shutil.disk_usage(self._folder).free >= self._limits.free:
            self._rows_when_disk_ran_low = None
        elif self._rows_when_disk_ran_low is None:
            self._rows_when_disk_ran_low = self._spool.rows
            say("disk-low", level="error", folder=str(self._folder), frozen_at_rows=self._spool.rows)
        limit = self._limits.rows if self._rows_when_disk_ran_low is None else self._rows_when_disk_ran_low
        excess = self._spool.rows + coming - limit
        if self._spool.size() > self._limits.bytes:
            excess = max(excess, self._spool.rows // 20)
        if excess > 0 and (dropped := self._spool.drop_oldest(excess)):
            say("spool-dropped-oldest", level="error", rows=dropped)

    def _bound_memory(self) -> None:
        excess = self._records[: max(0, len(self._records) - _BUFFER)]
        del self._records[: len(excess)]
        self._missed += [
            Missed(check=one.row.check, from_us=one.row.at, to_us=one.until, reason=MissedReason.DROPPED.value)
            for one in excess
            if one.row.at < one.until
        ]
        del self._missed[: max(0, len(self._missed) - _BUFFER)]

    async def oldest_batch(self) -> Formed | None:
        """The batch to send next."""
        return await self._do(lambda: self._spool.oldest_batch())

    async def settle(self, formed: Formed, refused: list[Refusal]) -> None:
        """The server has the batch."""
        await self._do(lambda: self._spool.settle(formed, refused))

    async def refuse(self, formed: Formed, code: str, message: str) -> None:
        """The server will never take the batch."""
        await self._do(lambda: self._spool.refuse(formed, code, message))

    async def progress(self, checks: set[int]) -> dict[int, int]:
        """Until when each of these checks is accounted for; what was known of others is forgotten."""
        await self._do(lambda: self._spool.forget_progress(checks))
        return await self._do(lambda: self._spool.progress())

    async def keep(self, name: str, value: str) -> None:
        """Keep a text under a name; on a full disk the old one stays."""
        try:
            await self._do(lambda: self._spool.keep(name, value))
        except sqlite3.OperationalError as error:
            say("not-kept", level="warning", name=name, error=str(error))

    async def kept(self, name: str) -> str | None:
        """The text kept under a name."""
        return await self._do(lambda: self._spool.kept(name))

    async def close(self) -> None:
        """Finish what was begun and close the file."""
        await self._do(lambda: self._spool.close())
        self._thread.shutdown(wait=False)
