"""Contracts, as far as the caller holds a role in them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Router, Schema

from opspact.contracts.models import Contract
from opspact.kit.permissions import may

router = Router(tags=["contracts"])


class ContractOut(Schema):
    code: str
    name: str
    simulated: bool
    starts_at: dt.datetime
    ends_at: dt.datetime


@router.get("/contracts", response=list[ContractOut], summary="The caller's contracts")
def contracts(request: HttpRequest) -> list[Contract]:
    codes = [code for code in request.user.contract_codes if may(request.user, "kit.contract.view", code)]
    return list(Contract.objects.filter(code__in=codes).order_by("code"))
