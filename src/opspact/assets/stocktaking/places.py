"""Where something stands while counting: a site, a room of it, a rack in that; and whether two places agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.assets.ledgers import common


@dataclass(frozen=True)
class Place:
    """Keys of records; all None: nobody said."""

    site: int | None = None
    room: int | None = None
    rack: int | None = None

    @classmethod
    def of(cls, record: Any, prefix: str = "") -> Place:
        """From `site_id`, `room_id`, `rack_id` of an asset or a scan, or with a prefix of an item."""
        return cls(*(getattr(record, f"{prefix}{name}_id") for name in ("site", "room", "rack")))

    def put(self, record: Any, prefix: str = "") -> None:
        for name in ("site", "room", "rack"):
            setattr(record, f"{prefix}{name}_id", getattr(self, name))

    @property
    def is_known(self) -> bool:
        return self != Place()

    def agrees_with(self, expected: Place) -> bool:
        """Whether what stands here is where it was expected; as exactly as this place was said."""
        if self.rack is not None:
            return self.rack == expected.rack
        if self.room is not None:
            return self.room == expected.room
        return self.site is None or self.site == expected.site


class Places:
    """The places of a contract, looked up once."""

    def __init__(self, contract: Any) -> None:
        self.sites = {site.pk: site for site in common.sites(contract)}
        self.rooms = {room.pk: room for room in common.rooms(contract)}
        self.racks = {rack.pk: rack for rack in common.racks(contract)}

    def completed(self, said: Mapping[str, Any]) -> Place:
        """A place from keys as a page sends them: the room and site follow the rack. Raises ValidationError."""
        site, room, rack = (self._key(said.get(name), of) for name, of in self._kinds())
        if rack is not None:
            room = self.racks[rack].room_id
        if room is not None:
            site = self.rooms[room].site_id
        return Place(site, room, rack)

    def words(self, place: Place) -> str:
        """一号机房 A01; the site where no room is said; a dash for no place."""
        site, room = self.sites.get(place.site or 0), self.rooms.get(place.room or 0)
        rack = self.racks.get(place.rack or 0)
        said = [each for each in (room.name if room else "", rack.code if rack else "") if each]
        return " ".join(said) or (site.name if site else "—")

    def options(self) -> list[tuple[str, str, int]]:
        """For a drop-down: value, words, and how deep it lies: each site, its rooms, their racks."""
        found: list[tuple[str, str, int]] = []
        for site in self.sites.values():
            found.append((f"site:{site.pk}", site.name, 0))
            for room in (each for each in self.rooms.values() if each.site_id == site.pk):
                found.append((f"room:{room.pk}", room.name, 1))
                racks = (each for each in self.racks.values() if each.room_id == room.pk)
                found += [(f"rack:{rack.pk}", f"{room.name} {rack.code}", 2) for rack in racks]
        return found

    def value(self, place: Place) -> str:
        """The drop-down's value of a place: the most exact one that is known; "" for none."""
        kinds = (("rack", place.rack), ("room", place.room), ("site", place.site))
        return next((f"{kind}:{key}" for kind, key in kinds if key), "")

    def chosen(self, value: str) -> Place:
        """The place of a drop-down's value; "" for none. Raises ValidationError."""
        kind, _colon, key = value.partition(":")
        return self.completed({kind: key}) if value else Place()

    def _kinds(self) -> tuple[tuple[str, Mapping[int, Any]], ...]:
        return ("site", self.sites), ("room", self.rooms), ("rack", self.racks)

    def _key(self, said: Any, among: Mapping[int, Any]) -> int | None:
        if said in (None, ""):
            return None
        key = int(said) if str(said).isdecimal() and len(str(said)) < 19 else 0
        if key not in among:
            raise ValidationError(_("This place is not on the ledger any more; choose another."))
        return key
