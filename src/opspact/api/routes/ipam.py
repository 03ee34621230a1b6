"""Taking the next free address or prefix, where two callers never get the same one; giving back; what was seen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from opspact.api.access import caller_of, contract_for
from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.actions.ipam_release import RELEASE, release
from opspact.assets.actions.ipam_seen import take_seen
from opspact.assets.ipam.tables import MOST, read_rows, read_text
from opspact.assets.ipam.usage import usage_of
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import Prefix, Vrf
from opspact.contracts.models import Contract
from opspact.core.inputs import Wrong
from opspact.kit.ledgers import plain
from opspact.kit.ledgers.writing import RecordRefused

router = Router(tags=["ipam"])
AT = "/contracts/{contract}/prefixes/{int:pk}"
COLUMNS = ("ip", "mac", "device", "port")


class AddressesIn(Schema):
    how_many: int = Field(1, ge=1)
    values: dict[str, Any] = Field({}, description="Fields of the address, such as user and purpose.")
    reserve: bool = False
    reason: str = ""


class PrefixIn(Schema):
    length: int
    values: dict[str, Any] = {}
    reason: str = ""


class UsageOut(Schema):
    size: str = Field(description="Usable addresses; text, since IPv6 numbers outgrow JSON's.")
    used: str
    free: str


class ReleaseIn(Schema):
    reason: str = Field(min_length=1, max_length=120)


class ReleasedOut(Schema):
    is_released: bool = Field(description="False: it is assigned, and the client was asked.")


class SeenIn(Schema):
    ip: str
    mac: str = ""
    device: str = ""
    port: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return self.ip, self.mac, self.device, self.port


class SightingsIn(Schema):
    """Either `rows`, or `text` as a device prints it (display arp, show ip arp, ip neigh …)."""

    source: str = Field(min_length=1, max_length=60)
    vrf: str = Field("", description="Code of the routing domain; empty for the common one.")
    device: str = Field("", max_length=60, description="Where it was read, for lines that do not say so.")
    rows: list[SeenIn] = Field([], max_length=MOST)
    text: str = Field("", max_length=2_000_000)


class SeenOut(Schema):
    addresses: int
    new: int
    ports: int


@router.get(f"{AT}/usage", response=UsageOut, summary="How full a prefix is")
def usage(request: HttpRequest, contract: str, pk: int) -> dict[str, str]:
    found = usage_of(_prefix(contract_for(request, contract, PREFIXES.permission("view")), pk))
    return {"size": str(found.size), "used": str(found.used), "free": str(found.free)}


@router.post(f"{AT}/addresses", response={201: list[dict[str, Any]]}, summary="Take the next free addresses")
def next_addresses(request: HttpRequest, contract: str, pk: int, body: AddressesIn) -> Status[list[dict[str, Any]]]:
    found = contract_for(request, contract, "assets.ipaddress.take")
    fields = ADDRESSES.bound_fields(found)
    taken = take_addresses(
        caller_of(request),
        _prefix(found, pk),
        body.how_many,
        values=plain.from_json(ADDRESSES, fields, body.values),
        is_reserved=body.reserve,
        reason=body.reason,
    )
    return Status(201, [plain.as_json(fields, each) for each in taken])


@router.post(f"{AT}/prefixes", response={201: dict[str, Any]}, summary="Take the next free prefix of a length")
def next_prefix(request: HttpRequest, contract: str, pk: int, body: PrefixIn) -> Status[dict[str, Any]]:
    found = contract_for(request, contract, "assets.ipaddress.take")
    fields = PREFIXES.bound_fields(found)
    values = plain.from_json(PREFIXES, fields, body.values)
    made = take_prefix(caller_of(request), _prefix(found, pk), body.length, values=values, reason=body.reason)
    return Status(201, plain.as_json(fields, made))


@router.post(
    "/contracts/{contract}/addresses/{int:pk}/release",
    response=ReleasedOut,
    summary="Give an address back; the client is asked when it is assigned",
)
def give_back(request: HttpRequest, contract: str, pk: int, body: ReleaseIn) -> dict[str, Any]:
    found = contract_for(request, contract, RELEASE)
    address = get_object_or_404(ADDRESSES.records(found).select_related("contract"), pk=pk)
    return {"is_released": release(caller_of(request), address, body.reason)}


@router.post("/contracts/{contract}/sightings", response=SeenOut, summary="Say which addresses were seen, and where")
def sightings(request: HttpRequest, contract: str, body: SightingsIn) -> dict[str, int]:
    found = contract_for(request, contract, "assets.sighting.take")
    vrf = get_object_or_404(Vrf, contract=found, deleted_at=None, code=body.vrf) if body.vrf else None
    try:
        rows = read_text(body.text) if body.text else read_rows([COLUMNS, *(each.cells for each in body.rows)])
    except Wrong as wrong:
        raise RecordRefused({0: [("text" if body.text else "rows", wrong)]}) from wrong
    return take_seen(caller_of(request), found, rows, source=body.source, vrf=vrf, device=body.device)


def _prefix(contract: Contract, pk: int) -> Prefix:
    return get_object_or_404(PREFIXES.records(contract).select_related("contract"), pk=pk)
