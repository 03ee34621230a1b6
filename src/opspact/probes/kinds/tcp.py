"""TCP: the port accepts a connection; the value is the time that took, name resolution included."""

import asyncio
from time import perf_counter

from pydantic import Field

from opspact.core.words import N_
from opspact.probes.addresses import parse_host_port, split_host_port
from opspact.probes.kind import Kind, Outcome, Settings, degraded
from opspact.probes.net import failure
from opspact.probes.wire import Assignment


class TcpSettings(Settings):
    """What can be set for a TCP check."""

    warn_ms: float | None = Field(default=None, gt=0, le=300_000, description=N_("Degraded above this many ms"))


async def probe(assignment: Assignment) -> Outcome:
    """Connect, and close at once."""
    settings = TcpSettings.model_validate(assignment.settings)
    host, port = split_host_port(assignment.address)
    started = perf_counter()
    try:
        _, writer = await asyncio.open_connection(host, port, happy_eyeballs_delay=0.25)
    except OSError as error:
        return failure(error)
    took = round((perf_counter() - started) * 1_000, 3)
    writer.transport.abort()
    if settings.warn_ms is not None and took > settings.warn_ms:
        return degraded("slow", round(took), value=took, unit="ms")
    return Outcome("up", took, "ms")


KIND = Kind(
    name="tcp",
    label=N_("TCP port"),
    address_help=N_("host:port, such as 192.0.2.10:443 or [2001:db8::1]:22"),
    unit="ms",
    settings=TcpSettings,
    parse_address=parse_host_port,
    host=lambda address: split_host_port(address)[0],
    probe=probe,
)
