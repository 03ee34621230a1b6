"""Objects in the shapes that NetBox's REST API gives them: 3.5 (`v3`) and 4.2 (`v4`), as its serializers define them.

What differs: `device_role` became `role`; `family` of nested addresses became a choice; a prefix's `site` and a
circuit end's `site` became `scope` and `termination`; interfaces got `primary_mac_address`; `display_url` came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

HOST = "https://netbox.example.org"
Thing = dict[str, Any]


def at(path: str, key: int) -> Thing:
    return {"id": key, "url": f"{HOST}/api/{path}/{key}/"}


def brief(path: str, key: int, version: str, display: str, **more: Any) -> Thing:
    """As an object stands in another one. Version 4 adds a description."""
    return {**at(path, key), "display": display, **more, **({"description": ""} if version == "v4" else {})}


def whole(path: str, key: int, version: str, display: str, **more: Any) -> Thing:
    added = {"display_url": f"{HOST}/{path}/{key}/"} if version == "v4" else {}
    ends = {"tags": [], "custom_fields": {}, "created": "2023-01-02T03:04:05.000000Z"}
    return {**at(path, key), **added, "display": display, **ends, "last_updated": "2024-05-06T07:08:09.000000Z", **more}


def choice(value: Any, label: str = "") -> Thing:
    return {"value": value, "label": label or str(value).title()}


def site(key: int, version: str, name: str, slug: str) -> Thing:
    return brief("dcim/sites", key, version, name, name=name, slug=slug)


def nested_ip(key: int, version: str, address: str) -> Thing:
    family = choice(4, "IPv4") if version == "v4" else 4
    return brief("ipam/ip-addresses", key, version, address, family=family, address=address)


def device(key: int, version: str, name: str | None, **more: Any) -> Thing:
    role = brief("dcim/device-roles", 2, version, "Core switch", name="核心交换机", slug="core-switch")
    maker = brief("dcim/manufacturers", 1, version, "华为", name="华为", slug="huawei")
    kind = brief("dcim/device-types", 3, version, "S5720-28P", manufacturer=maker, model="S5720-28P", slug="s5720-28p")
    hq = site(1, version, "指挥中心", "hq")
    own = {
        "name": name,
        "device_type": kind,
        **({"role": role} if version == "v4" else {"device_role": role}),
        "tenant": None,
        "platform": None,
        "serial": "",
        "asset_tag": None,
        "site": hq,
        "location": brief("dcim/locations", 4, version, "一号机房", name="一号机房", slug="room-1", _depth=0),
        "rack": brief("dcim/racks", 5, version, "A01", name="A01"),
        "position": None,
        "face": choice("front"),
        "latitude": None,
        "longitude": None,
        "parent_device": None,
        "status": choice("active"),
        "airflow": None,
        "primary_ip": None,
        "primary_ip4": None,
        "primary_ip6": None,
        "oob_ip": None,
        "cluster": None,
        "virtual_chassis": None,
        "vc_position": None,
        "vc_priority": None,
        "description": "",
        "comments": "",
        "config_template": None,
        "config_context": {},
        "local_context_data": None,
        "interface_count": 28,
        "power_port_count": 2,
    }
    return whole("dcim/devices", key, version, name or f"S5720-28P ({key})", **(own | more))


def device_type(key: int, version: str, model: str, slug: str, u_height: float, maker: str = "华为") -> Thing:
    made = brief("dcim/manufacturers", 1, version, maker, name=maker, slug="huawei")
    own = {"manufacturer": made, "model": model, "slug": slug, "part_number": "", "u_height": u_height}
    rest = {"is_full_depth": True, "subdevice_role": None, "weight": None, "comments": "", "device_count": 3}
    return whole("dcim/device-types", key, version, model, **own, **rest)


def rack(key: int, version: str, name: str, where: Thing, location: Thing | None = None, u_height: int = 42) -> Thing:
    own = {"name": name, "facility_id": None, "site": where, "location": location, "tenant": None}
    rest = {"status": choice("active"), "role": None, "serial": "", "asset_tag": None, "width": choice(19, "19 inches")}
    more = {"u_height": u_height, "desc_units": False, "comments": "", "device_count": 0, "powerfeed_count": 0}
    return whole("dcim/racks", key, version, name, **own, **rest, **more)


def vrf(key: int, version: str, name: str, rd: str | None = None) -> Thing:
    return brief("ipam/vrfs", key, version, name, name=name, rd=rd, prefix_count=1)


def vlan(key: int, version: str, vid: int, name: str, where: Thing | None = None, **more: Any) -> Thing:
    own = {"site": where, "group": None, "vid": vid, "name": name, "tenant": None, "status": choice("active")}
    rest = {"role": None, "description": "", "comments": "", "l2vpn_termination": None, "prefix_count": 0}
    return whole("ipam/vlans", key, version, f"{name} ({vid})", **{**own, **rest, **more})


def nested_vlan(of: Thing, version: str) -> Thing:
    return brief("ipam/vlans", of["id"], version, of["display"], vid=of["vid"], name=of["name"])


def prefix(key: int, version: str, text: str, where: Thing | None = None, **more: Any) -> Thing:
    scope = {"scope_type": "dcim.site" if where else None, "scope_id": where["id"] if where else None, "scope": where}
    own = {
        "family": choice(4, "IPv4"),
        "prefix": text,
        **(scope if version == "v4" else {"site": where}),
        "vrf": None,
        "tenant": None,
        "vlan": None,
        "status": choice("active"),
        "role": None,
        "is_pool": False,
        "mark_utilized": False,
        "description": "",
        "comments": "",
        "children": 0,
        "_depth": 0,
    }
    return whole("ipam/prefixes", key, version, text, **(own | more))


def ip_range(key: int, version: str, first: str, last: str, **more: Any) -> Thing:
    own = {"family": choice(4, "IPv4"), "start_address": first, "end_address": last, "size": 51, "vrf": None}
    rest = {"tenant": None, "status": choice("active"), "role": None, "description": "", "comments": ""}
    return whole("ipam/ip-ranges", key, version, f"{first}-{last}", **{**own, **rest, "mark_utilized": False, **more})


def ip_address(key: int, version: str, address: str, on: Thing | None = None, **more: Any) -> Thing:
    own = {
        "family": choice(4, "IPv4"),
        "address": address,
        "vrf": None,
        "tenant": None,
        "status": choice("active"),
        "role": None,
        "assigned_object_type": "dcim.interface" if on else None,
        "assigned_object_id": 1000 + on["id"] if on else None,
        "assigned_object": nested_interface(on, version) if on else None,
        "nat_inside": None,
        "nat_outside": [],
        "dns_name": "",
        "description": "",
        "comments": "",
    }
    return whole("ipam/ip-addresses", key, version, address, **(own | more))


def nested_interface(of: Thing, version: str) -> Thing:
    holder = brief("dcim/devices", of["id"], version, of["display"], name=of["name"])
    key = 1000 + of["id"]
    return brief("dcim/interfaces", key, version, "Vlanif1", device=holder, name="Vlanif1", cable=None, _occupied=False)


def interface(of: Thing, version: str, mac: str) -> Thing:
    nested = nested_interface(of, version)
    own = {"device": nested["device"], "name": "Vlanif1", "type": choice("virtual"), "enabled": True}
    card = brief("dcim/mac-addresses", 1, version, mac, mac_address=mac)
    macs = {"mac_address": mac, **({"primary_mac_address": card, "mac_addresses": [card]} if version == "v4" else {})}
    return whole("dcim/interfaces", nested["id"], version, "Vlanif1", **own, **macs)


def circuit(key: int, version: str, cid: str, **more: Any) -> Thing:
    own = {
        "cid": cid,
        "provider": brief("circuits/providers", 1, version, "联通", name="联通", slug="unicom"),
        "provider_account": None,
        "type": brief("circuits/circuit-types", 1, version, "MSTP", name="MSTP", slug="mstp"),
        "status": choice("active"),
        "tenant": None,
        "install_date": "2022-07-06",
        "termination_date": None,
        "commit_rate": 100_000,
        "description": "",
        "termination_a": None,
        "termination_z": None,
        "comments": "",
    }
    return whole("circuits/circuits", key, version, cid, **(own | more))


def circuit_end(key: int, version: str, where: Thing) -> Thing:
    """As it stands in the circuit."""
    place = (
        {"termination_type": "dcim.site", "termination_id": where["id"], "termination": where}
        if version == "v4"
        else {"site": where, "provider_network": None}
    )
    speeds = {"port_speed": None, "upstream_speed": None, "xconnect_id": ""}
    return brief("circuits/circuit-terminations", key, version, f"端 {key}", **place, **speeds)


def termination(key: int, version: str, of: Thing, side: str, where: Thing, port_speed: int | None = None) -> Thing:
    """As the endpoint of terminations gives it."""
    inline = circuit_end(key, version, where)
    held = brief("circuits/circuits", of["id"], version, of["cid"], cid=of["cid"], provider=of["provider"])
    more = {"circuit": held, "term_side": side, "pp_info": "", "mark_connected": False, "cable": None, "cable_end": ""}
    rest = {name: value for name, value in inline.items() if name not in ("id", "url", "display")}
    own = rest | more | {"port_speed": port_speed}
    return whole("circuits/circuit-terminations", key, version, f"端 {key}", **own)


def pages(things: Iterable[Mapping[str, Any]], size: int = 50) -> list[Thing]:
    """The API's answers, one page after the other."""
    rows: Sequence[Any] = list(things)
    parts = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
    return [
        {
            "count": len(rows),
            "next": f"{HOST}/api/?limit={size}&offset={(number + 1) * size}" if number + 1 < len(parts) else None,
            "previous": f"{HOST}/api/?limit={size}&offset={(number - 1) * size}" if number else None,
            "results": part,
        }
        for number, part in enumerate(parts)
    ]
