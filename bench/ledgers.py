"""Ledgers at 100,000 assets, addresses and relations: pages, search, workbooks both ways, free addresses, impact.

Every figure stands beside its peer or its limit, measured in the same run. `./opspact bench ledgers`; some six minutes.
NetBox 4.6 on the same kind of machine, 100,000 devices, three workers: device list 385 ms alone, 4.9 requests a second
at four clients, device page 47 ms.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from bench.common import Report, folder, percentile, python
from bench.spine import ORIGIN, _web
from opspact.runtime.installation import Installation

RECORDS, ROWS, REQUESTS = 100_000, 50_000, 120
FRAGMENT = {"HX-Request": "true", "HX-Target": "op-list"}


def main() -> int:
    report = Report()
    with folder() as base:
        place = Installation.at(base / "bench")
        place.make_secrets()
        with place.locked():
            server = place.postgres
            server.start()
            try:
                _inside(place, "migrate")
                cookie, first = _inside(place, "fill", str(RECORDS)).split()
                _inside(place, "settle")
                with _web(place):
                    _pages(report, cookie, first)
                    _export(report, cookie)
                _queries(report, place, first)
                _import(report, place, base / "book.xlsx")
            finally:
                server.stop()
    return report.exit_code


def _inside(place: Installation, code: str, *arguments: str) -> str:
    """Run `code` of `bench.ledgers_inside` in the installation, as the program's role."""
    environment = {**place.environment(as_owner=code in ("migrate", "settle")), "PYTHONPATH": str(Path.cwd())}
    command = python("-m", "bench.ledgers_inside", code, *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout.strip()


def _pages(report: Report, cookie: str, first: str) -> None:
    page, bare = "/c/self/assets/", "/c/self/bare-assets/"
    for path in (page, bare):
        _timed(path, cookie, 1, 20)
    peer, alone = _timed(bare, cookie, 1, REQUESTS), _timed(page, cookie, 1, REQUESTS)
    _limit(report, f"list of {RECORDS:,} assets alone, p50", _p50(alone), 40)
    report.add("a bare view of these rows alone, p50", f"{_p50(peer):.1f} ms")
    ratio = _p50(alone) / _p50(peer)
    report.add("the same beside a bare view of these rows", f"{ratio:.1f}×", "≤ 3×", holds=ratio <= 3)
    started = time.perf_counter()
    _timed(page, cookie, 4, REQUESTS * 2)
    rate = REQUESTS * 2 / (time.perf_counter() - started)
    report.add("the same, 4 clients (NetBox: 4.9/s)", f"{rate:.0f}/s", "≥ 40/s", holds=rate >= 40)
    addresses = _timed("/c/self/addresses/", cookie, 1, REQUESTS)
    _limit(report, f"list of {RECORDS:,} addresses alone, p50", _p50(addresses), 40)
    detail = _timed(f"{page}{first}/", cookie, 1, REQUESTS)
    _limit(report, "page of an asset, p50 (NetBox: 47 ms)", _p50(detail), 30)
    suffering = _timed(f"/c/self/panel/assets.relations/{first}/", cookie, 1, REQUESTS // 2)
    report.add("its box of relations and who suffers (1,000), asked for afterwards", f"{_p50(suffering):.1f} ms")
    for word, what in (("%E6%9C%9D%E9%98%B3%E5%88%86", "朝阳分"), ("%E7%8E%8B42", "王42")):
        found = _timed(f"{page}?q={word}", cookie, 1, REQUESTS // 2, FRAGMENT)
        _limit(report, f"search for {what}, as it is typed, p50", _p50(found), 50)


def _export(report: Report, cookie: str) -> None:
    seconds = _timed("/c/self/assets/?export=xlsx", cookie, 1, 1)[0]
    report.add(f"export of {RECORDS:,} assets", f"{seconds:.1f} s", "≤ 20 s", holds=seconds <= 20)


def _queries(report: Report, place: Installation, first: str) -> None:
    taken, address = _inside(place, "free", "50").split()
    _limit(report, f"next free address in a full /16 ({address})", float(taken), 10)
    taken, many = _inside(place, "impact", first, "20").split()
    _limit(report, f"impact over {RECORDS:,} relations ({many} suffer)", float(taken), 100)


def _import(report: Report, place: Installation, book: Path) -> None:
    _inside(place, "book", str(book), str(ROWS))
    book.chmod(0o644)
    read, written, new = _inside(place, "bring", str(book)).split()
    if int(new) != ROWS:
        sys.exit(f"{new} of {ROWS} rows were new")
    both = float(read) + float(written)
    what = f"import of {ROWS:,} rows: reading {read} s, writing {written} s"
    report.add(what, f"{both:.0f} s", "≤ 60 s", holds=both <= 60)


def _limit(report: Report, what: str, milliseconds: float, most: int) -> None:
    report.add(what, f"{milliseconds:.1f} ms", f"≤ {most} ms", holds=milliseconds <= most)


def _p50(taken: list[float]) -> float:
    return percentile(taken, 0.5) * 1000


def _timed(path: str, cookie: str, clients: int, requests: int, headers: dict[str, str] | None = None) -> list[float]:
    """Seconds of `requests` GETs by `clients` threads, each waiting for its answer before the next."""
    taken: list[float] = []
    failed: list[str] = []

    def client() -> None:
        for _ in range(requests // clients):
            given = {"Cookie": f"opspact_session={cookie}", **(headers or {})}
            started = time.perf_counter()
            with urllib.request.urlopen(urllib.request.Request(ORIGIN + path, headers=given), timeout=120) as answer:
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


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(Path.cwd()))
    sys.exit(main())
