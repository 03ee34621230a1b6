"""Machine rooms and racks."""

from __future__ import annotations

from opspact.assets.ledgers.places import RACKS, ROOMS
from opspact.kit.ledgers.registering import register

for ledger in (ROOMS, RACKS):
    register(ledger)
