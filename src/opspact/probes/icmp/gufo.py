"""Echo requests through gufo_ping, over raw sockets or ping sockets (``SOCK_DGRAM``, Linux)."""

import asyncio
from typing import Literal

from gufo.ping.socket import IPv4, IPv6, PingSocket, SelectionPolicy

from opspact.probes.icmp.errors import Unavailable

_EXPIRY_S = 10.0
"""When gufo gives a packet up. Probes wait less; this only clears what they left behind."""

_RECEIVE_BUFFER = 4 * 1024 * 1024
_SPACING_S = 0.2
"""Between two packets to one host, as ping asks of ordinary users: faster ones meet the host's own rate limit."""


class GufoSender:
    """Echo requests over one socket a family. Belongs to the event loop it was made in."""

    def __init__(self, method: Literal["raw", "ping"]) -> None:
        """Open the IPv4 socket. Raises ``OSError`` when this process may not."""
        self.method: Literal["raw", "ping", "fping"] = method
        self._policy = SelectionPolicy.RAW if method == "raw" else SelectionPolicy.DGRAM
        self._sockets = {IPv4: self._open(IPv4)}
        self._left: set[asyncio.Task[float | None]] = set()

    def _open(self, family: int) -> PingSocket:
        return PingSocket(
            afi=family, policy=self._policy, timeout=_EXPIRY_S, recv_buffer_size=_RECEIVE_BUFFER, send_buffer_size=None
        )

    def _socket(self, address: str) -> PingSocket:
        family = IPv6 if ":" in address else IPv4
        if family not in self._sockets:
            try:
                self._sockets[family] = self._open(family)
            except OSError as error:
                raise Unavailable("sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0") from error
        return self._sockets[family]

    async def echo(self, address: str, *, count: int, wait_s: float) -> list[float | None]:
        """Round trips in ms of ``count`` packets, None for those without an answer ``wait_s`` after the last."""
        socket = self._socket(address)
        sent: list[asyncio.Task[float | None]] = []
        for number in range(count):
            if number:
                await asyncio.sleep(_SPACING_S)
            sent.append(asyncio.create_task(socket.ping(address), name=f"echo {address}"))
            # Kept, and never cancelled: gufo fails on the answer to a cancelled packet and loses those read with it.
            self._left.add(sent[-1])
            sent[-1].add_done_callback(self._left.discard)
        await asyncio.wait(sent, timeout=wait_s)
        return [_trip(task) for task in sent]


def _trip(task: asyncio.Task[float | None]) -> float | None:
    if not task.done():
        return None
    seconds = task.result()
    return None if seconds is None else seconds * 1_000
