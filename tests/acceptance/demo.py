"""A running demo for acceptance tests: the program itself, started as a person would, in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
# The test run's own database and data must not leak into the program under test.
_OURS = ("OPSPACT_DATA", "OPSPACT_DATABASE_URL", "OPSPACT_DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")


class Demo:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.terminal = folder / "terminal.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name not in _OURS}

    def start(self) -> None:
        command = [sys.executable, "-P", "-m", "opspact.cli", "demo", "--data", str(self.data)]
        with self.terminal.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_for(lambda: self.health().get("status") == "ok", 240, "the demo to be well", on_failure=self.story)

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """An `opspact` command on this demo's data."""
        command = [sys.executable, "-P", "-m", "opspact.cli", *arguments, "--data", str(self.data)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def health(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            return dict(json.load(error))
        except OSError:
            return {}

    @property
    def password(self) -> str:
        notes = (self.data / "secrets" / "demo-accounts.txt").read_text()
        found = re.search(r"password: (\S+)", notes)
        assert found is not None
        return found.group(1)

    def story(self) -> str:
        logs = sorted((self.data / "logs").glob("*.log"))
        return "\n".join([self.terminal.read_text()[-3000:], *(log.read_text()[-1500:] for log in logs)])


def wait_for(ask: Callable[[], T], seconds: float, what: str, *, on_failure: Callable[[], str] = lambda: "") -> T:
    """The first true answer of `ask`; fails the test, saying what was waited for, when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.5)
    raise AssertionError(f"waited {seconds:.0f} s for {what}\n{on_failure()}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
