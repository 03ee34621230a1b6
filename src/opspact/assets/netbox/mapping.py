"""What each NetBox object becomes, as texts by field of a ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from opspact.assets.netbox.export import Export

Row = dict[str, str]
Rows = dict[str, list[Row]]
"""Rows by the short name of their ledger, in the order the ledgers must be filled."""

_LIFECYCLE = {
    "active": "in_use",
    "offline": "idle",
    "planned": "in_store",
    "staged": "in_store",
    "failed": "repair",
    "inventory": "in_store",
    "decommissioning": "idle",
}
_USE = {"container": "container", "active": "active", "reserved": "reserved", "deprecated": "retired"}
_ADDRESS = {"active": "assigned", "reserved": "reserved", "deprecated": "released", "dhcp": "reserved"}


def rows_of(export: Export) -> Rows:
    """Rows for each ledger; what devices name (categories, models, rooms, racks) comes before the devices."""
    devices = export.get("devices", [])
    racks = [*export.get("racks", []), *(device["rack"] for device in devices if device.get("rack"))]
    return {
        "category": _unique(_category(device) for device in devices),
        "makemodel": _unique(_make_model(device) for device in devices),
        "room": _unique(_room(each) for each in [*devices, *export.get("racks", [])]),
        "rack": _unique(_rack(rack, devices) for rack in racks),
        "asset": _unique(_asset(device) for device in devices),
        "vrf": _unique([*map(_vrf, export.get("vrfs", [])), *_vrfs_named(export)]),
        "vlan": [_vlan(each) for each in export.get("vlans", [])],
        "prefix": [_prefix(each) for each in export.get("prefixes", [])],
        "ipaddress": [_address(each, devices) for each in export.get("ip-addresses", [])],
        "carrier": _unique(_carrier(each) for each in export.get("circuits", [])),
        "circuit": _unique(_circuit(each) for each in export.get("circuits", [])),
    }


def _unique(rows: Iterable[Row | None]) -> list[Row]:
    """Each code once; the first that says anything of it wins."""
    found: dict[str, Row] = {}
    for row in rows:
        if row is not None:
            found.setdefault(row["code"], row)
    return list(found.values())


def _category(device: Mapping[str, Any]) -> Row | None:
    role = device.get("role") or device.get("device_role")
    return {"code": _code(role), "name": _text(role, "name")} if role else None


def _make_model(device: Mapping[str, Any]) -> Row | None:
    model = device.get("device_type")
    if not model:
        return None
    return {
        "code": _code(model),
        "make": _text(model.get("manufacturer"), "name") or "-",
        "name": _text(model, "model"),
        "units": _number(model.get("u_height")),
    }


def _room(holder: Mapping[str, Any]) -> Row | None:
    """A location; where there is none, the site's only room stands in for it."""
    place = holder.get("location") or (holder.get("site") if holder.get("rack") else None)
    if not place:
        return None
    return {"code": _code(place), "name": _text(place, "name"), "site": _text(holder.get("site"), "slug").upper()}


def _rack(rack: Mapping[str, Any], devices: Iterable[Mapping[str, Any]]) -> Row:
    holder = (
        rack if rack.get("site") else _first(devices, lambda it: (it.get("rack") or {}).get("id") == rack.get("id"))
    )
    room = _room({**holder, "rack": rack})
    return {
        "code": _code(rack),
        "name": _text(rack, "name"),
        "room": room["code"] if room else "",
        "units": _number(rack.get("u_height")) or "42",
    }


def _asset(device: Mapping[str, Any]) -> Row:
    rack, model = device.get("rack"), device.get("device_type")
    room = _room(device)
    return {
        "code": str(device.get("asset_tag") or f"NB-{device['id']}"),
        "name": str(device.get("name") or device.get("display") or f"NB-{device['id']}"),
        "category": _code(device.get("role") or device.get("device_role")),
        "model": _code(model),
        "serial_no": str(device.get("serial") or ""),
        "mgmt_ip": str((device.get("primary_ip") or {}).get("address") or "").split("/")[0],
        "room": room["code"] if room else "",
        "rack": _code(rack) if rack else "",
        "u_pos": _number(device.get("position")),
        "face": _value(device.get("face")) or "both",
        "lifecycle": _LIFECYCLE.get(_value(device.get("status")), "in_use"),
        "department": _text(device.get("tenant"), "name"),
        "remark": str(device.get("comments") or device.get("description") or ""),
    }


