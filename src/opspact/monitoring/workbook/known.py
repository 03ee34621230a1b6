"""What a workbook may refer to: the contract's systems and sites, and the kinds of checks, by code or by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.contracts.models import BusinessSystem, Contract, Site
from opspact.probes.addresses import normalise
from opspact.probes.registry import KINDS


@dataclass(frozen=True)
class Known:
    """Each maps what people write, folded, to the code that is stored; `*_names` are what the drop-downs offer."""

    systems: Mapping[str, str]
    sites: Mapping[str, str]
    kinds: Mapping[str, str]
    system_names: tuple[str, ...]
    site_names: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract) -> Known:
        systems, sites = systems_of(contract), sites_of(contract)
        return cls(
            _spellings(systems),
            _spellings(sites),
            _kinds(),
            tuple(f"{each.code} {each.name}" for each in systems),
            tuple(f"{each.code} {each.name}" for each in sites),
        )


def systems_of(contract: Contract) -> list[BusinessSystem]:
    """The business systems in the contract's scope."""
    return list(BusinessSystem.objects.filter(scope_items__contract=contract).distinct().order_by("code"))


def sites_of(contract: Contract) -> list[Site]:
    """The sites of the contract's parties."""
    organisations = contract.parties.values("organisation")
    return list(Site.objects.filter(organisation__in=organisations).order_by("code"))


def nearest(text: str, known: Mapping[str, str]) -> str:
    """The code whose spelling is most similar, "" when none is."""
    close = difflib.get_close_matches(folded(text), list(known), n=1, cutoff=0.5)
    return known[close[0]] if close else ""


def folded(text: str) -> str:
    return " ".join(normalise(text).lower().split())


def _spellings(things: Iterable[BusinessSystem] | Iterable[Site]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in things:
        for spelling in (each.code, each.name, f"{each.code} {each.name}", getattr(each, "name_en", "")):
            if spelling:
                found.setdefault(folded(spelling), each.code)
    return found


def _kinds() -> dict[str, str]:
    found = {}
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {folded(_(kind.label)): kind.name for kind in KINDS.values()}
    return found | {name: name for name in KINDS}
