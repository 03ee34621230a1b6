"""What stands on the label of an asset."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opspact.assets import asset_words
from opspact.assets.labels import marks
from opspact.assets.labels.drawing import Label
from opspact.assets.models import Asset
from opspact.kit.shown import formats

LINES: dict[str, tuple[str | Promise, Callable[[Asset], str]]] = {
    "name": (_("Name"), lambda asset: asset.name),
    "model": (_("Make and model"), lambda asset: f"{asset.model.make} {asset.model.name}" if asset.model else ""),
    "serial_no": (_("Serial number"), lambda asset: f"S/N {asset.serial_no}" if asset.serial_no else ""),
    "holder": (_("Department and responsible person"), lambda asset: f"{asset.department} {asset.owner}".strip()),
    "place": (_("Place"), asset_words.place),
    "in_service_on": (
        _("In service since"),
        lambda asset: formats.day(asset.in_service_on) if asset.in_service_on else "",
    ),
    "contract": (_("Contract's short name"), lambda asset: asset.contract.short_name or asset.contract.name),
}
USUAL = ("name", "holder", "place", "contract")


@dataclass(frozen=True)
class Content:
    """`lines` are names of LINES; `symbol` is "qr", "bars" or "both"; `address_of` gives what the QR code says, a mark
    unless given."""

    lines: Collection[str] = USUAL
    symbol: str = "qr"
    address_of: Callable[[Asset], str] | None = None

    def label(self, asset: Asset) -> Label:
        shown = {name: read(asset) for name, (_word, read) in LINES.items() if name in self.lines}
        name, foot = shown.pop("name", ""), shown.pop("contract", "")
        says: Any = self.address_of or (lambda it: marks.mark(it.contract.code, it.code))
        return Label(
            code=asset.code,
            name=name,
            lines=tuple(line for line in shown.values() if line),
            foot=foot,
            qr=says(asset) if self.symbol != "bars" else "",
            bars=asset.code if self.symbol != "qr" else "",
        )
