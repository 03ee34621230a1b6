"""Telling the server every ten seconds that the collector lives, and how well it sees."""

import asyncio
from contextlib import suppress

import httpx

from opspact import __version__
from opspact.collector.clock import wall_us
from opspact.collector.doubt import Doubt
from opspact.collector.runner import Runner
from opspact.collector.server import Server
from opspact.collector.store import Store
from opspact.probes.icmp.pinger import current
from opspact.probes.wire import Heartbeat

PATH = "/collector/v1/heartbeat"
_FIRST_S = 1.0
_EVERY_S = 10.0


async def beat(store: Store, server: Server, runner: Runner, doubt: Doubt) -> None:
    """Send a heartbeat every ten seconds, for ever. A lost one is not repeated: the next says more."""
    first = True
    while True:
        # The first one waits for the assignments to come in.
        await asyncio.sleep(_FIRST_S if first else _EVERY_S)
        first = False
        heartbeat = Heartbeat(
            at=wall_us(),
            lag_ms=round(doubt.take_worst_lag() * 1_000, 3),
            spool_rows=store.rows,
            uplink=doubt.uplink,
            icmp=await current().report(),
            version=__version__,
            checks=runner.checks,
        )
        with suppress(httpx.HTTPError):  # shipping says when the server is away
            await server.post(PATH, heartbeat)
