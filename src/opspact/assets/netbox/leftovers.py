"""What an export holds and the ledgers do not take: counted, so that nobody believes it was brought in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from opspact.assets.netbox.devices import LIFECYCLE
from opspact.assets.netbox.export import Export
from opspact.assets.netbox.objects import Thing, choice, part, whole
from opspact.assets.netbox.space import STATE, USE
from opspact.core.inputs import Wrong
from opspact.core.words import N_

_TECHNICAL = (
    "id url display display_url display_name created last_updated family children config_context face name slug "
    "description comments tenant status"
)
TAKEN = {
    "devices": "device_type role device_role serial asset_tag site location rack position primary_ip primary_ip4 "
    "primary_ip6 oob_ip",
    "device-types": "manufacturer model u_height",
    "racks": "site location u_height",
    "locations": "site",
    "interfaces": "device mac_address primary_mac_address mac_addresses name",
    "vlans": "site group vid",
    "vlan-groups": "scope_type scope_id scope min_vid max_vid vid_ranges total_vlan_ids utilization",
    "vrfs": "rd enforce_unique",
    "prefixes": "prefix site scope_type scope_id scope vrf vlan is_pool",
    "ip-ranges": "start_address end_address size vrf role",
    "ip-addresses": "address vrf role assigned_object_type assigned_object_id assigned_object dns_name",
    "providers": "noc_contact",
    "circuits": "cid provider install_date termination_date commit_rate termination_a termination_z",
    "circuit-terminations": "circuit term_side site provider_network termination_type termination_id termination "
    "port_speed",
}
_STATES = {"devices": LIFECYCLE, "prefixes": USE, "ip-addresses": STATE, "circuits": {"active": ""}}


def left_out(export: Export) -> list[Wrong]:
    """A remark for each kind of object: which of its fields, and how often; and for kinds that no ledger has."""
    found = []
    for kind, things in sorted(export.objects.items()):
        counts = Counter(name for thing in things for name in _unused(kind, thing))
        if counts:
            listed = "、".join(f"{name} ×{n}" for name, n in sorted(counts.items()))
            found.append(Wrong(N_("not brought in of %(kind)s: %(fields)s"), kind=kind, fields=listed))
    if export.others:
        listed = "、".join(f"{name} ×{n}" for name, n in sorted(export.others.items()))
        found.append(Wrong(N_("not brought in, for they belong to no ledger here: %(kinds)s"), kinds=listed))
    return found


def _unused(kind: str, thing: Thing) -> Iterator[str]:
    used = {*_TECHNICAL.split(), *TAKEN[kind].split()}
    for name, value in thing.items():
        if name == "custom_fields" and isinstance(value, dict):
            yield from (f"custom_fields.{each}" for each, said in value.items() if _says(said))
        elif name not in used and not name.startswith("_") and not name.endswith("_count") and _says(value):
            yield name
    if (states := _STATES.get(kind)) is not None and (state := choice(thing, "status")) and state not in states:
        yield f"status={state}"
    if kind == "devices" and thing.get("position") is not None and not whole(thing, "position"):
        yield f"position={thing['position']}"
    if part(thing, "assigned_object") and not part(part(thing, "assigned_object"), "device"):
        yield f"assigned_object ({thing.get('assigned_object_type')})"


def _says(value: Any) -> bool:
    """Whether a value says something beyond its field's default."""
    is_default = isinstance(value, dict) and value.get("value") in ("", None) and "value" in value
    return value not in (None, "", False, 0, [], {}) and not is_default
