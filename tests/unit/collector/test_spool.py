"""The spool on a real disk."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from opspact.collector import spool as spool_module
from opspact.collector.spool import Record, Spool
from opspact.collector.store import Limits, Store
from opspact.core.instants import SECOND
from opspact.probes.wire import Missed, Refusal, ResultRow

NOW = 1_700_000_000 * SECOND


def record(check: int, second: int = 0) -> Record:
    at = NOW + second * SECOND
    return Record(ResultRow(check, at, "up", 1.5, ""), at + 10 * SECOND)


def gap(check: int, second: int = 0, reason: str = "lag") -> Missed:
    at = NOW + second * SECOND
    return Missed(check=check, from_us=at, to_us=at + 10 * SECOND, reason=reason)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite"


@pytest.fixture
def spool(file: Path) -> Iterator[Spool]:
    with closing(Spool(file)) as opened:
        yield opened


def test_an_empty_spool_has_nothing_to_ship(spool: Spool) -> None:
    assert spool.oldest_batch() is None
    assert spool.rows == 0


def test_what_is_written_is_shipped_in_order(spool: Spool) -> None:
    spool.write([record(1), record(2)], [gap(3)], {})
    formed = spool.oldest_batch()
    assert formed is not None
    assert [row.check for row in formed.results] == [1, 2]
    assert formed.missed == [gap(3)]
    assert spool.rows == 3
    spool.settle(formed, [])
    assert spool.rows == 0
    assert spool.oldest_batch() is None


def test_a_batch_sent_again_after_a_restart_has_the_same_id_and_content(spool: Spool, file: Path) -> None:
    spool.write([record(1)], [gap(2)], {})
    formed = spool.oldest_batch()
    spool.write([record(3)], [gap(4)], {})
    assert spool.oldest_batch() == formed
    spool.close()
    assert formed is not None
    with closing(Spool(file)) as again:
        assert again.oldest_batch() == formed
        assert again.rows == 4
        again.settle(formed, [])
        following = again.oldest_batch()
    assert following is not None
    assert ([row.check for row in following.results], following.seq) == ([3], formed.seq + 1)
    assert following.batch != formed.batch


def test_a_batch_number_is_never_used_twice(spool: Spool) -> None:
    numbers = []
    for number in range(3):
        spool.write([record(number + 1)], [], {})
        formed = spool.oldest_batch()
        assert formed is not None
        numbers.append(formed.seq)
        spool.settle(formed, [])
    assert numbers == [1, 2, 3]


def test_a_batch_holds_no_more_than_the_wire_allows(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MAX_ROWS", 3)
    spool.write([record(number) for number in range(1, 6)], [], {})
    formed = spool.oldest_batch()
    assert formed is not None
    assert [row.check for row in formed.results] == [1, 2, 3]


def test_refused_rows_are_kept_aside_and_block_nothing(spool: Spool) -> None:
    spool.write([record(1), record(2)], [], {})
    formed = spool.oldest_batch()
    assert formed is not None
    spool.settle(formed, [Refusal(index=1, code="future", message="no"), Refusal(index=99, code="x", message="")])
    assert spool.oldest_batch() is None
    assert spool.refused() == [(str(formed.batch), f'[2, {NOW}, "up", 1.5, ""]', "future", "no")]


def test_a_batch_that_is_refused_whole_is_kept_aside_with_its_missed_time(spool: Spool) -> None:
    spool.write([record(1)], [gap(2)], {})
    formed = spool.oldest_batch()
    assert formed is not None
    spool.refuse(formed, "http.422", "unreadable")
    assert spool.oldest_batch() is None
    assert [(row[2], row[3]) for row in spool.refused()] == [("http.422", "unreadable")] * 2


def test_only_the_newest_refused_rows_are_kept(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "KEEP_REFUSED", 2)
    for number in (1, 2, 3):
        spool.write([record(number)], [], {})
        formed = spool.oldest_batch()
        assert formed is not None
        spool.refuse(formed, "http.400", "")
    assert [row[1][:3] for row in spool.refused()] == ["[2,", "[3,"]


def test_a_check_is_accounted_for_until_the_end_of_its_last_slot_but_not_past_an_open_one(spool: Spool) -> None:
    spool.write([record(1, 0), record(2, 0)], [gap(1, 10)], {})
    assert spool.progress() == {1: NOW + 20 * SECOND, 2: NOW + 10 * SECOND}
    spool.write([], [gap(2, 20)], {2: NOW + 10 * SECOND})
    assert spool.progress()[2] == NOW + 10 * SECOND
    spool.forget_progress({1})
    assert spool.progress() == {1: NOW + 20 * SECOND}


def test_dropping_the_oldest_reports_their_time_as_missed_once_the_server_is_back(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MAX_ROWS", 2)
    for second in (0, 10, 20, 30):
        spool.write([record(1, second), record(2, second)], [], {})
    assert spool.drop_oldest(3) == 4
    assert spool.rows == 4
    formed = spool.oldest_batch()
    assert formed is not None
    assert [row.at for row in formed.results] == [NOW + 20 * SECOND] * 2
    spool.settle(formed, [])
    rest = spool.oldest_batch()
    assert rest is not None
    assert [(one.check, one.from_us, one.to_us, one.reason) for one in rest.missed] == [
        (1, NOW, NOW + 20 * SECOND, "dropped"),
        (2, NOW, NOW + 20 * SECOND, "dropped"),
    ]
    assert spool.rows == 4


def test_a_batch_that_was_dropped_while_it_was_on_its_way_is_settled_without_harm(spool: Spool) -> None:
    spool.write([record(1)], [], {})
    formed = spool.oldest_batch()
    assert formed is not None
    spool.drop_oldest(1)
    spool.write([record(2)], [], {})
    spool.settle(formed, [])
    after = spool.oldest_batch()
    assert after is not None
    assert [row.check for row in after.results] == [2]
    assert [one.reason for one in after.missed] == ["dropped"]


def test_a_file_that_is_no_spool_is_put_aside_and_not_deleted(file: Path) -> None:
    file.write_bytes(b"this is no database" * 100)
    with closing(Spool(file)) as spool:
        spool.write([record(1)], [], {})
        assert spool.rows == 1
    assert [one.read_bytes()[:7] for one in file.parent.glob("*.damaged-*")] == [b"this is"]


def test_texts_are_kept_under_their_names(spool: Spool, file: Path) -> None:
    assert spool.kept("etag") is None
    spool.keep("etag", "1")
    spool.keep("etag", "2")
    spool.close()
    with closing(Spool(file)) as again:
        assert again.kept("etag") == "2"


def test_the_store_keeps_to_its_rows_and_says_what_it_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MAX_ROWS", 10)

    async def run() -> None:
        store = Store(tmp_path, Limits(rows=30, free=0))
        for second in range(100):
            await store.write([record(1, second * 10)], [], {})
        assert store.rows <= 30
        await store.close()

    asyncio.run(run())
    assert '"event": "spool-dropped-oldest"' in capsys.readouterr().err


def test_a_disk_that_runs_low_freezes_the_spool_at_its_rows(tmp_path: Path) -> None:
    async def run() -> int:
        store = Store(tmp_path, Limits(free=0))
        for second in range(20):
            await store.write([record(1, second * 10)], [], {})
        await store.close()
        low = Store(tmp_path, Limits(free=2**62))
        for second in range(20, 60):
            await low.write([record(1, second * 10)], [], {})
        rows = low.rows
        formed = await low.oldest_batch()
        assert formed is not None
        assert formed.results[-1].at == NOW + 590 * SECOND
        await low.close()
        return rows

    assert asyncio.run(run()) <= 20


def test_on_a_full_disk_results_wait_in_memory_until_it_takes_them_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run() -> list[int]:
        store = Store(tmp_path, Limits(free=0))
        await store.write([record(1)], [], {})
        database = store._spool._db
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        for start in range(0, 1_000, 100):
            await store.write([record(number + 2) for number in range(start, start + 100)], [], {})
        assert store.rows == 1_001
        database.execute("PRAGMA max_page_count = 1000000")
        await store.write([], [], {})
        formed = await store.oldest_batch()
        await store.close()
        assert formed is not None
        return [row.check for row in formed.results]

    assert asyncio.run(run()) == list(range(1, 1_002))
    said = capsys.readouterr().err
    assert said.count('"event": "spool-full"') == 1
    assert '"event": "spool-writes-again"' in said


def test_an_uncommitted_write_leaves_nothing_behind(spool: Spool, file: Path) -> None:
    wrong = Record(ResultRow(1, NOW, "up", 1.0, None), NOW)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        spool.write([record(2), wrong], [], {})
    spool.close()
    with closing(Spool(file)) as again:
        assert again.rows == 0


def test_a_batch_id_is_a_uuid(spool: Spool) -> None:
    spool.write([record(1)], [], {})
    formed = spool.oldest_batch()
    assert formed is not None
    assert isinstance(formed.batch, UUID)
    assert formed.message(NOW).batch == formed.batch
