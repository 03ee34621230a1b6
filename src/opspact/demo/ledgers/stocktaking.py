"""Simulated stocktakings: the half-yearly one of the first machine room is under way, the next is planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils.timezone import localtime

from opspact.assets.ledgers import common
from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking import counting, leading, marking
from opspact.assets.stocktaking.counting import Scanned
from opspact.assets.stocktaking.places import Place
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions

STRANGE = ("FT-8823-0417", "2102351BQX10K6000128")
"""Serial numbers of things that stand in the room and on no ledger."""


def make(caller: Caller, contract: Any) -> None:
    """Needs the demo's rooms and assets; nothing where stocktakings are already."""
    rooms = list(common.rooms(contract))
    if not rooms or Stocktaking.objects.filter(contract=contract).exists():
        return
    today = localtime(caller.now).date()
    running = _plan(caller, contract, f"{today.year} 年下半年{rooms[0].name}盘点", {"room": [rooms[0].pk]}, today)
    _plan(caller, contract, f"{today.year} 年终资产盘点", {}, today + timedelta(days=30))
    leading.start(caller, running)
    _count(caller, running, rooms)


def _plan(caller: Caller, contract: Any, name: str, scope: dict[str, list[int]], on: Any) -> Stocktaking:
    values = {"name": name, "scope": scope, "planned_on": on}
    made: Stocktaking = actions.create(caller, STOCKTAKINGS, contract, values)
    return made


def _count(caller: Caller, stocktaking: Stocktaking, rooms: list[Any]) -> None:
    """Two thirds are found, one of them in another room, two things are on no ledger, one asset is missing."""
    items = list(stocktaking.items.select_related("asset").order_by("pk"))
    here = Place(rooms[0].site_id, rooms[0].pk)
    there = Place(rooms[-1].site_id, rooms[-1].pk)
    codes = [item.asset.code for item in items[: len(items) * 2 // 3] if item.asset is not None]
    scans = [
        Scanned(uuid4(), text, there if at == 1 else here, caller.now) for at, text in enumerate((*codes, *STRANGE))
    ]
    for start in range(0, len(scans), counting.MOST):
        counting.receive(caller, stocktaking, scans[start : start + counting.MOST])
    if len(items) > 3:
        marking.mark(caller, stocktaking, items[-1:], to="missing", reason="机房内及库房均已查找，未见实物")
