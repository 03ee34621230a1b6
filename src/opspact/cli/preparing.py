"""What happens between a running database and running parts: tables brought up to date, then base or demo data."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from opspact.runtime.faults import Fault
from opspact.runtime.installation import Installation
from opspact.runtime.privileges import child_setup

Say = Callable[[str, str], None]
_BRING_MIGRATIONS = ("django", "django-allauth", "procrastinate", "opspact")


class Stopped(Exception):
    """A signal came while preparing."""


class Preparation:
    """Runs the steps as children that a signal can end. `is_stopping` is asked ten times a second."""

    def __init__(self, place: Installation, origin: str, is_stopping: Callable[[], bool]) -> None:
        self.place = place
        self.origin = origin
        self.is_stopping = is_stopping

    @property
    def _mark(self) -> Path:
        return self.place.data.root / "migrated"

    def tables_are_current(self) -> bool:
        """Whether the embedded database has had this very set of migrations; asking Django would take seconds."""
        try:
            return self.place.uses_embedded_database and self._mark.read_text() == _migrations()
        except OSError:
            return False

    def migrate(self) -> None:
        """Bring the tables up to date, as their owner. Raises Fault, Stopped."""
        self._run("数据库结构", "Tables", ["manage", "migrate", "--no-input"], as_owner=True)
        self._mark.write_text(_migrations())

    def fill(self, *, demo: bool) -> None:
        """Base or demo data, as the role the program runs as. Raises Fault, Stopped."""
        if demo:
            self._run("演示数据", "Demo data", ["prepare", "--demo"])
        else:
            self._run("基础数据", "Base data", ["prepare"])

    def _run(self, chinese: str, english: str, command: list[str], *, as_owner: bool = False) -> None:
        started = time.monotonic()
        print(f"  {chinese} · {english} … ", end="", file=sys.stderr, flush=True)
        log = self.place.data.logs / "prepare.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "opspact.cli", *command],
                env={**self.place.environment(as_owner=as_owner), "OPSPACT_ORIGIN": self.origin},
                preexec_fn=child_setup(self.place.person),
                process_group=0,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
            )
        while process.poll() is None:
            if self.is_stopping():
                process.kill()
                process.wait()
                raise Stopped
            time.sleep(0.05)
        if process.returncode != 0:
            print("\n" + log.read_text(errors="replace")[-3000:], file=sys.stderr)
            raise Fault(f"{chinese}准备失败（原因见上）。", f"Preparing failed at: {english} (see above).")
        print(f"{time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def _migrations() -> str:
    """A fingerprint of every migration there is: ours by content, the libraries' by their versions."""
    digest = hashlib.sha256(" ".join(metadata.version(name) for name in _BRING_MIGRATIONS).encode())
    spec = find_spec("opspact")
    assert spec is not None
    assert spec.origin is not None
    for file in sorted(Path(spec.origin).parent.glob("*/migrations/*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
