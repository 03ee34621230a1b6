"""The spool: what was seen, on disk, until the server has it. SQLite, one process, one thread; survives kill -9.

- Results and missed intervals are written first and shipped from here only. ``synchronous=FULL``: there is about one
  commit a second, so its one fsync costs nothing, and a power cut keeps as much as a kill does.
- A batch is formed once: its id and its range of rows are committed before it is first sent, and rows never change,
  so that a second sending, after a lost answer or a restart, carries the same id and the same content.
- ``progress`` says until when each check is accounted for. A restart reports the time from there on as missed.
- The spool is bounded. The oldest rows are dropped, whole batches first, and their time is reported as missed instead.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from opspact.collector.log import say
from opspact.probes.wire import MAX_ROWS, Batch, Missed, MissedReason, Refusal, ResultRow

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    id INTEGER PRIMARY KEY AUTOINCREMENT, check_id INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,
    seen TEXT NOT NULL, value REAL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS missed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, check_id INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,
    reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, batch TEXT NOT NULL UNIQUE,
    results_after INTEGER NOT NULL, results_to INTEGER NOT NULL,
    missed_after INTEGER NOT NULL, missed_to INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT, batch TEXT NOT NULL, row TEXT NOT NULL, code TEXT NOT NULL,
    message TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dropped (
    check_id INTEGER PRIMARY KEY, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS progress (check_id INTEGER PRIMARY KEY, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_REMEMBER_DROPPED = """
INSERT INTO dropped (check_id, from_us, to_us)
SELECT check_id, min(begin), max(finish) FROM (
    SELECT check_id, at AS begin, max(until, at + 1) AS finish FROM results, batches
    WHERE seq = :seq AND results.id > results_after AND results.id <= results_to
    UNION ALL
    SELECT check_id, from_us, to_us FROM missed, batches
    WHERE seq = :seq AND missed.id > missed_after AND missed.id <= missed_to)
