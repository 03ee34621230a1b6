"""One installation: its data directory, the person it runs as, and the environment its parts are given."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from opspact.runtime.faults import Fault, from_os_error
from opspact.runtime.paths import DataDirectory
from opspact.runtime.postgres import EmbeddedPostgres
from opspact.runtime.privileges import Person

# What a login that owns the tables turns into while the program runs: the role that may not touch the audit trail.
_AS_PROGRAM_ROLE = "options=-c%20role%3Dopspact_app"


@dataclass(frozen=True)
class Installation:
    data: DataDirectory
    person: Person

    @classmethod
    def at(cls, root: Path) -> Installation:
        """The installation in the data directory `root`, which is made when it is missing. Raises Fault."""
        person = Person.for_this_process()
        data = DataDirectory(root.absolute())
        data.prepare(person)
        return cls(data, person)

    @property
    def uses_embedded_database(self) -> bool:
        return not os.environ.get("OPSPACT_DATABASE_URL")

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data, self.person)

    def environment(self, *, as_owner: bool = False) -> dict[str, str]:
        """The environment of a part: settings, data directory, database as the program's role or as the owner."""
        url, owner_url = self._database_urls()
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "opspact.config.settings",
            "OPSPACT_DATA": str(self.data.root),
            "OPSPACT_DATABASE_URL": url,
            "OPSPACT_DATABASE_OWNER_URL": owner_url if as_owner else "",
            "OPSPACT_AS_OWNER": "1" if as_owner else "0",
            "HOME": str(self.data.root),
            "PYTHONUNBUFFERED": "1",
        }

    def _database_urls(self) -> tuple[str, str]:
        if self.uses_embedded_database:
            access = self.postgres.access
            return access.url, access.owner_url
        url = os.environ["OPSPACT_DATABASE_URL"]
        owner_url = os.environ.get("OPSPACT_DATABASE_OWNER_URL")
        if owner_url:
            return url, owner_url
        separator = "&" if "?" in url else "?"
        return f"{url}{separator}{_AS_PROGRAM_ROLE}", url

    def make_secrets(self) -> None:
        """The key that signs sessions, made once."""
        key = self.data.secrets / "django.key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(48))
            self.person.own(key, 0o600)

    @contextmanager
    def locked(self) -> Iterator[IO[str]]:
        """Hold the data directory for one running OpsPact. Raises Fault when another one holds it."""
        try:
            lock = self.data.lock.open("a+")
        except OSError as error:
            raise from_os_error(error, str(self.data.lock)) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                pid = lock.read().strip()
                raise Fault(
                    f"守约已在 {self.data.root} 上运行（进程 {pid}）：请先停止它，或用 --data 另选目录。",
                    f"OpsPact already runs on {self.data.root} (process {pid}): stop it or choose another --data.",
                ) from None
            lock.seek(0)
            lock.truncate()
            lock.write(str(os.getpid()))
            lock.flush()
            yield lock

    @property
    def is_running(self) -> bool:
        """Whether some OpsPact holds the data directory now."""
        try:
            with self.locked():
                return False
        except Fault:
            return True

    @contextmanager
    def database(self) -> Iterator[None]:
        """The database for the length of a command: the running one, or the embedded one started for it."""
        if not self.uses_embedded_database or self.is_running:
            yield
            return
        with self.locked():
            server = self.postgres
            server.start()
            try:
                yield
            finally:
                server.stop()
