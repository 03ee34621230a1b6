"""Targets with the present state of their checks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from opspact.api.access import contract_for
from opspact.api.paging import Page, Paging, page_of
from opspact.monitoring.models import Check, CheckState, Target

router = Router(tags=["targets"])
PERMISSION = "monitoring.target.view"


class StateOut(Schema):
    check: str
    kind: str
    state: str
    since: dt.datetime
    last_result_at: dt.datetime | None
    last_value: float | None
    last_detail: str

    @staticmethod
    def resolve_check(row: CheckState) -> str:
        return row.checked.key

    @staticmethod
    def resolve_kind(row: CheckState) -> str:
        return row.checked.kind

    @staticmethod
    def resolve_state(row: CheckState) -> str:
        return row.seen

    @staticmethod
    def resolve_last_result_at(row: CheckState) -> dt.datetime | None:
        return row.last_at


class TargetOut(Schema):
    code: str
    name: str
    address: str
    system: str | None
    site: str | None
    asset: str | None
    circuit: str | None
    is_active: bool
    states: list[StateOut]

    @staticmethod
    def resolve_system(row: Target) -> str | None:
        return row.system.code if row.system else None

    @staticmethod
    def resolve_site(row: Target) -> str | None:
        return row.site.code if row.site else None

    @staticmethod
    def resolve_asset(row: Target) -> str | None:
        return row.asset.code if row.asset else None

    @staticmethod
    def resolve_circuit(row: Target) -> str | None:
        return row.circuit.code if row.circuit else None

    @staticmethod
    def resolve_states(row: Target) -> list[CheckState]:
        return [check.state for check in row.checks.all()]


class TargetsOf(Schema):
    """Only the targets of these, each by its code."""

    system: str = ""
    site: str = ""
    asset: str = ""
    circuit: str = ""


def _targets(contract: Any) -> Any:
    checks = (
        Check.objects.filter(is_active=True, state__isnull=False).select_related("state", "target").order_by("kind")
    )
    rows = Target.objects.filter(contract=contract).select_related("system", "site", "asset", "circuit")
    return rows.prefetch_related(Prefetch("checks", checks))


@router.get("/contracts/{contract}/targets", response=Page[TargetOut], summary="Targets")
def targets(request: HttpRequest, contract: str, paging: Query[Paging], by: Query[TargetsOf]) -> dict[str, Any]:
    rows = _targets(contract_for(request, contract, PERMISSION))
    wanted = {f"{name}__code": code for name, code in by.dict().items() if code}
    return page_of(rows.filter(**wanted), paging)


@router.get("/contracts/{contract}/targets/{code}", response=TargetOut, summary="One target")
def target(request: HttpRequest, contract: str, code: str) -> Target:
    return get_object_or_404(_targets(contract_for(request, contract, PERMISSION)), code=code)


@router.get("/contracts/{contract}/states", response=Page[StateOut], summary="The present state of every active check")
def states(request: HttpRequest, contract: str, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    found = contract_for(request, contract, PERMISSION)
    rows = CheckState.objects.filter(checked__target__contract=found, checked__is_active=True)
    rows = rows.select_related("checked__target")
    return page_of(rows.filter(seen=state) if state else rows, paging)
