"""Runs the properties of the calculating core at 20,000 examples each and writes docs/reference/deep-run.md.

    python -m tools.deep [-n PROCESSES] [--minutes BUDGET] [--again] [--list] [WORD …]

Each property runs in a process of its own, niced, and its row is written as soon as it ends, so that a run that was
stopped goes on where it was. A property that passed is run again when core or its tests have changed since the commit
of its row; `--again` runs all. WORDs choose properties by a part of their names. `./opspact test --deep` runs this.

The number of examples is counted here, one for each time the body of the test ran to its end: examples that
hypothesis threw away (`assume`) and those of a failing test do not count.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = "tests/unit/core"
WATCHED = ("src/opspact/core", TESTS)
DOCUMENT = ROOT / "docs" / "reference" / "deep-run.md"
EXAMPLES = 20_000
REPORT = "OPSPACT_DEEP_REPORT"
HEAD = ("Property", "Examples", "Seconds", "Result", "Commit", "Date")
RULE = ("---", "--:", "--:", "---", "---", "---")
PASSED, EXHAUSTED, TOO_FEW, FAILED, NOT_YET = "passed", "passed, all cases", "too few examples", "failed", "not yet run"
SINCE = ", changed since"


# Inside pytest: this module is its plugin there


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep properties only."""
    others = [item for item in items if not _is_property(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _is_property(item)]
    if config.option.collectonly and os.environ.get(REPORT):
        _say({"items": [item.nodeid for item in items]})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Count the examples that ran to their end, through the place that hypothesis documents for wrapping a test."""
    inner = item.obj.hypothesis.inner_test
    count = 0

    @functools.wraps(inner)
    def counted(*args: object, **kwargs: object) -> object:
        nonlocal count
        answer = inner(*args, **kwargs)
        count += 1
        return answer

    item.obj.hypothesis.inner_test = counted
    started = time.monotonic()
    try:
        outcome = yield
    finally:
        item.obj.hypothesis.inner_test = inner
    exhausted = "nothing left to do" in getattr(item, "hypothesis_statistics", "")
    passed = outcome.excinfo is None
    _say({"examples": count, "seconds": time.monotonic() - started, "passed": passed, "exhausted": exhausted})


def _is_property(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "obj", None), "hypothesis")


def _say(what: dict[str, object]) -> None:
    Path(os.environ[REPORT]).write_text(json.dumps(what), encoding="utf-8")


# Outside: the list, the runs, the document


@dataclass
class Row:
    """One property; figures are "" until it has run."""

    name: str
    examples: str = ""
    seconds: str = ""
    result: str = NOT_YET
    commit: str = ""
    date: str = ""

    def cells(self) -> tuple[str, ...]:
        return (f"`{self.name}`", self.examples, self.seconds, self.result, self.commit, self.date)


@dataclass
class Table:
    """The document's rows by property, written whenever one changes."""

    rows: dict[str, Row]
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, names: tuple[str, ...], has_changed: Callable[[str], bool]) -> Table:
        """What the document says of these properties; a row older than the last change of core says so."""
        known: dict[str, Row] = {}
        if DOCUMENT.exists():
            for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
                if line.startswith("| `"):
                    cells = [cell.strip() for cell in line.strip("|").split(" | ")]
                    known[cells[0].strip("`")] = Row(cells[0].strip("`"), *cells[1:])
        for row in known.values():
            row.result = row.result.removesuffix(SINCE)
            if row.commit and has_changed(row.commit):
                row.result += SINCE
        return cls({name: known.get(name, Row(name)) for name in names})

    def put(self, row: Row) -> None:
        with self.lock:
            self.rows[row.name] = row
            self.write()

    def write(self) -> None:
        rows = list(self.rows.values())
        done = sum(row.result in (PASSED, EXHAUSTED) for row in rows)
        lines = [f"| {' | '.join(cells)} |" for cells in (HEAD, RULE, *(row.cells() for row in rows))]
        text = PREFACE.format(done=done, all=len(rows), examples=f"{EXAMPLES:,}") + "\n".join(lines) + "\n"
        fresh = DOCUMENT.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(DOCUMENT)


PREFACE = """# The last deep run

Written by `./opspact test --deep` (`tools/deep.py`), not by hand. Each property of the calculating core runs {examples}
examples in a process of its own. *All cases* means that there are fewer different examples and all of them ran;
*changed since*, that core or its tests were changed after the commit of the row; a commit with `+` had changes besides.

**{done} of {all} properties passed on what is here now.**

"""


