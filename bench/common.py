"""What benchmarks share: a throw-away installation, percentiles, processes' memory, and the table of results."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opspact.runtime.installation import Installation
from opspact.runtime.privileges import child_setup


@dataclass
class Report:
    """Rows of (what, value, limit, holds). `limit` "" means that the row only informs."""

    rows: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def add(self, what: str, value: str, limit: str = "", *, holds: bool = True) -> None:
        self.rows.append((what, value, limit, holds))
        print(f"  {what:<62} {value:>18}  {limit:<14} {'' if not limit else 'ok' if holds else 'MISSED'}", flush=True)

    @property
    def exit_code(self) -> int:
        return 0 if all(holds for *_, holds in self.rows) else 1


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that the unprivileged person of the parts can enter."""
    made = Path(tempfile.mkdtemp(prefix="opspact-bench-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def part(place: Installation, command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the installation's environment, stopped at the end."""
    log = (place.data.logs / "bench.log").open("ab")
    process = subprocess.Popen(
        command,
        env={**place.environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        process_group=0,
        preexec_fn=child_setup(place.person),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-P", *arguments]


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie (inclusive method)."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def wait_until(condition, seconds: float, what: str) -> float:
    """Seconds until `condition()` holds. Raises TimeoutError naming `what`."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if condition():
            return time.monotonic() - started
        time.sleep(0.02)
    raise TimeoutError(what)


def family(pid: int) -> list[int]:
    """`pid` and all processes below it."""
    found = [pid]
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if listing.exists():
        for child in listing.read_text().split():
            found += family(int(child))
    return found


def proportional_memory(pids: list[int]) -> int:
    """Bytes of memory, pages shared between processes counted once in all (PSS)."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
    return total
