"""Devices with what they name: category, make and model, machine room, rack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opspact.assets.netbox.export import Export
from opspact.assets.netbox.here import Here
from opspact.assets.netbox.objects import (
    NOTHING,
    Row,
    Source,
    Thing,
    choice,
    codes,
    host,
    known,
    number_of,
    part,
    source_of,
    text,
    title_of,
    whole,
)

LIFECYCLE = {
    "active": "in_use",
    "offline": "idle",
    "planned": "in_store",
    "staged": "in_store",
    "failed": "repair",
    "inventory": "in_store",
    "decommissioning": "idle",
}
Place = tuple[str, int]
"""What stands for a machine room: a location, or a site whose racks are in none."""


class Devices:
    """The devices of an export and the codes of everything they name. `remarks` of the export are added to."""

    def __init__(self, export: Export, here: Here) -> None:
        self.here = here
        self.things = known("devices", export.of("devices"), export.remarks)
        self.types = {
            number_of(each): each for each in known("device-types", export.of("device-types"), export.remarks)
        }
        self.racks = {number_of(each): each for each in known("racks", export.of("racks"), export.remarks)}
        self.rack_holders: dict[int, Thing] = dict(self.racks)
        for device in self.things:
            if rack := part(device, "rack"):
                self.rack_holders.setdefault(number_of(rack), {**device, **rack})
        self.codes = {number_of(each): self._asset_code(each) for each in self.things}
        self.category_codes = _coded(map(_role, self.things), here.called("category"))
        self.model_codes = _coded(map(self._type, self.things), here.called("makemodel"))
        self.rooms = dict(self._rooms())
        self.room_codes = codes(
            {
                place: [_slug(room), f"{text(site, 'slug').upper()}-{_slug(room)}", f"NB-{place[0]}-{place[1]}"]
                for place, (room, site) in self.rooms.items()
            },
            titles={place: text(room, "name") for place, (room, _site) in self.rooms.items()},
            met=here.called("room"),
        )
        self.rack_codes = codes(
            {
                key: [self._rack_name(rack), f"{self.room_of(rack)}-{text(rack, 'name')}", f"NB-{key}"]
                for key, rack in self.rack_holders.items()
            }
        )

    def categories(self) -> Iterator[Row]:
        for device in self.things:
            if role := _role(device):
                code = self.category_codes[number_of(role)]
                yield Row({"code": code, "name": text(role, "name")}, source_of("devices", device))

    def models(self) -> Iterator[Row]:
        for device in self.things:
            if model := self._type(device):
                values = {
                    "code": self.model_codes[number_of(model)],
                    "make": text(part(model, "manufacturer"), "name", 60) or "-",
                    "name": text(model, "model"),
                    "units": whole(model, "u_height"),
                }
                yield Row(values, source_of("devices", device))

    def room_rows(self) -> Iterator[Row]:
        for place, (room, site) in self.rooms.items():
            values = {
                "code": self.room_codes[place],
                "name": text(room, "name"),
                "site": self.here.site(site) or text(site, "slug"),
            }
            yield Row(values, Source("locations" if place[0] == "location" else "sites", place[1], text(room, "name")))

    def rack_rows(self) -> Iterator[Row]:
        for key, rack in self.rack_holders.items():
            values = {
                "code": self.rack_codes[key],
                "name": text(rack, "name"),
                "room": self.room_of(rack),
                "units": whole(rack, "u_height"),
            }
            yield Row(values, Source("racks", key, text(rack, "name")))

    def assets(self) -> Iterator[Row]:
        for device in self.things:
            rack, model, role = part(device, "rack"), self._type(device), _role(device)
            values = {
                "code": self.codes[number_of(device)],
                "name": text(device, "name") or text(device, "display"),
                "category": self.category_codes.get(number_of(role), ""),
                "model": self.model_codes.get(number_of(model), ""),
                "serial_no": text(device, "serial"),
                "mgmt_ip": host(text(part(device, "primary_ip", "primary_ip4", "primary_ip6", "oob_ip"), "address")),
                "site": "" if self.room_of(device) else self.here.site(part(device, "site")),
                "room": self.room_of(device),
                "rack": self.rack_codes.get(number_of(rack), ""),
                "u_pos": whole(device, "position"),
                "face": choice(device, "face") or "both",
                "lifecycle": LIFECYCLE.get(choice(device, "status"), ""),
                "department": text(part(device, "tenant"), "name", 60),
                "remark": "\n".join(filter(None, (text(device, "description"), text(device, "comments")))),
            }
            yield Row(values, source_of("devices", device))

    def room_of(self, holder: Thing) -> str:
        """The code of the machine room a rack or device stands in; "" where neither is said."""
        return self.room_codes.get(_place(holder), "")

    def _rack_name(self, rack: Thing) -> str:
        """Nothing, when a rack of that name stands in another room here."""
        name = text(rack, "name")
        return name if self.here.racks.get(name, self.room_of(rack)) == self.room_of(rack) else ""

    def _rooms(self) -> Iterator[tuple[Place, tuple[Thing, Thing]]]:
        for holder in [*self.racks.values(), *self.things]:
            if place := _place(holder):
                site = part(holder, "site")
                yield place, (part(holder, "location") or site, site)

    def _type(self, device: Thing) -> Thing:
        """The device's type; its height is known where the export has the types too."""
        nested = part(device, "device_type")
        return self.types.get(number_of(nested), nested) if nested else NOTHING

    def _asset_code(self, device: Thing) -> str:
        tag, serial = text(device, "asset_tag"), text(device, "serial")
        return tag or self.here.assets.get(serial, "") or f"NB-{number_of(device)}"


def _coded(things: Iterable[Thing], met: Mapping[str, str]) -> dict[int, str]:
    """Codes by key from slugs, which NetBox has once among roles, and once among the types of a manufacturer."""
    named = {number_of(each): each for each in things if number_of(each)}
    makers = {key: text(part(each, "manufacturer"), "slug").upper() for key, each in named.items()}
    ways = {
        key: [_slug(each), f"{makers[key]}-{_slug(each)}" if makers[key] else "", f"NB-{key}"]
        for key, each in named.items()
    }
    return codes(ways, titles={key: title_of(each) for key, each in named.items()}, met=met)


def _role(device: Thing) -> Thing:
    """Called `device_role` up to version 3.5, both in 3.6 and 3.7, `role` since."""
    return part(device, "role", "device_role")


def _place(holder: Thing) -> Any:
    if location := part(holder, "location"):
        return ("location", number_of(location))
    site = part(holder, "site")
    is_rack = "u_height" in holder
    return ("site", number_of(site)) if site and (is_rack or part(holder, "rack")) else None


def _slug(thing: Thing) -> str:
    return text(thing, "slug").upper() or text(thing, "name") or text(thing, "model")
