"""Bringing in what was seen, and settling with it what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from opspact.assets.actions.ipam import GIVEN_BACK
from opspact.assets.ipam import seen
from opspact.assets.ipam.tables import Seen
from opspact.assets.ledgers.ipam import ADDRESSES
from opspact.assets.models import IpAddress, Prefix, Sighting, Vrf
from opspact.field.models import Collector, Sweep
from opspact.field.sweeps import Hours, request_sweep
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import assign, write

State = IpAddress.State
SCOPE = "assets.vrf:"
"""What a sweep of ours says of itself, with the key of the routing domain behind it."""
SWEEP = "sweep"
_KEEP = """
INSERT INTO assets_sighting (contract_id, vrf_id, ip, mac, source, device, port, first_at, last_at)
SELECT DISTINCT ON (ip) %(contract)s, %(vrf)s::bigint, ip, mac, %(source)s, device, port, %(at)s, %(at)s
FROM unnest(%(ips)s::inet[], %(macs)s::text[], %(devices)s::text[], %(ports)s::text[]) AS rows(ip, mac, device, port)
ORDER BY ip, mac DESC
ON CONFLICT ON CONSTRAINT sighting_once DO UPDATE SET last_at = greatest(assets_sighting.last_at, excluded.last_at),
    mac = coalesce(nullif(excluded.mac, ''), assets_sighting.mac),
    device = coalesce(nullif(excluded.device, ''), assets_sighting.device),
    port = coalesce(nullif(excluded.port, ''), assets_sighting.port)
RETURNING (xmax = 0)
"""
_PORTS = """
UPDATE assets_sighting SET device = rows.device, port = rows.port, last_at = greatest(last_at, %(at)s)
FROM unnest(%(macs)s::text[], %(devices)s::text[], %(ports)s::text[]) AS rows(mac, device, port)
WHERE contract_id = %(contract)s AND assets_sighting.mac = rows.mac
"""


@action("assets.sighting.take")
def take_seen(
    caller: Caller, contract: Any, rows: Sequence[Seen], *, source: str, vrf: Vrf | None = None, device: str = ""
) -> dict[str, int]:
    """Keep what a table or a sweep says; how many addresses, new ones among them, and ports of cards.

    Lines without an address say at which port a card is: that is kept with the addresses the card was seen at.
    """
    addresses, cards = [row for row in rows if row.ip], [row for row in rows if not row.ip and row.port]
    common = {"contract": contract.pk, "vrf": vrf.pk if vrf else None, "source": source[:60], "at": caller.now}
    new = ports = 0
    with connection.cursor() as cursor:
        if addresses:
            cursor.execute(_KEEP, {**common, "ips": [row.ip for row in addresses], **_columns(addresses, device)})
            new = sum(is_new for (is_new,) in cursor)
        if cards:
            cursor.execute(_PORTS, {**common, **_columns(cards, device)})
            ports = cursor.rowcount
    done = {"addresses": len({row.ip for row in addresses}), "new": new, "ports": ports}
    caller.note(source=source, **done)
    return done


def sweep_prefix(
    caller: Caller,
    prefix: Prefix,
    *,
    collector: Collector,
    reference: str = "",
    per_second: int = 50,
    hours: Hours | None = None,
) -> Sweep:
    """Ask for a sweep of a prefix (see `field.sweeps.request_sweep`); what answers is kept as seen in its domain."""
    options = {"collector": collector, "reference": reference, "per_second": per_second, "hours": hours}
    scope = f"{SCOPE}{prefix.vrf_id or ''}"
    return request_sweep(caller, prefix.contract, [str(prefix.prefix)], scope=scope, **options)


def hear_sweep(caller: Caller, sweep: Sweep, addresses: list[str]) -> None:
    """Keep what answered a sweep of ours; called by `field.sweeps`."""
    if not sweep.scope.startswith(SCOPE):
        return
    key = sweep.scope.removeprefix(SCOPE)
    vrf = Vrf.objects.filter(contract=sweep.contract, pk=key).first() if key else None
    take_seen(caller, sweep.contract, [Seen(ip) for ip in addresses], source=SWEEP, vrf=vrf)


@action("assets.ipaddress.edit")
def register_seen(
    caller: Caller, contract: Any, sightings: Sequence[Sighting], values: Mapping[str, Any], reason: str = ""
) -> int:
    """Write seen addresses into the ledger as assigned, with their cards; how many. Raises RecordRefused."""
    fields = ADDRESSES.bound_fields(contract)
    known = seen.written(contract, list(sightings))
    pending = []
    for sighting in sightings:
        given = {**values, "state": State.ASSIGNED, **({"mac": sighting.mac} if sighting.mac else {})}
        record = known.get((sighting.vrf_id, str(sighting.ip)))
        if record is None:
            new = IpAddress(contract=contract, vrf=sighting.vrf)
            pending.append(assign(fields, new, {"ip": str(sighting.ip), "vrf": sighting.vrf, **given}))
        elif record.state == State.RELEASED:
            record.assigned_on = None
            pending.append(assign(fields, record, {**GIVEN_BACK, **given}))
    write(caller, ADDRESSES, contract, pending, reason)
    caller.note(addresses=[str(each.record) for each in pending][:50])
    return len(pending)


@action("assets.ipaddress.edit")
def believe_macs(caller: Caller, contract: Any, sightings: Sequence[Sighting], reason: str = "") -> int:
    """Write the hardware addresses that were seen; how many records changed."""
    fields = ADDRESSES.bound_fields(contract)
    known = seen.written(contract, list(sightings))
    pending = []
    for sighting in sightings:
        record = known.get((sighting.vrf_id, str(sighting.ip)))
        if record is not None and sighting.mac:
            pending.append(assign(fields, record, {"mac": sighting.mac}))
    write(caller, ADDRESSES, contract, pending, reason)
    done = [str(each.record) for each in pending if each.texts]
    caller.note(addresses=done[:50])
    return len(done)


def _columns(rows: Sequence[Seen], device: str) -> dict[str, list[str]]:
    return {
        "macs": [row.mac for row in rows],
        "devices": [row.device or device for row in rows],
        "ports": [row.port for row in rows],
    }
