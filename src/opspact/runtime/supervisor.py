"""Keeps the parts running in one terminal: starts them, restarts what dies, takes everything down within 10 s.

Each part has a process group of its own, so that what it leaves behind can be stopped with it. The supervisor adopts
orphans (a web master killed with -9 leaves workers), and the kernel tells every part when the supervisor is gone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from opspact.runtime.installation import Installation
from opspact.runtime.parts import Part
from opspact.runtime.postgres import EmbeddedPostgres
from opspact.runtime.privileges import adopt_orphans, child_setup

STOP_PARTS_S = 5.0
STOP_DATABASE_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 10.0
STEADY_AFTER_S = 30.0
LOG_LIMIT_BYTES = 20_000_000
POLL_S = 0.1


@dataclass
class Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = FIRST_PAUSE_S


class Supervisor:
    """Owns the parts and the embedded database (None: a server elsewhere). Single-threaded, main thread only."""

    def __init__(
        self, installation: Installation, postgres: EmbeddedPostgres | None, say: Callable[[str, str], None]
    ) -> None:
        self.installation = installation
        self.postgres = postgres
        self.say = say
        self.running: list[Running] = []
        self.stopping = False

    def listen(self) -> None:
        """Install the handlers explicitly: a job started in the background by a shell ignores SIGINT otherwise."""
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, part: Part) -> None:
        entry = Running(part)
        self.running.append(entry)
        self._spawn(entry)

    def _spawn(self, entry: Running) -> None:
        log = self.installation.data.logs / f"{entry.part.name}.log"
        log.touch()
        self.installation.person.own(log, 0o600)
        with log.open("ab") as output:
            entry.process = subprocess.Popen(
                entry.part.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={**self.installation.environment(), **entry.part.environment},
                process_group=0,
                preexec_fn=child_setup(self.installation.person, keep=entry.part.keeps),
            )
        entry.started = time.monotonic()

    def watch(self) -> None:
        """Until a signal: restart what ended, at once at first and more slowly when it keeps ending."""
        beats = 0
        while not self.stopping:
            self._keep_database()
            for entry in self.running:
                self._keep(entry)
            self._reap_orphans()
            beats += 1
            if beats % int(60 / POLL_S) == 0:
                self._limit_logs()
            time.sleep(POLL_S)

    def _keep_database(self) -> None:
        if self.postgres is None or self.postgres.is_running:
            return
        self.say("数据库进程意外结束，正在重新启动。", "The database process ended; starting it again.")
        self.postgres.start()

    def _keep(self, entry: Running) -> None:
        now = time.monotonic()
        if entry.process is not None:
            code = entry.process.poll()
            if code is None:
                if now - entry.started > STEADY_AFTER_S:
                    entry.pause = FIRST_PAUSE_S
                return
            _kill_group(entry.process.pid, signal.SIGKILL)
            entry.process = None
            entry.start_at = now + entry.pause
            entry.pause = min(entry.pause * 2, LONGEST_PAUSE_S)
            self.say(
                f"{entry.part.name} 意外结束（{code}），正在重新启动；日志见 {self.installation.data.logs}。",
                f"{entry.part.name} ended ({code}), starting it again; see {self.installation.data.logs}.",
            )
        if now >= entry.start_at:
            self._spawn(entry)

    def _reap_orphans(self) -> None:
        """Collect adopted grandchildren that ended; our own children are left to their Popen objects."""
        own = {entry.process.pid for entry in self.running if entry.process}
        if self.postgres is not None and self.postgres.process is not None:
            own.add(self.postgres.process.pid)
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None or ended.si_pid in own:
                return
            os.waitpid(ended.si_pid, os.WNOHANG)

    def _limit_logs(self) -> None:
        for log in self.installation.data.logs.glob("*.log"):
            if log.stat().st_size > LOG_LIMIT_BYTES:
                _rotate(log)

    def stop(self) -> None:
        """Everything down: the parts together, then the database, which ends last so that nothing accepted is lost."""
        processes = [entry.process for entry in self.running if entry.process is not None]
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_PARTS_S
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(process.pid, signal.SIGKILL)
        if self.postgres is not None:
            self.postgres.stop(STOP_DATABASE_S)
        self._kill_adopted()

    def _kill_adopted(self) -> None:
        """Whatever is still below us has outlived its part."""
        for pid in children_of(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                continue


def children_of(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listing.read_text().split()] if listing.exists() else []


def _kill_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def _rotate(log: Path) -> None:
    """Copy and truncate: the parts keep their handle, which appends."""
    shutil.copy2(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)
