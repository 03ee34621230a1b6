"""Taking the next free address or prefix: two callers never get the same one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from opspact.api.access import caller_of, contract_for
from opspact.assets.actions.ipam import take_addresses, take_prefix
from opspact.assets.ipam.usage import usage_of
from opspact.assets.ledgers.ipam import ADDRESSES, PREFIXES
from opspact.assets.models import Prefix
from opspact.contracts.models import Contract
from opspact.kit.ledgers import plain

router = Router(tags=["ipam"])
AT = "/contracts/{contract}/prefixes/{int:pk}"


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


def _prefix(contract: Contract, pk: int) -> Prefix:
    return get_object_or_404(PREFIXES.records(contract).select_related("contract"), pk=pk)
