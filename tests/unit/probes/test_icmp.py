"""ICMP on loopback by each way this machine has, and what is said when it has none."""

import asyncio
import os
import subprocess
import sys
from time import monotonic

import pytest
from tests.needs import needs, needs_root

from opspact.probes.icmp import pinger
from opspact.probes.icmp.errors import Overloaded, Unavailable
from opspact.probes.icmp.fping import parse
from opspact.probes.icmp.pinger import HINT, Pinger
from opspact.probes.kinds.icmp import IcmpSettings, judge
from opspact.probes.registry import probe
from opspact.probes.wire import Assignment

SILENT = "240.0.0.1"
"""Reserved (RFC 1112), never answers."""


@pytest.mark.parametrize(
    ("trips", "settings", "seen", "detail", "value"),
    [
        ([1.0, 2.0, 3.0], {}, "up", "", 2.0),
        ([1.0, None, None], {}, "up", "", 1.0),
        ([1.0, None], {"warn_loss_percent": 49}, "degraded", "loss: 50", 1.0),
        ([1.0, None], {"warn_loss_percent": 50}, "up", "", 1.0),
        ([20.0, 40.0], {"warn_rtt_ms": 29}, "degraded", "slow: 30", 30.0),
        ([None, None], {}, "down", "no_reply: 2", None),
    ],
)
def test_round_trips_are_judged(
    trips: list[float | None], settings: dict[str, float], seen: str, detail: str, value: float | None
) -> None:
    outcome = judge(trips, IcmpSettings.model_validate(settings))
    assert (outcome.seen, outcome.detail, outcome.value) == (seen, detail, value)


def test_what_fping_says_is_read() -> None:
    told = b"127.0.0.1   : 0.05 0.04\n192.0.2.9   : - 1.5\n2001:db8::1 : - -\nICMP Host Unreachable from 192.0.2.2\n"
    assert parse(told) == {"127.0.0.1": [0.05, 0.04], "192.0.2.9": [None, 1.5], "2001:db8::1": [None, None]}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_raw_socket_reaches_loopback(address: str) -> None:
    needs_root()

    async def run() -> list[float | None]:
        by_raw = Pinger(pinger.WAYS[:1])
        assert (await by_raw.report()).method == "raw"
        return await by_raw.echo(address, count=2, within_s=3)

    trips = asyncio.run(run())
    assert len(trips) == 2
    assert all(trip is not None and 0 < trip < 1_000 for trip in trips)


def test_fping_reaches_loopback_and_tells_the_silent_from_the_answering() -> None:
    needs("fping", package="fping")

    async def run() -> list[list[float | None]]:
        by_fping = Pinger(pinger.WAYS[2:])
        assert (await by_fping.report()).method == "fping"
        asked = (by_fping.echo(one, count=2, within_s=2) for one in ("127.0.0.1", "::1", SILENT))
        return await asyncio.gather(*asked)

    first, second, silent = asyncio.run(run())
    assert all(trip is not None for trip in first + second)
    assert silent == [None] * 4


