"""Address space: routing domains, VLANs, prefixes, ranges, addresses."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from opspact.assets.netbox.devices import Devices
from opspact.assets.netbox.export import Export
from opspact.assets.netbox.objects import (
    NOTHING,
    Row,
    Thing,
    choice,
    codes,
    host,
    known,
    number_of,
    part,
    source_of,
    text,
    whole,
)

USE = {"container": "container", "active": "active", "reserved": "reserved", "deprecated": "retired"}
STATE = {
    "active": "assigned",
    "reserved": "reserved",
    "deprecated": "released",
    "dhcp": "reserved",
    "slaac": "reserved",
}
VRF_CODE = 16


class Space:
    """The address space of an export. Whoever has an address is looked for among its devices."""

    def __init__(self, export: Export, devices: Devices) -> None:
        self.devices, self.here = devices, devices.here
        self.vlans, self.groups, self.prefixes, self.ranges, self.addresses = (
            known(kind, export.of(kind), export.remarks)
            for kind in ("vlans", "vlan-groups", "prefixes", "ip-ranges", "ip-addresses")
        )
        self.locations = {number_of(each): each for each in export.of("locations")}
        self.cards = {number_of(each): each for each in export.of("interfaces")}
        self.vrfs = {number_of(each): each for each in known("vrfs", export.of("vrfs"), export.remarks)}
        for holder in [*self.prefixes, *self.ranges, *self.addresses]:
            if vrf := part(holder, "vrf"):
                self.vrfs.setdefault(number_of(vrf), vrf)
        self.vrf_codes = codes(
            {key: [text(vrf, "name"), text(vrf, "rd"), f"NB-{key}"] for key, vrf in self.vrfs.items()},
            VRF_CODE,
            titles={key: text(vrf, "name") for key, vrf in self.vrfs.items()},
            met=self.here.called("vrf"),
        )
        self.group_sites = {number_of(each): self._scope_site(each) for each in self.groups}
        self.vlan_codes = {number_of(each): self._vlan_code(each) for each in self.vlans}
        self.nets: dict[str, list[Any]] = defaultdict(list)
        for each in self.prefixes:
            try:
                self.nets[self.vrf_of(each)].append(ipaddress.ip_network(text(each, "prefix")))
            except ValueError:
                continue

    def vrf_rows(self) -> Iterator[Row]:
        for key, vrf in self.vrfs.items():
            values = {
                "code": self.vrf_codes[key],
                "name": text(vrf, "name", 60),
                "remark": "\n".join(filter(None, (text(vrf, "rd"), text(vrf, "description")))),
            }
            yield Row(values, source_of("vrfs", vrf))

    def vlan_rows(self) -> Iterator[Row]:
        for vlan in self.vlans:
            values = {
                "vid": whole(vlan, "vid"),
                "name": text(vlan, "name", 60),
                "site": self._vlan_site(vlan) or text(part(vlan, "site"), "slug"),
                "remark": text(vlan, "description"),
            }
            yield Row(values, source_of("vlans", vlan))

    def prefix_rows(self) -> Iterator[Row]:
        for prefix in self.prefixes:
            vlan = part(prefix, "vlan")
            values = {
                "prefix": text(prefix, "prefix"),
                "vrf": self.vrf_of(prefix),
                "vlan": self.vlan_codes.get(number_of(vlan), whole(vlan, "vid")),
                "use": USE.get(choice(prefix, "status"), ""),
                "site": self.here.site(self._site(prefix)),
                "purpose": text(prefix, "description", 120),
                "is_pool": "yes" if prefix.get("is_pool") else "no",
                "remark": text(prefix, "comments"),
            }
            yield Row(values, source_of("prefixes", prefix))

    def range_rows(self) -> Iterator[Row]:
        for kept in self.ranges:
            first, vrf = host(text(kept, "start_address")), self.vrf_of(kept)
            values = {
                "first": first,
                "last": host(text(kept, "end_address")),
                "prefix": self._narrowest(first, vrf),
                "purpose": text(kept, "description", 120) or text(part(kept, "role"), "name"),
                "remark": text(kept, "comments"),
            }
            yield Row(values, source_of("ip-ranges", kept))

    def address_rows(self) -> Iterator[Row]:
        for address in self.addresses:
            card = part(address, "assigned_object")
            device = part(card, "device")
            values = {
                "ip": host(text(address, "address")),
                "vrf": self.vrf_of(address),
                "state": STATE.get(choice(address, "status"), ""),
                "name": text(address, "dns_name", 120) or text(part(card, "virtual_machine"), "name"),
                "asset": self.devices.codes.get(number_of(device), ""),
                "mac": self._mac(address),
                "department": text(part(address, "tenant"), "name", 60),
                "purpose": text(address, "description", 120) or choice(address, "role"),
                "remark": text(address, "comments"),
            }
            yield Row(values, source_of("ip-addresses", address))

    def vrf_of(self, holder: Thing) -> str:
        return self.vrf_codes.get(number_of(part(holder, "vrf")), "")

    def _vlan_site(self, vlan: Thing) -> str:
        site = part(vlan, "site")
        return self.here.site(site) if site else self.group_sites.get(number_of(part(vlan, "group")), "")

    def _vlan_code(self, vlan: Thing) -> str:
        """As the ledger will name it, so that prefixes find it."""
        site, vid = self._vlan_site(vlan), whole(vlan, "vid")
        return f"{site}-{vid}" if site else vid

    def _site(self, prefix: Thing) -> Thing:
        """`site` up to version 4.1; since then a scope, which may be a site or a location of one."""
        if site := part(prefix, "site"):
            return site
        scope = part(prefix, "scope")
        if text(prefix, "scope_type") == "dcim.location":
            return part(self.locations.get(number_of(scope), NOTHING), "site")
        return scope if text(prefix, "scope_type") == "dcim.site" else NOTHING

    def _scope_site(self, group: Thing) -> str:
        return self.here.site(part(group, "scope")) if text(group, "scope_type") == "dcim.site" else ""

    def _mac(self, address: Thing) -> str:
        if text(address, "assigned_object_type") != "dcim.interface":
            return ""
        card = self.cards.get(number_of(part(address, "assigned_object")), NOTHING)
        return text(card, "mac_address") or text(part(card, "primary_mac_address"), "mac_address")

    def _narrowest(self, first: str, vrf: str) -> str:
        """The code of the prefix of the export that a range lies in; the ledger finds it only in the common domain."""
        try:
            ip = ipaddress.ip_address(first)
        except ValueError:
            return ""
        holding = [net for net in self.nets[vrf] if net.version == ip.version and ip in net]
        found = max(holding, key=lambda net: net.prefixlen, default=None)
        return "" if found is None else f"{found}@{vrf}" if vrf else str(found)