def main() -> int:
    options = _options()
    names = [name for name in properties() if not options.words or any(word in name for word in options.words)]
    if options.list:
        print("\n".join(names))
        return 0
    table = Table.read(properties(), _has_changed)
    waiting = [name for name in names if options.again or table.rows[name].result not in (PASSED, EXHAUSTED)]
    table.write()
    ends = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    print(f"{len(waiting)} of {len(names)} properties to run, {options.n} at a time")
    with ThreadPoolExecutor(options.n) as pool:
        for row in pool.map(lambda name: _run(name, ends), waiting):
            if row is not None:
                table.put(row)
                print(f"{row.result:<20} {row.examples:>7} {row.seconds:>7} s  {row.name}", flush=True)
    chosen = [table.rows[name].result for name in names]
    left = sum(result not in (PASSED, EXHAUSTED) for result in chosen)
    print(f"{len(chosen) - left} of {len(chosen)} passed at this state; {DOCUMENT.relative_to(ROOT)}")
    return 1 if any(result.startswith((FAILED, TOO_FEW)) for result in chosen) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.deep", description=__doc__.split("\n", 1)[0])
    parser.add_argument("-n", type=int, default=2, help="processes at a time")
    parser.add_argument("--minutes", type=float, help="stop after so long; what runs then is given up")
    parser.add_argument("--again", action="store_true", help="also what has passed at this state")
    parser.add_argument("--list", action="store_true", help="name the properties and run none")
    parser.add_argument("words", nargs="*", help="parts of the names of properties")
    return parser.parse_args()


@functools.cache
def properties() -> tuple[str, ...]:
    """Every property of core by its pytest name below tests/unit/core."""
    with _Report() as report:
        done = _pytest(report, "--collect-only", "-q", TESTS).communicate()[0]
        if not report.stat().st_size:
            sys.exit(done)
        return tuple(item.removeprefix(TESTS + "/") for item in json.loads(report.read_text())["items"])


class _Report:
    """A file for one process to answer in."""

    def __enter__(self) -> Path:
        handle, name = tempfile.mkstemp(suffix=".json")
        os.close(handle)
        self.path = Path(name)
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink()


def _run(name: str, ends: float) -> Row | None:
    """The property's new row; None if the time is over."""
    if (left := ends - time.monotonic()) <= 0:
        return None
    with _Report() as report:
        process = _pytest(report, "-x", "-q", "-o", "timeout=0", f"{TESTS}/{name}")
        try:
            output = process.communicate(timeout=left if left != float("inf") else None)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        text = report.read_text()
    said = json.loads(text) if text else {"examples": 0, "seconds": 0, "passed": False, "exhausted": False}
    result = _result(said) if process.returncode == 0 else FAILED
    if result == FAILED:
        print(output, flush=True)
    today = datetime.now(UTC).date().isoformat()
    return Row(name, f"{said['examples']:,}", f"{said['seconds']:.0f}", result, _commit(), today)


def _result(said: dict[str, int]) -> str:
    if not said["passed"]:
        return FAILED
    if said["examples"] >= EXAMPLES:
        return PASSED
    return EXHAUSTED if said["exhausted"] else TOO_FEW


def _pytest(report: Path, *arguments: str) -> subprocess.Popen[str]:
    """pytest on core's tests alone: without the conftest of the whole, no database is started."""
    environment = {**os.environ, "OPSPACT_DEEP": "1", "PYTHONPATH": str(ROOT), REPORT: str(report)}
    environment.pop("OPSPACT_EXAMPLES", None)
    command = [sys.executable, "-m", "pytest", "-p", "tools.deep", f"--confcutdir={TESTS}", "-p", "no:cacheprovider"]
    return subprocess.Popen(
        ["nice", *command, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _commit() -> str:
    """The commit, with + if what is watched differs from it."""
    commit = _git("rev-parse", "--short=10", "HEAD").stdout.strip()
    return commit + "+" * bool(_git("status", "--porcelain", "--", *WATCHED).stdout)


@functools.cache
def _has_changed(commit: str) -> bool:
    """Whether core or its tests differ from what they were at that commit."""
    return commit.endswith("+") or _git("diff", "--quiet", commit, "--", *WATCHED).returncode != 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
