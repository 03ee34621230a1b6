"""Choosing how to send ICMP on this machine, and sending within limits.

1. A raw socket, needs CAP_NET_RAW. 2. A ping socket, needs the process's group in ``net.ipv4.ping_group_range``.
3. fping, which carries the capability itself. 4. None: the outcome is unknown, and names the command that mends it.
The choice is made at the first probe; without a way it is tried again every minute, so mending needs no restart.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Literal, Protocol
from weakref import WeakKeyDictionary

from opspact.probes.icmp import fping
from opspact.probes.icmp.errors import Overloaded, Unavailable
from opspact.probes.icmp.fping import FpingSender
from opspact.probes.icmp.gufo import GufoSender
from opspact.probes.wire import IcmpReport

MAX_IN_FLIGHT = 200
"""Hosts asked at once: with thousands, the answers overflow the default receive buffer and are lost."""

HINT = 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647" # or: sudo apt install fping'
_LOOK_AGAIN_S = 60.0
_SPACING_S = 0.2
_LONGEST_WAIT_S = 10.0


class Sender(Protocol):
    """A way to send echo requests."""

    method: Literal["raw", "ping", "fping"]

    async def echo(self, address: str, *, count: int, wait_s: float) -> list[float | None]:
        """Round trips in ms, None for each packet without an answer."""
        ...


async def _by_raw_socket() -> Sender | None:
    return _by_socket("raw")


async def _by_ping_socket() -> Sender | None:
    return _by_socket("ping")


def _by_socket(method: Literal["raw", "ping"]) -> Sender | None:
    try:
        return GufoSender(method)
    except OSError:
        return None


async def _by_fping() -> Sender | None:
    program = fping.find()
    if program is None:
        return None
    try:
        # A copy without the capability starts and then fails, so it must show that it can.
        trips = await fping.run(program, ["127.0.0.1"], count=1, wait_ms=500)
    except OSError:
        return None
    return FpingSender(program) if trips else None


WAYS: tuple[Callable[[], Awaitable[Sender | None]], ...] = (_by_raw_socket, _by_ping_socket, _by_fping)


class Pinger:
    """Sends echo requests by the best way there is. Belongs to the event loop it is used in."""

    def __init__(self, ways: tuple[Callable[[], Awaitable[Sender | None]], ...] = WAYS) -> None:
        self._ways = ways
        self._sender: Sender | None = None
        self._looked_at: float | None = None
        self._choosing = asyncio.Lock()
        self._flight = asyncio.Semaphore(MAX_IN_FLIGHT)

    async def report(self) -> IcmpReport:
        """The method in use, and without one the command that mends it."""
        sender = await self._choose()
        return IcmpReport(method="none", hint=HINT) if sender is None else IcmpReport(method=sender.method)

    async def echo(self, address: str, *, count: int, within_s: float) -> list[float | None]:
        """Round trips in ms of ``count`` packets to an IP address, None for each that was lost, within ``within_s``.

        When every packet was lost they are sent once more, and the list holds both rounds. Raises
        :class:`Unavailable`, :class:`Overloaded`, and ``OSError`` from fping.
        """
        sender = await self._choose()
        if sender is None:
            raise Unavailable(HINT)
        try:
            async with asyncio.timeout(within_s / 4):
                await self._flight.acquire()
        except TimeoutError as error:
            raise Overloaded from error
        try:
            wait_s = _wait_s(count, within_s)
            trips = await sender.echo(address, count=count, wait_s=wait_s)
            if all(trip is None for trip in trips):
                trips += await sender.echo(address, count=count, wait_s=wait_s)
            return trips
        finally:
            self._flight.release()

    async def _choose(self) -> Sender | None:
        async with self._choosing:
            if self._sender is None and (self._looked_at is None or monotonic() - self._looked_at > _LOOK_AGAIN_S):
                self._looked_at = monotonic()
                for way in self._ways:
                    self._sender = await way()
                    if self._sender is not None:
                        break
        return self._sender


def _wait_s(count: int, within_s: float) -> float:
    """How long a round waits after its last packet, so that two rounds fit into seven tenths of the time limit.

    The rest is for waiting one's turn, and for being late oneself.
    """
    return min(_LONGEST_WAIT_S, max(0.05, 0.35 * within_s - (count - 1) * _SPACING_S))


_PINGERS: WeakKeyDictionary[asyncio.AbstractEventLoop, Pinger] = WeakKeyDictionary()


def current() -> Pinger:
    """The pinger of the running event loop."""
    return _PINGERS.setdefault(asyncio.get_running_loop(), Pinger())
