"""Circuits with their ends, and the carriers that provide them."""

from __future__ import annotations

from collections.abc import Iterator

from opspact.assets.netbox.export import Export
from opspact.assets.netbox.here import Here
from opspact.assets.netbox.objects import NOTHING, Row, Thing, codes, known, number_of, part, source_of, text


class Circuits:
    """The circuits of an export. Their ends stand in them, or in the export of terminations."""

    def __init__(self, export: Export, here: Here) -> None:
        self.here = here
        self.things = known("circuits", export.of("circuits"), export.remarks)
        self.providers = {number_of(each): each for each in known("providers", export.of("providers"), export.remarks)}
        for circuit in self.things:
            if provider := part(circuit, "provider"):
                self.providers.setdefault(number_of(provider), provider)
        self.provider_codes = codes(
            {
                key: [text(each, "slug").upper(), text(each, "name"), f"NB-{key}"]
                for key, each in self.providers.items()
            },
            titles={key: text(each, "name") for key, each in self.providers.items()},
            met=here.called("carrier"),
        )
        self.ends: dict[tuple[int, str], Thing] = {}
        for end in known("circuit-terminations", export.of("circuit-terminations"), export.remarks):
            self.ends[number_of(part(end, "circuit")), text(end, "term_side").upper()] = end

    def carriers(self) -> Iterator[Row]:
        for key, provider in self.providers.items():
            values = {
                "code": self.provider_codes[key],
                "name": text(provider, "name", 60),
                "noc_contact": text(provider, "noc_contact", 60),
                "remark": text(provider, "comments"),
            }
            yield Row(values, source_of("providers", provider))

    def rows(self) -> Iterator[Row]:
        for circuit in self.things:
            a, z = (self._end(circuit, side) for side in "AZ")
            number = text(circuit, "cid")
            values = {
                "code": self.here.circuits.get(number, "") or f"NB-{number_of(circuit)}",
                "name": text(circuit, "description", 120) or number,
                "carrier": self.provider_codes.get(number_of(part(circuit, "provider")), ""),
                "circuit_no": number,
                "a_site": self.here.site(part(a, "site")),
                "a_end": text(_place(a), "name", 120),
                "z_site": self.here.site(part(z, "site")),
                "z_end": text(_place(z), "name", 120),
                "bandwidth_mbps": _mbps(circuit, "commit_rate") or _mbps(a, "port_speed") or _mbps(z, "port_speed"),
                "opened_on": text(circuit, "install_date"),
                "closed_on": text(circuit, "termination_date"),
                "remark": text(circuit, "comments"),
            }
            yield Row(values, source_of("circuits", circuit))

    def _end(self, circuit: Thing, side: str) -> Thing:
        """One end, with its `site` wherever the version keeps it."""
        inline = part(circuit, f"termination_{side.lower()}")
        whole = self.ends.get((number_of(circuit), side), NOTHING)
        end = {**inline, **whole}
        if text(end, "termination_type") == "dcim.site":
            end["site"] = part(end, "termination")
        return end


def _place(end: Thing) -> Thing:
    """Where it ends: a site or a provider's network, since version 4.2 anything that is a place."""
    return part(end, "site", "termination", "provider_network")


def _mbps(thing: Thing, name: str) -> str:
    """NetBox counts in kbit/s."""
    rate = thing.get(name)
    return f"{rate / 1000:g}" if isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0 else ""
