"""What each NetBox object becomes: rows for the ledgers, in the order they must be filled."""

from __future__ import annotations

from collections.abc import Iterable

from opspact.assets.netbox.circuits import Circuits
from opspact.assets.netbox.devices import Devices
from opspact.assets.netbox.export import Export
from opspact.assets.netbox.here import Here
from opspact.assets.netbox.objects import Row
from opspact.assets.netbox.space import Space

Rows = dict[str, list[Row]]
"""By the short name of their ledger."""
THEIRS = {
    "category": {"code": "role.slug", "name": "role.name"},
    "makemodel": {"code": "device_type.slug", "make": "device_type.manufacturer", "name": "device_type.model",
                  "units": "device_type.u_height"},
    "room": {"code": "slug", "site": "site"},
    "rack": {"code": "name", "room": "location", "units": "u_height"},
    "asset": {"code": "asset_tag", "category": "role", "model": "device_type", "serial_no": "serial",
              "mgmt_ip": "primary_ip", "room": "location", "u_pos": "position", "lifecycle": "status",
              "department": "tenant", "remark": "comments"},
    "vrf": {"code": "name", "remark": "rd"},
    "vlan": {"remark": "description"},
    "prefix": {"use": "status", "purpose": "description", "remark": "comments"},
    "addressrange": {"first": "start_address", "last": "end_address", "purpose": "description"},
    "ipaddress": {"ip": "address", "state": "status", "name": "dns_name", "asset": "assigned_object",
                  "mac": "mac_address", "department": "tenant", "purpose": "description"},
    "carrier": {"code": "slug"},
    "circuit": {"code": "id", "name": "description", "carrier": "provider", "circuit_no": "cid",
                "a_end": "termination_a", "a_site": "termination_a.site", "z_end": "termination_z",
                "z_site": "termination_z.site", "bandwidth_mbps": "commit_rate", "opened_on": "install_date",
                "closed_on": "termination_date"},
}  # fmt: skip
"""By ledger and field, what NetBox calls it, where it is called otherwise there."""


def rows_of(export: Export, here: Here) -> Rows:
    """Rows for each ledger; what devices name (categories, models, rooms, racks) comes before the devices."""
    devices, lines = Devices(export, here), Circuits(export, here)
    space = Space(export, devices)
    return {
        "category": _unique(devices.categories()),
        "makemodel": _unique(devices.models()),
        "room": _unique(devices.room_rows()),
        "rack": _unique(devices.rack_rows()),
        "asset": list(devices.assets()),
        "vrf": list(space.vrf_rows()),
        "vlan": list(space.vlan_rows()),
        "prefix": list(space.prefix_rows()),
        "addressrange": list(space.range_rows()),
        "ipaddress": list(space.address_rows()),
        "carrier": list(lines.carriers()),
        "circuit": list(lines.rows()),
    }


def theirs(ledger: str, field: str) -> str:
    return THEIRS.get(ledger, {}).get(field, field)


def _unique(rows: Iterable[Row]) -> list[Row]:
    """Each code once; the first that says anything of it wins."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.code, row)
    return list(found.values())
