"""What is here already that an export has to meet: sites, and records known by another code than NetBox's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Circuit
from opspact.assets.netbox.export import Export
from opspact.assets.netbox.objects import Thing, text
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers.ledger import ledgers

MET = ("category", "makemodel", "room", "vrf", "carrier")
"""Ledgers whose records are met by their names too."""


@dataclass
class Here:
    """`sites` and `renamed` (what the person said) map a spelling in small letters to the code of a site; `assets` a
    serial number to the asset's code, `circuits` a circuit number to the circuit's, `racks` the code of a rack to that
    of its room, `names` of a ledger what its records are called to their codes. `unknown` counts sites that are not
    here, by how they are called there.
    """

    sites: Mapping[str, str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)
    circuits: Mapping[str, str] = field(default_factory=dict)
    racks: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, contract: Any, export: Export, renamed: Mapping[str, str] | None = None) -> Here:
        """Raises Wrong when a site is to stand for one that is not here."""
        sites = {spelling.lower(): site.code for site in common.sites(contract) for spelling in (site.name, site.code)}
        given = {name.lower(): code for name, code in (renamed or {}).items()}
        for code in given.values():
            if code.lower() not in sites:
                raise Wrong(N_("there is no site “%(code)s” in this contract"), code=code)
        serials = {serial for each in export.of("devices") if (serial := text(each, "serial"))}
        numbers = {number for each in export.of("circuits") if (number := text(each, "cid"))}
        assets = Asset.objects.filter(contract=contract, deleted_at=None, serial_no__in=serials)
        circuits = Circuit.objects.filter(contract=contract, deleted_at=None, circuit_no__in=numbers)
        return cls(
            sites,
            given,
            dict(assets.values_list("serial_no", "code")),
            dict(circuits.values_list("circuit_no", "code")),
            dict(common.racks(contract).values_list("code", "room__code")),
            {name: _called(contract, name) for name in MET},
        )

    def called(self, ledger: str) -> Mapping[str, str]:
        """The codes of the ledger's records by their names in small letters; names that several have are not there."""
        return self.names.get(ledger, {})

    def site(self, thing: Thing) -> str:
        """The code of our site that a NetBox site is; "" when it is none, which is counted."""
        spellings = [spelling for name in ("slug", "name") if (spelling := text(thing, name).lower())]
        for known in (self.renamed, self.sites):
            if found := next((known[each] for each in spellings if each in known), ""):
                return self.sites[found.lower()]
        if spellings:
            self.unknown[spellings[0]] += 1
        return ""

    def remarks(self) -> list[Wrong]:
        message = N_(
            "the site “%(site)s” of NetBox is none of this contract's (named %(times)s times): say which it is with "
            "--site %(site)s=CODE, one of %(known)s, or add it to the contract"
        )
        known = "、".join(sorted(set(self.sites.values()))) or "—"
        return [Wrong(message, site=site, times=times, known=known) for site, times in sorted(self.unknown.items())]


def _called(contract: Any, name: str) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for record in ledgers[f"assets.{name}"].records(contract):
        title = f"{record.make} {record.name}" if name == "makemodel" else record.name
        found[title.lower()].add(record.code)
    return {title: codes.pop() for title, codes in found.items() if len(codes) == 1}
