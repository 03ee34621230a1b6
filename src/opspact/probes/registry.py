"""The kinds of checks, by name. A new kind is one file under ``kinds/`` and one line here."""

import asyncio

from pydantic import ValidationError

from opspact.probes.kind import Kind, Outcome, down, unknown
from opspact.probes.kinds import http, icmp, tcp, tls
from opspact.probes.wire import Assignment

KINDS: dict[str, Kind] = {kind.name: kind for kind in (icmp.KIND, tcp.KIND, http.KIND, tls.KIND)}


async def probe(assignment: Assignment) -> Outcome:
    """Run a check's probe within its time limit. It never raises: what can't be asked is unknown, and says why."""
    kind = KINDS.get(assignment.kind)
    if kind is None:
        return unknown("kind", assignment.kind)
    try:
        async with asyncio.timeout(assignment.timeout_s):
            return await kind.probe(assignment)
    except TimeoutError:
        return down("timeout")
    except ValidationError as error:
        return unknown("settings", error.errors()[0]["msg"])
    except Exception as error:  # a fault of the probe's code is the collector's, never the target's
        return unknown("internal", repr(error))