WHERE true GROUP BY check_id
ON CONFLICT DO UPDATE SET from_us = min(from_us, excluded.from_us), to_us = max(to_us, excluded.to_us)
"""
KEEP_REFUSED = 10_000
"""Refused rows that are kept for a look, the newest."""


@dataclass(frozen=True, slots=True)
class Record:
    """A result, and ``until``, the end of the slot it was taken for."""

    row: ResultRow
    until: int


@dataclass(frozen=True, slots=True)
class Formed:
    """A batch as it lies in the spool: its id, its number, and what it carries."""

    batch: UUID
    seq: int
    results: list[ResultRow]
    missed: list[Missed]

    def message(self, sent_at: int) -> Batch:
        """The batch for the wire."""
        return Batch(batch=self.batch, seq=self.seq, sent_at=sent_at, results=self.results, missed=self.missed)


class Spool:
    """The spool in one SQLite file. Every method may raise ``sqlite3.OperationalError``, a full disk among others."""

    def __init__(self, file: Path) -> None:
        """Open or make it; what is no readable spool is put aside under another name, and said."""
        try:
            self._db = _open(file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            _put_aside(file, error)
            self._db = _open(file)
        self.rows = int(self._one("SELECT (SELECT count(*) FROM results) + (SELECT count(*) FROM missed)"))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def write(self, records: Sequence[Record], missed: Sequence[Missed], still_open: Mapping[int, int]) -> None:
        """Store what was seen and what was missed, and how far each check is accounted for, in one commit.

        ``still_open``: where a check's oldest slot begins whose result is yet to come; it is accounted for up to there.
        """
        ends = sorted([(one.row.check, one.until) for one in records] + [(one.check, one.to_us) for one in missed])
        with self._db:
            self._insert(records, missed)
            self._db.executemany(
                "INSERT INTO progress VALUES (?, ?) ON CONFLICT DO UPDATE SET until = excluded.until",
                [(check, min(end, still_open.get(check, end))) for check, end in ends],
            )
        self.rows += len(records) + len(missed)

    def _insert(self, records: Iterable[Record], missed: Iterable[Missed]) -> None:
        self._db.executemany(
            "INSERT INTO results (check_id, at, until, seen, value, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [(one.row.check, one.row.at, one.until, one.row.seen, one.row.value, one.row.detail) for one in records],
        )
        self._db.executemany(
            "INSERT INTO missed (check_id, from_us, to_us, reason) VALUES (?, ?, ?, ?)",
            [(one.check, one.from_us, one.to_us, one.reason) for one in missed],
        )

    def progress(self) -> dict[int, int]:
        """Until when each check is accounted for."""
        return dict(self._db.execute("SELECT check_id, until FROM progress"))

    def forget_progress(self, keep: Iterable[int]) -> None:
        """Drop the progress of checks that are assigned no more."""
        kept = set(keep)
        gone = [(check,) for (check,) in self._db.execute("SELECT check_id FROM progress") if check not in kept]
        if not gone:
            return
        with self._db:
            self._db.executemany("DELETE FROM progress WHERE check_id = ?", gone)

    def oldest_batch(self) -> Formed | None:
        """The batch to send next, formed now when none is waiting; None when there is nothing to ship."""
        found = self._db.execute("SELECT * FROM batches ORDER BY seq LIMIT 1").fetchone() or self._form()
        if found is None:
            return None
        seq, batch, results_after, results_to, missed_after, missed_to = found
        results = self._db.execute(
            "SELECT check_id, at, seen, value, detail FROM results WHERE id > ? AND id <= ? ORDER BY id",
            (results_after, results_to),
        )
        missed = self._db.execute(
            "SELECT check_id, from_us, to_us, reason FROM missed WHERE id > ? AND id <= ? ORDER BY id",
            (missed_after, missed_to),
        )
        return Formed(UUID(batch), seq, [ResultRow(*row) for row in results], [_missed(*row) for row in missed])

    def _form(self) -> tuple[int, str, int, int, int, int] | None:
        # Nothing is waiting in a batch, so every row here is free.
        results = self._ids("results")
        missed = self._ids("missed")
        if not results and not missed:
            return None
        bounds = (*_bounds(results), *_bounds(missed))
        batch = str(uuid4())
        with self._db:
            seq = self._db.execute(
                "INSERT INTO batches (batch, results_after, results_to, missed_after, missed_to)"
                " VALUES (?, ?, ?, ?, ?)",
                (batch, *bounds),
            ).lastrowid
        return (int(seq or 0), batch, *bounds)

    def _ids(self, table: str) -> list[int]:
        return [row[0] for row in self._db.execute(f"SELECT id FROM {table} ORDER BY id LIMIT {MAX_ROWS}")]  # noqa: S608

    def settle(self, formed: Formed, refused: Sequence[Refusal]) -> None:
        """The server has the batch: keep what it refused for a look, and forget the rest."""
        kept = [
            (str(formed.batch), json.dumps(formed.results[one.index]), one.code, one.message)
            for one in refused
            if one.index < len(formed.results)
        ]
        self._remove(formed.seq, kept)

    def refuse(self, formed: Formed, code: str, message: str) -> None:
        """The server will never take the batch: keep its rows for a look, and let the next one pass."""
        rows = [json.dumps(row) for row in formed.results] + [one.model_dump_json() for one in formed.missed]
        self._remove(formed.seq, [(str(formed.batch), row, code, message) for row in rows])

    def _remove(self, seq: int, refused: Sequence[tuple[str, str, str, str]]) -> None:
        with self._db:
            self._db.executemany("INSERT INTO refused (batch, row, code, message) VALUES (?, ?, ?, ?)", refused)
            self._db.execute("DELETE FROM refused WHERE id <= (SELECT max(id) FROM refused) - ?", (KEEP_REFUSED,))
            gone = self._delete_batch(seq) - self._report_dropped()
        self.rows -= gone

    def _delete_batch(self, seq: int) -> int:
        bounds = self._db.execute(
            "SELECT results_after, results_to, missed_after, missed_to FROM batches WHERE seq = ?", (seq,)
        ).fetchone()
        if bounds is None:
            return 0
        self._db.execute("DELETE FROM batches WHERE seq = ?", (seq,))
        gone = self._db.execute("DELETE FROM results WHERE id > ? AND id <= ?", bounds[:2]).rowcount
        return int(gone + self._db.execute("DELETE FROM missed WHERE id > ? AND id <= ?", bounds[2:]).rowcount)

    def drop_oldest(self, rows: int) -> int:
        """Drop at least this many of the oldest rows, batch by batch, as far as there are any. Returns how many.

        The time they stood for is kept, one interval a check, and reported as missed once the server takes a batch.
        """
        before = self.rows
        while before - self.rows < rows:
            formed = self.oldest_batch()
            if formed is None:
                break
            with self._db:
                self._db.execute(_REMEMBER_DROPPED, {"seq": formed.seq})
                gone = self._delete_batch(formed.seq)
            self.rows -= gone
        return before - self.rows

    def _report_dropped(self) -> int:
        self._db.execute(
            "INSERT INTO missed (check_id, from_us, to_us, reason) SELECT check_id, from_us, to_us, ? FROM dropped",
            (MissedReason.DROPPED.value,),
        )
        return self._db.execute("DELETE FROM dropped").rowcount

    def size(self) -> int:
        """Bytes in use in the file, pages free for reuse not counted."""
        pages = int(self._one("PRAGMA page_count")) - int(self._one("PRAGMA freelist_count"))
        return pages * int(self._one("PRAGMA page_size"))

    def refused(self) -> list[tuple[str, str, str, str]]:
        """The refused rows that are kept: batch, row as JSON, code, message; the oldest first."""
        return self._db.execute("SELECT batch, row, code, message FROM refused ORDER BY id").fetchall()

    def keep(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        with self._db:
            self._db.execute(
                "INSERT INTO kept VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
            )

    def kept(self, name: str) -> str | None:
        """The text kept under a name."""
        found = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


def _open(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, check_same_thread=False, timeout=5.0)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA journal_size_limit = 67108864")
        db.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _put_aside(file: Path, error: sqlite3.DatabaseError) -> None:
    aside = file.with_name(f"{file.name}.damaged-{uuid4().hex[:8]}")
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{file}{suffix}")
        if part.exists():
            part.rename(f"{aside}{suffix}")
    say("spool-damaged", level="error", file=str(file), kept_as=str(aside), error=str(error))


def _bounds(ids: list[int]) -> tuple[int, int]:
    return (ids[0] - 1, ids[-1]) if ids else (0, 0)


def _missed(check: int, from_us: int, to_us: int, reason: str) -> Missed:
    return Missed(check=check, from_us=from_us, to_us=to_us, reason=str(reason))
