"""What another system saw of devices: differences from the ledger become proposals."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from opspact.api.access import caller_of, contract_for
from opspact.assets.actions.discovery import take_facts
from opspact.assets.discovery import runs
from opspact.assets.discovery.reading import MOST, named
from opspact.assets.models import DiscoveryRun
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


class RunOut(Schema):
    """What a job does with many devices; `counts` once it is done, `failure` when it was not."""

    run: int
    state: str
    done: int
    total: int
    counts: dict[str, int]
    failure: str


@router.post(
    "/contracts/{contract}/facts", response={200: FactsOut, 202: RunOut}, summary="Say what was seen of devices"
)
def facts(request: HttpRequest, contract: str, body: FactsIn) -> Status[dict[str, Any]]:
    """Up to 1,000 devices are compared at once (200); more by a job, which the answer names (202)."""
    found = contract_for(request, contract, "assets.discovery.take")
    try:
        seen = [named(device, position) for position, device in enumerate(body.devices)]
    except Wrong as wrong:
        raise RecordRefused({0: [("devices", wrong)]}) from wrong
    caller = caller_of(request)
    if len(seen) <= runs.AT_ONCE:
        return Status(200, take_facts(caller, found, body.source, seen))
    given = {"source": body.source, "facts": seen}
    return Status(202, _told(runs.ask(caller, found, runs.Kind.TAKE, given, len(seen))))


@router.get("/contracts/{contract}/facts/runs/{run}", response=RunOut, summary="How far a job with facts is")
def run_of_facts(request: HttpRequest, contract: str, run: int) -> dict[str, Any]:
    found = contract_for(request, contract, "assets.discovery.view")
    return _told(get_object_or_404(DiscoveryRun.objects.defer("given"), contract=found, pk=run))


def _told(run: DiscoveryRun) -> dict[str, Any]:
    said = {name: getattr(run, name) for name in ("state", "done", "total", "counts", "failure")}
    return {"run": run.pk, **said}
