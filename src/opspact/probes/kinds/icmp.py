"""ICMP: the host answers echo requests; the value is the mean round trip of the answers.

All packets lost is asked once more before it is believed: full buffers and busy control planes lose packets too.
"""

from pydantic import Field

from opspact.core.words import N_
from opspact.probes.addresses import parse_host
from opspact.probes.kind import Kind, Outcome, Settings, degraded, down, unknown
from opspact.probes.net import failure, resolve
from opspact.probes.wire import Assignment


class IcmpSettings(Settings):
    """What can be set for an ICMP check."""

    count: int = Field(default=3, ge=1, le=10, description=N_("Packets a probe"))
    warn_rtt_ms: float | None = Field(default=None, gt=0, le=10_000, description=N_("Degraded above this many ms"))
    warn_loss_percent: float | None = Field(
        default=None, ge=0, lt=100, description=N_("Degraded above this loss in percent")
    )


async def probe(assignment: Assignment) -> Outcome:
    """Send the packets, and once more when none came back, within the assignment's time limit."""
    # Imported here: servers read the registry too, and never send a packet.
    from opspact.probes.icmp.errors import Overloaded, Unavailable
    from opspact.probes.icmp.pinger import current

    settings = IcmpSettings.model_validate(assignment.settings)
    try:
        address = await resolve(assignment.address)
        trips = await current().echo(address, count=settings.count, within_s=assignment.timeout_s)
    except OSError as error:
        return failure(error)
    except Unavailable as error:
        return unknown("icmp", error)
    except Overloaded:
        return unknown("capacity")
    return judge(trips, settings)


def judge(trips: list[float | None], settings: IcmpSettings) -> Outcome:
    """The outcome of round trips in ms, None for a packet without an answer."""
    answered = [trip for trip in trips if trip is not None]
    if not answered:
        return down("no_reply", len(trips))
    rtt = round(sum(answered) / len(answered), 3)
    loss = 100 * (len(trips) - len(answered)) / len(trips)
    if settings.warn_loss_percent is not None and loss > settings.warn_loss_percent:
        return degraded("loss", f"{loss:.0f}", value=rtt, unit="ms")
    if settings.warn_rtt_ms is not None and rtt > settings.warn_rtt_ms:
        return degraded("slow", round(rtt), value=rtt, unit="ms")
    return Outcome("up", rtt, "ms")


KIND = Kind(
    name="icmp",
    label=N_("Ping (ICMP)"),
    address_help=N_("Host name, IPv4 or IPv6 address"),
    unit="ms",
    settings=IcmpSettings,
    parse_address=parse_host,
    host=lambda address: address,
    probe=probe,
)
