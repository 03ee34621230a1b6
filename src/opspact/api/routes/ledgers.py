"""Every ledger by the same few calls: list, search, read, add, change, delete, restore, history."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError

from opspact.api.access import caller_of, contract_for
from opspact.api.paging import Paging, page_of
from opspact.contracts.models import Contract
from opspact.kit.ledgers import actions, plain
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.ledger import Ledger, ledgers
from opspact.kit.models import Change
from opspact.kit.permissions import may

router = Router(tags=["ledgers"])
AT = "/contracts/{contract}/ledgers"


class FieldOut(Schema):
    name: str
    label: str
    kind: str
    required: bool
    is_written: bool
    choices: list[str]


class LedgerOut(Schema):
    name: str
    title: str
    key: str
    fields: list[FieldOut]


class RecordIn(Schema):
    """`values` by field name, written as in a workbook; `version` of the record as it was read, when it is changed."""

    values: dict[str, Any]
    reason: str = ""
    version: int | None = None


class ChangeOut(Schema):
    at: str
    user: str | None
    via: str
    verb: str
    reason: str
    fields: dict[str, list[str]]


@router.get(AT, response=list[LedgerOut], summary="The ledgers and their fields")
def the_ledgers(request: HttpRequest, contract: str) -> list[dict[str, Any]]:
    found = contract_for(request, contract, "kit.inbox.view")
    return [_described(each, found) for each in ledgers.all() if may(request.user, each.permission("view"), contract)]


@router.get(f"{AT}/{{ledger}}", summary="Records; `q` searches, any filter of the list narrows")
def records(request: HttpRequest, contract: str, ledger: str, paging: Query[Paging]) -> dict[str, Any]:
    kept, found = kept_ledger(request, contract, ledger, "view")
    filters = filterset_of(kept, found)(request.GET, queryset=kept.records(found), request=request)
    if not filters.is_valid():
        raise HttpError(422, str(filters.errors.as_text()))
    fields = kept.all_fields(found)
    page = page_of(filters.qs, paging)
    return {"items": [plain.as_json(fields, record) for record in page["items"]], "next": page["next"]}


@router.post(f"{AT}/{{ledger}}", response={201: dict[str, Any]}, summary="Add a record")
def add(request: HttpRequest, contract: str, ledger: str, body: RecordIn) -> Status[dict[str, Any]]:
    kept, found = kept_ledger(request, contract, ledger, "edit")
    fields = kept.bound_fields(found)
    values = plain.from_json(kept, fields, body.values)
    made = actions.create(caller_of(request), kept, found, values, body.reason)
    return Status(201, plain.as_json(fields, made))


@router.get(f"{AT}/{{ledger}}/{{int:pk}}", summary="One record")
def record(request: HttpRequest, contract: str, ledger: str, pk: int) -> dict[str, Any]:
    kept, found = kept_ledger(request, contract, ledger, "view")
    return plain.as_json(kept.all_fields(found), _record(kept, found, pk))


@router.patch(f"{AT}/{{ledger}}/{{int:pk}}", summary="Change fields of a record")
def change(request: HttpRequest, contract: str, ledger: str, pk: int, body: RecordIn) -> dict[str, Any]:
    kept, found = kept_ledger(request, contract, ledger, "edit")
    fields = kept.bound_fields(found)
    values = plain.from_json(kept, fields, body.values)
    changed = actions.change(caller_of(request), kept, _record(kept, found, pk), values, body.reason, body.version)
    return plain.as_json(fields, changed)


@router.delete(f"{AT}/{{ledger}}/{{int:pk}}", response={204: None}, summary="Take a record off the ledger")
def delete(request: HttpRequest, contract: str, ledger: str, pk: int, reason: str = "") -> Status[None]:
    kept, found = kept_ledger(request, contract, ledger, "delete")
    actions.delete(caller_of(request), kept, found, [_record(kept, found, pk)], reason)
    return Status(204, None)


@router.post(f"{AT}/{{ledger}}/{{int:pk}}/restore", summary="Put a deleted record back")
def restore(request: HttpRequest, contract: str, ledger: str, pk: int, reason: str = "") -> dict[str, Any]:
    kept, found = kept_ledger(request, contract, ledger, "delete")
    deleted = get_object_or_404(kept.records(found, deleted=True), pk=pk)
    actions.restore(caller_of(request), kept, found, [deleted], reason)
    return plain.as_json(kept.all_fields(found), _record(kept, found, pk))


@router.get(f"{AT}/{{ledger}}/{{int:pk}}/history", response=list[ChangeOut], summary="Every change of a record")
def history(request: HttpRequest, contract: str, ledger: str, pk: int) -> list[dict[str, Any]]:
    kept, found = kept_ledger(request, contract, ledger, "view")
    subject = get_object_or_404(kept.model._default_manager, contract=found, pk=pk)
    kind = ContentType.objects.get_for_model(subject)
    changes = Change.objects.filter(subject_type=kind, subject_id=pk).select_related("user")[:500]
    return [
        {
            "at": each.at.isoformat(),
            "user": each.user.username if each.user else None,
            "via": each.via,
            "verb": each.verb,
            "reason": each.reason,
            "fields": each.fields,
        }
        for each in changes
    ]


def kept_ledger(request: HttpRequest, contract: str, name: str, verb: str) -> tuple[Ledger, Contract]:
    """The ledger and the contract, for somebody who may do this with it. Raises HttpError 404, or 403."""
    kept = ledgers.get(name)
    if kept is None:
        raise HttpError(404, "There is no such ledger.")
    return kept, contract_for(request, contract, kept.permission(verb))


def _record(ledger: Ledger, contract: Contract, pk: int) -> Any:
    return get_object_or_404(ledger.records(contract).select_related("contract"), pk=pk)


def _described(ledger: Ledger, contract: Contract) -> dict[str, Any]:
    fields = ledger.all_fields(contract)
    return {
        "name": ledger.name,
        "title": str(ledger.title),
        "key": ledger.key,
        "fields": [
            {
                "name": each.name,
                "label": str(each.label),
                "kind": type(each.kind).__name__.lower(),
                "required": each.required,
                "is_written": each.is_written,
                "choices": [value for value, _label in getattr(each.kind, "pairs", ())],
            }
            for each in fields
        ],
    }