def test_hosts_asked_at_once_share_one_fping(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("fping", package="fping")
    from opspact.probes.icmp import fping

    started: list[int] = []
    run_really = fping.run

    async def counting(program: str, addresses: list[str], **rest: int) -> dict[str, list[float | None]]:
        started.append(len(addresses))
        return await run_really(program, addresses, **rest)

    async def run() -> None:
        by_fping = Pinger(pinger.WAYS[2:])
        await by_fping.report()
        monkeypatch.setattr(fping, "run", counting)
        await asyncio.gather(*(by_fping.echo(f"127.0.0.{one}", count=1, within_s=2) for one in range(1, 51)))

    asyncio.run(run())
    assert started == [50]


PING_SOCKET = """
import asyncio
from opspact.probes.icmp import pinger
async def main():
    by_ping = pinger.Pinger(pinger.WAYS[1:2])
    print((await by_ping.report()).method, await by_ping.echo("127.0.0.1", count=1, within_s=2))
asyncio.run(main())
"""


def test_a_ping_socket_reaches_loopback_where_the_kernel_allows_it() -> None:
    needs_root()
    unshare, ip = needs("unshare", package="util-linux"), needs("ip", package="iproute2")
    # In a network namespace of its own, so that this machine's setting stays as it is.
    allow = f'{ip} link set lo up; echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range; exec "$0" -c "$1"'
    ran = subprocess.run(
        [unshare, "--net", "sh", "-c", allow, sys.executable, PING_SOCKET],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout.startswith("ping [0.")


def test_without_any_way_the_outcome_is_unknown_and_names_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        monkeypatch.setitem(pinger._PINGERS, asyncio.get_running_loop(), Pinger(()))
        given = Assignment(check=1, kind="icmp", address="127.0.0.1", interval_s=5, timeout_s=2.0)
        outcome = await probe(given)
        assert outcome.seen == "unknown"
        assert outcome.detail == f"icmp: {HINT}"
        report = await pinger.current().report()
        assert (report.method, report.hint) == ("none", HINT)

    asyncio.run(run())


class Recorder:
    """A sender whose answers are given, to count what is asked."""

    method = "raw"

    def __init__(self, *answers: list[float | None]) -> None:
        self.answers = list(answers)
        self.most = self.now = 0

    async def echo(self, address: str, *, count: int, wait_s: float) -> list[float | None]:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.02)
        self.now -= 1
        return self.answers.pop(0) if self.answers else [1.0] * count


def pinger_with(sender: Recorder) -> Pinger:
    async def way() -> Recorder:
        return sender

    return Pinger((way,))  # type: ignore[arg-type]


def test_a_loss_of_everything_is_asked_once_more_before_it_is_believed() -> None:
    sender = Recorder([None, None], [None, 5.0])
    assert asyncio.run(pinger_with(sender).echo("192.0.2.1", count=2, within_s=3)) == [None, None, None, 5.0]
    sender = Recorder([None, 1.0], [None, None])
    assert asyncio.run(pinger_with(sender).echo("192.0.2.1", count=2, within_s=3)) == [None, 1.0]


def test_no_more_than_two_hundred_hosts_are_asked_at_once() -> None:
    sender = Recorder()

    async def run() -> None:
        limited = pinger_with(sender)
        await asyncio.gather(*(limited.echo("192.0.2.1", count=1, within_s=8) for _ in range(500)))

    asyncio.run(run())
    assert sender.most == 200


class Held(Recorder):
    """A sender that answers nobody before it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = asyncio.Event()

    async def echo(self, address: str, *, count: int, wait_s: float) -> list[float | None]:
        await self.released.wait()
        return [1.0] * count


def test_a_probe_that_gets_no_turn_is_overloaded_and_not_lost() -> None:
    async def run() -> None:
        sender = Held()
        limited = pinger_with(sender)
        asked = [asyncio.create_task(limited.echo("192.0.2.1", count=1, within_s=0.04)) for _ in range(300)]
        while sum(task.done() for task in asked) < 100:
            await asyncio.sleep(0.01)
        sender.released.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(answer, Overloaded) for answer in answers) == 100

    asyncio.run(run())


def test_a_host_that_never_answers_is_down_within_the_time_limit() -> None:
    async def run() -> None:
        if (await pinger.current().report()).method == "none":
            needs("fping", package="fping")
        began = monotonic()
        given = Assignment(check=1, kind="icmp", address=SILENT, interval_s=5, timeout_s=1.5)
        outcome = await probe(given)
        assert (outcome.seen, outcome.detail) == ("down", "no_reply: 6")
        assert monotonic() - began < 1.5

    asyncio.run(run())


def test_a_way_is_looked_for_again_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(pinger, "monotonic", lambda: now[0])
    allowed = False

    async def way() -> Recorder | None:
        return Recorder() if allowed else None

    async def run() -> None:
        nonlocal allowed
        choosing = Pinger((way,))  # type: ignore[arg-type]
        with pytest.raises(Unavailable):
            await choosing.echo("192.0.2.1", count=1, within_s=1)
        allowed = True
        assert (await choosing.report()).method == "none"
        now[0] += 61
        assert (await choosing.report()).method == "raw"

    asyncio.run(run())
