"""Looking beyond this machine: the default gateway, the server, and the addresses the operator named.

One answer proves the uplink, and a refused connection is an answer. The gateway may be silent by its own rules, so its
silence counts only after it has answered once. Where there is nothing to look at the collector can't doubt its uplink.
"""

import asyncio
import socket
from pathlib import Path
from typing import TypeAlias

from opspact.probes.icmp.errors import Overloaded, Unavailable
from opspact.probes.icmp.pinger import current
from opspact.probes.net import is_local, resolve

_WITHIN_S = 1.0

Witness: TypeAlias = tuple[str, int | None]
"""A host and a TCP port to connect to, or None to ping it."""


class Uplink:
    """The witnesses of one collector."""

    def __init__(self, witnesses: tuple[Witness, ...], routes: Path = Path("/proc/net/route")) -> None:
        """``witnesses`` on this machine itself are left out: they answer without any network."""
        self._witnesses = tuple(one for one in witnesses if not is_local(one[0]))
        self._routes = routes
        self._gateway_answers = False

    async def look(self) -> bool | None:
        """Whether any witness answers within a second; None when there is none."""
        gateway = default_gateway(self._routes)
        if gateway is not None and await _pings(gateway):
            self._gateway_answers = True
            return True
        if any(await asyncio.gather(*map(_answers, self._witnesses))):
            return True
        return False if self._witnesses or self._gateway_answers else None


def default_gateway(routes: Path) -> str | None:
    """The IPv4 default gateway out of ``/proc/net/route`` (proc(5)), None without one."""
    try:
        lines = routes.read_text().splitlines()[1:]
    except OSError:
        return None
    for fields in map(str.split, lines):
        # Iface Destination Gateway Flags RefCnt Use Metric Mask …; RTF_UP and RTF_GATEWAY are 1 and 2.
        if len(fields) > 7 and fields[1] == fields[7] == "00000000" and int(fields[3], 16) & 3 == 3:
            return socket.inet_ntoa(int(fields[2], 16).to_bytes(4, "little"))
    return None


async def _answers(witness: Witness) -> bool:
    host, port = witness
    return await (_pings(host) if port is None else _connects(host, port))


async def _pings(host: str) -> bool:
    try:
        async with asyncio.timeout(_WITHIN_S):
            trips = await current().echo(await resolve(host), count=1, within_s=_WITHIN_S)
    except (OSError, Unavailable, Overloaded):
        return False
    return any(trip is not None for trip in trips)


async def _connects(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_WITHIN_S):
            _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    writer.transport.abort()
    return True
