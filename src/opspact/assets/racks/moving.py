"""Putting an asset into a rack, moving it, taking it out: changes of the asset ledger, with its checks and history."""

from __future__ import annotations

from typing import Any

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Rack
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions


def place(
    caller: Caller, asset: Asset, *, rack: Rack, u_pos: int, face: str, units: int | None = None, reason: str = ""
) -> Any:
    """Set where it stands, `u_pos` its lowest unit. Raises RecordRefused when the units are taken or not there."""
    values: dict[str, Any] = {"rack": rack, "u_pos": u_pos, "face": face}
    if units is not None:
        values["units"] = units
    return actions.change(caller, ASSETS, asset, values, reason)


def take_out(caller: Caller, asset: Asset, *, reason: str = "") -> Any:
    """It stays in the room, in no rack."""
    return actions.change(caller, ASSETS, asset, {"rack": None, "u_pos": None}, reason)
