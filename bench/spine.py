"""The spine: warm start, the list of 100,000 targets, results a second end to end, memory at 1,000 targets.

Every figure stands beside its peer or its limit, measured in the same run. `./opspact bench spine`; some five minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.common import (
    Report,
    family,
    folder,
    part,
    percentile,
    proportional_memory,
    python,
    wait_until,
)
from opspact.runtime import parts
from opspact.runtime.installation import Installation
from opspact.runtime.parts import Bind

PORT = 18700
ORIGIN = f"http://127.0.0.1:{PORT}"
TARGETS = 100_000
REQUESTS = 150
CHECKS, RESULTS = 1_000, 200_000
WATCHED = 1_000


def main() -> int:
    report = Report()
    with folder() as base:
        _warm_start(report, base / "demo")
        place = Installation.at(base / "bench")
        place.make_secrets()
        with place.locked():
            server = place.postgres
            server.start()
            try:
                _list(report, place)
                _ingest(report, place)
            finally:
                server.stop()
        _memory(report, base / "memory")
    return report.exit_code


# Warm start


def _demo(data: Path) -> subprocess.Popen[bytes]:
    command = python("-m", "opspact.cli", "demo", "--data", str(data), "--port", str(PORT))
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _stop(process: subprocess.Popen[bytes]) -> float:
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    return time.monotonic() - started


def _answers(path: str = "/sign-in/") -> bool:
    try:
        with urllib.request.urlopen(ORIGIN + path, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _warm_start(report: Report, data: Path) -> None:
    process = _demo(data)
    first = wait_until(_answers, 180, "the first start")
    _stop(process)
    report.add("first start with the demo world (environment built)", f"{first:.1f} s")
    process = _demo(data)
    second = wait_until(_answers, 60, "the second start")
    report.add("warm second start to a served page", f"{second:.1f} s", "≤ 5 s", holds=second <= 5)
    stopped = _stop(process)
    report.add("stop", f"{stopped:.1f} s", "≤ 10 s", holds=stopped <= 10)


# The list


def _in_django(place: Installation, code: str, *arguments: str) -> str:
    """Run `code` of `bench.inside` in the installation, as the program's role."""
    command = python("-m", "bench.inside", code, *arguments)
    environment = {**place.environment(as_owner=code == "migrate"), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout.strip()


@contextmanager
def _web(place: Installation) -> Iterator[subprocess.Popen[bytes]]:
    web = parts.web(Bind(port=PORT), workers=2)
    environment = {**web.environment, "DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": str(Path.cwd())}
    with part(place, web.command, environment) as process:
        wait_until(_answers, 60, "the web part")
        yield process


def _list(report: Report, place: Installation) -> None:
    _in_django(place, "migrate")
    cookie = _in_django(place, "fill", str(TARGETS))
    with _web(place):
        page, bare = "/c/self/targets/", "/c/self/bare/"
        for path in (page, bare):
            _timed(path, cookie, 1, 20)
        for clients in (1, 4):
            peer = _timed(bare, cookie, clients, REQUESTS)
            ours = _timed(page, cookie, clients, REQUESTS)
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                mine, other = percentile(ours, share) * 1000, percentile(peer, share) * 1000
                what = f"{TARGETS:,} targets, {clients} client{'s' * (clients > 1)}, {name}: page / bare view"
                ratio = mine / other
                value = f"{mine:.0f} / {other:.0f} ms = {ratio:.1f}×"
                report.add(what, value, "≤ 3×", holds=ratio <= 3)


def _timed(path: str, cookie: str, clients: int, requests: int) -> list[float]:
    """Seconds of `requests` GETs by `clients` threads, each waiting for its answer before the next."""
    taken: list[float] = []
    failed: list[str] = []

    def client() -> None:
        for _ in range(requests // clients):
            request = urllib.request.Request(ORIGIN + path, headers={"Cookie": f"opspact_session={cookie}"})
            started = time.perf_counter()
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
                if answer.url != ORIGIN + path:
                    failed.append(answer.url)
            taken.append(time.perf_counter() - started)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed or len(taken) < requests // clients * clients:
        sys.exit(f"{path} was not answered as expected: {failed[:1]}")
    return taken


# Results end to end


def _ingest(report: Report, place: Installation) -> None:
    """A full spool is shipped by the real collector's shipper to the real server until both agree on the state."""
    token = place.data.secrets / "collector.token"
    checks = _in_django(place, "checks", str(CHECKS), str(token))
    _in_django(place, "spool", str(place.data.spool), checks, str(RESULTS))
    with _web(place):
        seconds = float(_in_django(place, "ship", ORIGIN, str(token), str(place.data.spool)))
    folded, transitions = _in_django(place, "folded", checks).split()
    if int(folded) != RESULTS:
        sys.exit(f"{folded} of {RESULTS} results arrived")
    rate = RESULTS / seconds
    what = f"results a second, collector → ledgers ({RESULTS:,}, {transitions} transitions)"
    report.add(what, f"{rate:,.0f}/s", "≥ 5,000/s", holds=rate >= 5000)


# Memory


def _memory(report: Report, data: Path) -> None:
    process = _demo(data)
    try:
        wait_until(_answers, 180, "the demo")
        place = Installation.at(data)
        _in_django(place, "watch", str(WATCHED))
        time.sleep(60)
        pids = family(process.pid)
        used = proportional_memory(pids) / 1_000_000
        report.add(f"memory of all {len(pids)} processes at {WATCHED:,} live targets (PSS)", f"{used:,.0f} MB")
    finally:
        _stop(process)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(Path.cwd()))
    sys.exit(main())
