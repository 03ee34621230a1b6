"""Assets, their categories, makes and models."""

from __future__ import annotations

from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.kit.ledgers.registering import register

for ledger in (ASSETS, CATEGORIES, MAKE_MODELS):
    register(ledger)
