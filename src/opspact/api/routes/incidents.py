"""Incidents: what the caller may see of them, opening one, adding to one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime

from opspact.api.access import caller_of, contract_for
from opspact.api.paging import Page, Paging, page_of
from opspact.contracts.models import BusinessSystem, Contract
from opspact.servicedesk.actions import comment, open_incident
from opspact.servicedesk.models import Incident
from opspact.servicedesk.queries import visible_to

router = Router(tags=["incidents"])
PERMISSION = "servicedesk.incident.view"


class IncidentOut(Schema):
    number: str
    title: str
    symptom: str
    source: str
    system: str | None
    priority: str
    level: str
    state: str
    assignee: str | None
    occurred_at: dt.datetime
    opened_at: dt.datetime
    responded_at: dt.datetime | None
    restored_at: dt.datetime | None
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    next_due_at: dt.datetime | None
    next_due_name: str
    overdue: bool

    @staticmethod
    def resolve_system(row: Incident) -> str | None:
        return row.system.code if row.system else None

    @staticmethod
    def resolve_assignee(row: Incident) -> str | None:
        return row.assignee.username if row.assignee else None

    @staticmethod
    def resolve_overdue(row: Incident) -> bool:
        return row.breached


class IncidentIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    symptom: str = Field("", max_length=5000)
    system: str | None = Field(None, description="Code of a business system in the contract's scope.")
    impact: str | None = Field(None, description="Code of the contract's priority matrix; the middle one if left out.")
    urgency: str | None = None
    occurred_at: AwareDatetime | None = None
    caller_name: str = Field("", max_length=60)


class CommentIn(Schema):
    text: str = Field(min_length=1, max_length=5000)


def _visible(request: HttpRequest, contract: Contract) -> Any:
    return visible_to(request.user, contract).select_related("system", "assignee")


@router.get("/contracts/{contract}/incidents", response=Page[IncidentOut], summary="Incidents, the newest first")
def incidents(request: HttpRequest, contract: str, paging: Query[Paging], state: str = "") -> dict[str, Any]:
    rows = _visible(request, contract_for(request, contract, PERMISSION))
    return page_of(rows.filter(state=state) if state else rows, paging, newest_first=True)


@router.get("/contracts/{contract}/incidents/{number}", response=IncidentOut, summary="One incident")
def incident(request: HttpRequest, contract: str, number: str) -> Incident:
    return get_object_or_404(_visible(request, contract_for(request, contract, PERMISSION)), number=number)


@router.post("/contracts/{contract}/incidents", response={201: IncidentOut}, summary="Open an incident")
def open_one(request: HttpRequest, contract: str, new: IncidentIn) -> tuple[int, Incident]:
    found = contract_for(request, contract, "servicedesk.incident.open")
    system = None
    if new.system:
        system = BusinessSystem.objects.filter(scope_items__contract=found, code=new.system).first()
        if system is None:
            raise HttpError(422, f"system: the contract's scope has no {new.system}")
    given = new.model_dump(exclude={"system"})
    return 201, open_incident(caller_of(request), found, **given, system=system, source=Incident.Source.PAGE)


@router.post("/contracts/{contract}/incidents/{number}/comments", response={204: None}, summary="Add a comment")
def add_comment(request: HttpRequest, contract: str, number: str, new: CommentIn) -> tuple[int, None]:
    found = contract_for(request, contract, "servicedesk.incident.comment")
    comment(caller_of(request), get_object_or_404(_visible(request, found), number=number), text=new.text)
    return 204, None
