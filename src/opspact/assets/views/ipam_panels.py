"""Addresses on the pages of other records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from opspact.assets.ledgers.ipam import ADDRESSES
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.lists.attaching import attach, give

MOST = 50


def asset_panel(request: HttpRequest, asset: Any) -> dict[str, Any] | None:
    """The addresses given to an asset; nothing where there are none."""
    held = ADDRESSES.records(asset.contract).filter(asset=asset)
    found = give(held.select_related(None).order_by("ip")[:MOST], "contract", asset.contract)
    attach(found, ("vrf",))
    rows = [(address, record_url(ADDRESSES, address)) for address in found]
    return {"rows": rows} if rows else None
