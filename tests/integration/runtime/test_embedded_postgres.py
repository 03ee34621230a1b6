"""The embedded server: whose it is, what its roles may do, and what a kill -9 leaves."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from opspact.runtime.paths import DataDirectory
from opspact.runtime.postgres import EmbeddedPostgres
from opspact.runtime.privileges import Person


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="opspact-postgres-") as folder:
        Path(folder).chmod(0o755)
        person = Person.for_this_process()
        data = DataDirectory(Path(folder) / "data")
        data.prepare(person)
        made = EmbeddedPostgres(data, person)
        made.start()
        yield made
        made.stop()


def test_it_never_runs_as_root(server: EmbeddedPostgres) -> None:
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
    assert server.data.postgres.stat().st_uid == server.person.uid


def test_rows_that_were_committed_survive_kill_9_of_the_postmaster(server: EmbeddedPostgres) -> None:
    url = server.access.owner_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 50000)")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (50000,)


def test_the_program_role_owns_nothing_and_makes_nothing(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.access.url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n int)")
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert row.fetchone() == (False, False, False)


def test_it_answers_only_with_a_password(server: EmbeddedPostgres) -> None:
    address = f"postgresql://postgres@127.0.0.1:{server.access.port}/postgres"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=5)


def test_chinese_text_has_trigrams(server: EmbeddedPostgres) -> None:
    """Under LC_CTYPE=C there are none, and Chinese search silently finds nothing."""
    with psycopg.connect(server.access.owner_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT cardinality(show_trgm('核心交换机'))").fetchone()
        assert found is not None
        assert found[0] > 0
