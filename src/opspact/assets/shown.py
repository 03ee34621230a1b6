"""What this room declares and shows elsewhere: ledgers, navigation, search, files."""

from __future__ import annotations

from opspact.assets.ledgers import asset, places
from opspact.kit.ledgers.registering import register

for ledger in (asset.ASSETS, asset.CATEGORIES, asset.MAKE_MODELS, places.ROOMS, places.RACKS):
    register(ledger)
