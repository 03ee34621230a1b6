"""What a workbook may refer to, by code or by name: systems, sites, circuits, assets, and the kinds of checks."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from opspact.assets.models import Asset, Circuit
from opspact.contracts.models import BusinessSystem, Contract, Site
from opspact.probes.addresses import normalise
from opspact.probes.registry import KINDS


@dataclass(frozen=True)
class Known:
    """Each maps what people write, folded, to the code that is stored; `*_names` are what the drop-downs offer.

    Assets are too many to know all of them: only those that were `written`, and a name may be that of several.
    """

    systems: Mapping[str, str]
    sites: Mapping[str, str]
    circuits: Mapping[str, str]
    kinds: Mapping[str, str]
    assets: Mapping[str, Sequence[str]]
    system_names: tuple[str, ...]
    site_names: tuple[str, ...]
    circuit_names: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract, written: Iterable[Mapping[str, str]] = ()) -> Known:
        """`written` are the rows that will be read, as text by field."""
        systems, sites, circuits = systems_of(contract), sites_of(contract), circuits_of(contract)
        return cls(
            _spellings(systems),
            _spellings(sites),
            _spellings(circuits),
            _kinds(),
            _assets(contract, {text for row in written if (text := row.get("asset"))}),
            *(tuple(f"{each.code} {each.name}" for each in those) for those in (systems, sites, circuits)),
        )


def systems_of(contract: Contract) -> list[BusinessSystem]:
    """The business systems in the contract's scope."""
    return list(BusinessSystem.objects.filter(scope_items__contract=contract).distinct().order_by("code"))


def sites_of(contract: Contract) -> list[Site]:
    """The sites of the contract's parties."""
    organisations = contract.parties.values("organisation")
    return list(Site.objects.filter(organisation__in=organisations).order_by("code"))


def circuits_of(contract: Contract) -> list[Circuit]:
    """The leased circuits on the contract's ledger."""
    return list(Circuit.objects.filter(contract=contract, deleted_at=None).order_by("code"))


def _assets(contract: Contract, texts: set[str]) -> dict[str, list[str]]:
    """The codes of the assets these texts name: by code, by name, or by both as a page shows them."""
    if not texts:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    spelt = {each for text in texts for each in (text, text.upper(), normalise(text), text.split()[0])}
    on_ledger = Asset.objects.filter(contract=contract, deleted_at=None).order_by("code")
    named = on_ledger.filter(Q(code__in=spelt) | Q(name__in=spelt))
    rows = list(named.values_list("code", "name"))
    for code, name in rows:
        for spelling in (folded(name), folded(f"{code} {name}")):
            found[spelling].append(code)
    return {**found, **{folded(code): [code] for code, _name in rows}}


def nearest(text: str, known: Mapping[str, str]) -> str:
    """The code whose spelling is most similar, "" when none is."""
    close = difflib.get_close_matches(folded(text), list(known), n=1, cutoff=0.5)
    return known[close[0]] if close else ""


def folded(text: str) -> str:
    return " ".join(normalise(text).lower().split())


def _spellings(things: Iterable[BusinessSystem | Site | Circuit]) -> dict[str, str]:
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