def _vrfs_named(export: Export) -> Iterator[Row]:
    for each in [*export.get("prefixes", []), *export.get("ip-addresses", [])]:
        if each.get("vrf"):
            yield _vrf(each["vrf"])


def _vrf(vrf: Mapping[str, Any]) -> Row:
    return {"code": _code(vrf), "name": _text(vrf, "name")}


def _vlan(vlan: Mapping[str, Any]) -> Row:
    return {"vid": str(vlan["vid"]), "name": _text(vlan, "name"), "remark": _text(vlan, "description")}


def _prefix(prefix: Mapping[str, Any]) -> Row:
    vlan = prefix.get("vlan")
    return {
        "prefix": str(prefix["prefix"]),
        "vrf": _code(prefix["vrf"]) if prefix.get("vrf") else "",
        "vlan": str(vlan["vid"]) if vlan else "",
        "use": _USE.get(_value(prefix.get("status")), "active"),
        "purpose": str(prefix.get("description") or "")[:120],
        "is_pool": "yes" if prefix.get("is_pool") else "no",
    }


def _address(address: Mapping[str, Any], devices: Iterable[Mapping[str, Any]]) -> Row:
    holder = (address.get("assigned_object") or {}).get("device") or {}
    device = _first(devices, lambda it: it["id"] == holder.get("id")) if holder else {}
    return {
        "ip": str(address["address"]).split("/")[0],
        "vrf": _code(address["vrf"]) if address.get("vrf") else "",
        "state": _ADDRESS.get(_value(address.get("status")), "assigned"),
        "name": str(address.get("dns_name") or ""),
        "asset": _asset(device)["code"] if device else "",
        "purpose": str(address.get("description") or "")[:120],
    }


def _carrier(circuit: Mapping[str, Any]) -> Row | None:
    provider = circuit.get("provider")
    return {"code": _code(provider), "name": _text(provider, "name")} if provider else None


def _circuit(circuit: Mapping[str, Any]) -> Row:
    ends = [circuit.get("termination_a") or {}, circuit.get("termination_z") or {}]
    a, z = (_text(end.get("site") or end.get("termination"), "name") for end in ends)
    rate = circuit.get("commit_rate")
    return {
        "code": f"NB-{circuit['id']}",
        "name": str(circuit.get("description") or circuit["cid"])[:120],
        "carrier": _code(circuit["provider"]) if circuit.get("provider") else "",
        "circuit_no": str(circuit["cid"]),
        "a_end": a,
        "z_end": z,
        "bandwidth_mbps": f"{rate / 1000:g}" if isinstance(rate, int | float) else "",
        "opened_on": str(circuit.get("install_date") or ""),
        "closed_on": str(circuit.get("termination_date") or ""),
    }


def _first(objects: Iterable[Mapping[str, Any]], holds: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
    return next((each for each in objects if holds(each)), {})


def _code(thing: Mapping[str, Any] | None) -> str:
    """A code from a slug or a name; NetBox's id where neither has a letter or digit that a code may have."""
    if not thing:
        return ""
    text = str(thing.get("slug") or thing.get("name") or thing.get("model") or "")
    bare = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-").upper()
    return (bare or f"NB-{thing.get('id')}")[:60]


def _text(thing: Mapping[str, Any] | None, name: str) -> str:
    return str((thing or {}).get(name) or "")


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and value == int(value) else ""


def _value(choice: Any) -> str:
    return str(choice.get("value") or "") if isinstance(choice, dict) else str(choice or "")
