"""OpsPact on a PostgreSQL of one's own: Debian's version 15, with an owner that migrates and a role that runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.acceptance.demo import free_port
from tests.needs import missing

from opspact.runtime.privileges import Person, child_setup

BINARIES = Path("/usr/lib/postgresql/15/bin")
_OURS = ("OPSPACT_DATA", "OPSPACT_DATABASE_URL", "OPSPACT_DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a fresh cluster, as its superuser, without the database's name."""
    if not BINARIES.is_dir():
        missing("PostgreSQL 15 is not installed; this runs it: sudo apt install postgresql-15")
    person = Person.for_this_process()
    with tempfile.TemporaryDirectory(prefix="opspact-pg15-") as folder:
        os.chmod(folder, 0o755)
        cluster = Path(folder) / "cluster"
        cluster.mkdir()
        person.own(cluster, 0o700)
        as_person = {"preexec_fn": child_setup(person), "cwd": "/", "capture_output": True, "check": True}
        initdb = [
            BINARIES / "initdb",
            "-D",
            cluster,
            "-U",
            "postgres",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "-A",
            "trust",
        ]
        subprocess.run(initdb, **as_person)
        port = free_port()
        command = [BINARIES / "postgres", "-D", cluster, "-p", str(port), "-c", "unix_socket_directories="]
        process = subprocess.Popen(command, preexec_fn=child_setup(person), cwd="/", stderr=subprocess.DEVNULL)
        address = f"@127.0.0.1:{port}"
        _await(f"postgresql://postgres{address}/postgres")
        yield address
        process.terminate()
        process.wait(20)


def _await(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def opspact(data: Path, urls: dict[str, str], *arguments: str, as_owner: bool = False) -> str:
    """Run a command as the supervisor would run it on this server."""
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    environment |= {"DJANGO_SETTINGS_MODULE": "opspact.config.settings", "OPSPACT_DATA": str(data)}
    environment |= urls | {"OPSPACT_AS_OWNER": "1" if as_owner else "0"}
    command = [sys.executable, "-P", "-m", "opspact.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_tables_demo_and_audit_hold_on_debians_postgresql_15(server: str, tmp_path: Path) -> None:
    owner, app = (f"postgresql://{name}{server}/opspact" for name in ("opspact_owner", "opspact_app"))
    with psycopg.connect(f"postgresql://postgres{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE opspact_owner LOGIN")
        connection.execute("CREATE ROLE opspact_app LOGIN")
        connection.execute("CREATE DATABASE opspact OWNER opspact_owner")
    (tmp_path / "secrets").mkdir()
    urls = {"OPSPACT_DATABASE_URL": app, "OPSPACT_DATABASE_OWNER_URL": owner}
    opspact(tmp_path, urls, "manage", "migrate", "--no-input", as_owner=True)
    opspact(tmp_path, urls, "prepare", "--demo")

    with psycopg.connect(app, autocommit=True) as connection:
        outages = connection.execute("SELECT count(*) FROM monitoring_observedinterval WHERE seen = 'down'").fetchone()
        assert outages is not None
        assert outages[0] > 30
        for statement in (
            "UPDATE kit_auditevent SET user_name = 'nobody'",
            "DELETE FROM kit_auditevent",
            "TRUNCATE kit_auditevent CASCADE",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.timeout(600)
def test_one_login_is_enough_when_it_may_make_the_programs_role(server: str, tmp_path: Path) -> None:
    """Then the parts turn into the role `opspact_app`, which may not touch the audit trail either."""
    with psycopg.connect(f"postgresql://postgres{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE single LOGIN CREATEROLE")
        connection.execute("GRANT opspact_app TO single WITH ADMIN OPTION") if _has_role(connection) else None
        connection.execute("CREATE DATABASE single OWNER single")
    url = f"postgresql://single{server}/single"
    (tmp_path / "secrets").mkdir()
    opspact(
        tmp_path, {"OPSPACT_DATABASE_OWNER_URL": url, "OPSPACT_DATABASE_URL": url}, "manage", "migrate", as_owner=True
    )
    with psycopg.connect(f"{url}?options=-c%20role%3Dopspact_app", autocommit=True) as connection:
        connection.execute("SELECT count(*) FROM kit_auditevent")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM kit_auditevent")


def _has_role(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'opspact_app'").fetchone() is not None
