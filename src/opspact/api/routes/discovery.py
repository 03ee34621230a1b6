"""What another system saw of devices: differences from the ledger become proposals."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from opspact.api.access import caller_of, contract_for
from opspact.assets.actions.discovery import take_facts
from opspact.assets.discovery.reading import MOST, named
from opspact.core.inputs import Wrong
from opspact.kit.ledgers.writing import RecordRefused

router = Router(tags=["ledgers"])


class FactsIn(Schema):
    source: str = Field(min_length=1, max_length=60)
    devices: list[dict[str, Any]] = Field(min_length=1, max_length=MOST)


class FactsOut(Schema):
    devices: int
    known: int
    opened: int


@router.post("/contracts/{contract}/facts", response=FactsOut, summary="Say what was seen of devices")
def facts(request: HttpRequest, contract: str, body: FactsIn) -> dict[str, int]:
    found = contract_for(request, contract, "assets.discovery.take")
    try:
        seen = [named(device, position) for position, device in enumerate(body.devices)]
    except Wrong as wrong:
        raise RecordRefused({0: [("devices", wrong)]}) from wrong
    return take_facts(caller_of(request), found, body.source, seen)
