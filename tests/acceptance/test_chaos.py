"""kill -9 of any part at any moment loses nothing that was accepted. Long: only with `./opspact test --deep`."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from tests.acceptance.demo import Demo, wait_for

from opspact.runtime.installation import Installation

ROUNDS = 12
INTERVAL_S = 10
_CHECK = (
    "(SELECT c.id FROM monitoring_check c JOIN monitoring_target t ON t.id = c.target_id WHERE t.code = 'LOOPBACK')"
)
_RESULTS = f"""
SELECT extract(epoch FROM at)::float8, extract(epoch FROM at)::float8 FROM monitoring_result WHERE check_id = {_CHECK}
"""
_MISSED = f"""
SELECT extract(epoch FROM starts_at)::float8, extract(epoch FROM ends_at)::float8
FROM monitoring_coverage WHERE check_id = {_CHECK}
"""
MARKS = {"web": "granian", "worker": "opspact.cli worker", "collector": "opspact.collector", "postgres": "/postgres -D"}


def children(pid: int) -> dict[int, str]:
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode() for child in listing}


def kill(demo: Demo, name: str) -> None:
    assert demo.process is not None
    found = [pid for pid, command in children(demo.process.pid).items() if MARKS[name] in command]
    assert found, (name, children(demo.process.pid))
    os.kill(found[0], signal.SIGKILL)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_every_slot_is_a_result_or_a_recorded_miss_however_the_parts_are_killed() -> None:
    draw = random.Random("chaos")
    with tempfile.TemporaryDirectory(prefix="opspact-chaos-") as folder:
        Path(folder).chmod(0o755)
        demo = Demo(Path(folder))
        demo.start()
        began = time.time()
        try:
            for _ in range(ROUNDS):
                time.sleep(draw.uniform(3, 20))
                name = draw.choice([*MARKS, "parent"])
                if name == "parent":
                    assert demo.process is not None
                    demo.process.kill()
                    demo.process.wait()
                    demo.start()
                else:
                    kill(demo, name)
                    wait_for(lambda: demo.health().get("status") == "ok", 90, f"recovery from {name}")
            time.sleep(3 * INTERVAL_S)
            ended = time.time() - 2 * INTERVAL_S
            assert silent_gaps(demo, began + 2 * INTERVAL_S, ended) == []
        finally:
            demo.stop()


def silent_gaps(demo: Demo, start: float, end: float) -> list[tuple[float, float]]:
    """Spans of more than two intervals in which the loopback check has neither a result nor a recorded miss."""
    url = Installation.at(demo.data).postgres.access.owner_url
    with psycopg.connect(url) as connection:
        results = connection.execute(_RESULTS).fetchall()
        missed = connection.execute(_MISSED).fetchall()
    gaps, covered = [], start
    for begin, finish in sorted([*results, *missed]):
        if begin > covered + 2 * INTERVAL_S and covered < end:
            gaps.append((covered, begin))
        covered = max(covered, finish)
    return gaps
