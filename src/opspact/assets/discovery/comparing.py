"""Which asset a fact is about, and in what it differs from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opspact.assets.discovery.reading import COMPARED, KEY
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Fact
from opspact.core.inputs import Wrong
from opspact.kit.ledgers.field import Field


@dataclass(frozen=True)
class Difference:
    """A field, what the ledger says, and what was seen."""

    field: str
    ledger_text: str
    seen_text: str


class Matcher:
    """Finds the assets of many facts in a few queries: by serial number, earlier match, code, address."""

    def __init__(self, contract: Any, source: str, facts: Sequence[Mapping[str, str]]) -> None:
        assets = ASSETS.records(contract)
        keys = [fact[KEY] for fact in facts]
        earlier = Fact.objects.filter(contract=contract, source=source, key__in=keys, asset__isnull=False)
        pairs = dict(earlier.values_list("key", "asset_id"))
        self.by_key = {key: pairs[key] for key in keys if key in pairs}
        self.by_pk = {asset.pk: asset for asset in assets.filter(pk__in=set(self.by_key.values()))}
        serials = {fact["serial_no"] for fact in facts if fact.get("serial_no")}
        addresses = {fact["mgmt_ip"] for fact in facts if fact.get("mgmt_ip")}
        self.by_serial = {asset.serial_no: asset for asset in assets.filter(serial_no__in=serials)}
        self.by_address = {asset.mgmt_ip: asset for asset in assets.filter(mgmt_ip__in=addresses)}
        self.by_code = {asset.code: asset for asset in assets.filter(code__in=keys)}

    def asset(self, fact: Mapping[str, str]) -> Asset | None:
        """The serial number decides before everything else: an address may have moved to another device."""
        found = self.by_serial.get(fact.get("serial_no", "")) or self.by_pk.get(self.by_key.get(fact[KEY]))
        return found or self.by_code.get(fact[KEY]) or self.by_address.get(fact.get("mgmt_ip"))


def differences(fields: Sequence[Field], asset: Asset, fact: Mapping[str, str]) -> list[Difference]:
    """Where the fact says something else than the ledger; what the ledger could not even hold is a difference too."""
    found = []
    for each in fields:
        if each.name not in COMPARED or not fact.get(each.name):
            continue
        try:
            same = each.parse(fact[each.name]) == each.read(asset)
        except Wrong:
            same = False
        if not same:
            found.append(Difference(each.name, each.text(asset)[:300], fact[each.name][:300]))
    return found
