"""Leased circuits: entries, search, files."""

from __future__ import annotations

from opspact.assets.ledgers.circuits import CARRIERS, CIRCUITS
from opspact.kit.ledgers.registering import register

register(CIRCUITS)
register(CARRIERS)
