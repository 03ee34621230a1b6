"""Ledgers as workbooks: an export of what a filter finds, and an import with its preview, applied and undone."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError

from opspact.api.access import caller_of
from opspact.api.routes.ledgers import AT, kept_ledger
from opspact.contracts.models import Contract
from opspact.kit.ledgers import imports, jobs, workbook
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.lists import kept
from opspact.kit.models import LedgerBatch

router = Router(tags=["ledgers"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE = "zh-hans"
SHOWN = 500
IMPORT = f"{AT}/{{ledger}}/imports/{{int:pk}}"


class ProblemOut(Schema):
    row: int
    cell: str
    field: str
    problem: str


class ImportOut(Schema):
    """`state` is reading, previewed, applying, applied, undoing, undone, failed or cancelled.

    Ask again while it is at work.
    """

    id: int
    state: str
    file_name: str
    counts: dict[str, int]
    ignored: list[str]
    failure: str
    problems: list[ProblemOut]


class ApplyIn(Schema):
    only_good: bool = False


class LeftOut(Schema):
    record: str
    why: str


class UndoneOut(Schema):
    """`state` is undoing where a job is at work. `left` are records that stay as they are."""

    state: str
    counts: dict[str, int]
    left: list[LeftOut]


@router.get(
    f"{AT}/{{ledger}}/workbook",
    summary="The records that the list's filters find as a workbook; it reads back unchanged",
    openapi_extra={"responses": {200: {"description": "An .xlsx file", "content": {XLSX: {}}}}},
)
def export(request: HttpRequest, contract: str, ledger: str, template: bool = False) -> FileResponse:
    found, its_contract = kept_ledger(request, contract, ledger, "import" if template else "export")
    filters = filterset_of(found, its_contract)(request.GET, queryset=found.records(its_contract), request=request)
    if not filters.is_valid():
        raise HttpError(422, str(filters.errors.as_text()))
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    if template:
        workbook.write(target, found, its_contract, LANGUAGE)
    else:
        records = filters.qs.order_by(found.key).iterator(chunk_size=2000)
        kept.export(
            caller_of(request),
            its_contract,
            list_name=found.name,
            query=request.GET.urlencode(),
            write=lambda: workbook.write(target, found, its_contract, LANGUAGE, records),
        )
    target.seek(0)
    name = f"{found.name.rpartition('.')[2]}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=XLSX)


@router.post(f"{AT}/{{ledger}}/imports", response={201: ImportOut}, summary="Read a workbook to its preview")
def upload(
    request: HttpRequest, contract: str, ledger: str, file: File[UploadedFile], clears: Form[bool] = False
) -> Status[dict[str, Any]]:
    """`clears`: an empty cell empties its field."""
    found, its_contract = kept_ledger(request, contract, ledger, "import")
    content = file.read()
    try:
        batch = imports.upload(
            caller_of(request), found, its_contract, content=content, name=file.name or "", clears=clears
        )
    except WorkbookError as error:
        raise HttpError(422, error.text) from error
    jobs.read_soon(batch, found, its_contract, len(content))
    return Status(201, _shown(batch))


@router.get(IMPORT, response=ImportOut, summary="An import: how far it is, and what is wrong row by row")
def read(request: HttpRequest, contract: str, ledger: str, pk: int) -> dict[str, Any]:
    return _shown(_batch(*kept_ledger(request, contract, ledger, "import"), pk))


@router.post(f"{IMPORT}/apply", response=ImportOut, summary="Write its new and changed rows, all or nothing")
def apply(request: HttpRequest, contract: str, ledger: str, pk: int, body: ApplyIn) -> dict[str, Any]:
    """With `only_good` rows that are wrong are left out; without it they refuse the whole import."""
    found, its_contract = kept_ledger(request, contract, ledger, "import")
    batch = _batch(found, its_contract, pk)
    jobs.apply_soon(caller_of(request), found, its_contract, batch, only_good=body.only_good)
    return _shown(_batch(found, its_contract, pk))


@router.post(f"{IMPORT}/undo", response=UndoneOut, summary="Undo it, as far as nobody changed the records since")
def undo(request: HttpRequest, contract: str, ledger: str, pk: int) -> dict[str, Any]:
    found, its_contract = kept_ledger(request, contract, ledger, "import")
    batch = _batch(found, its_contract, pk)
    done = jobs.undo_soon(caller_of(request), found, its_contract, batch)
    batch.refresh_from_db(fields=["state"])
    left = done.left[:SHOWN] if done else []
    said = [{"record": str(each.record or each.row.record_id), "why": str(each.why)} for each in left]
    return {"state": batch.state, "counts": done.counts if done else {}, "left": said}


def _batch(ledger: Ledger, contract: Contract, pk: int) -> LedgerBatch:
    found = LedgerBatch.objects.filter(contract_code=contract.code, ledger=ledger.name)
    return get_object_or_404(found.defer("content"), pk=pk, kind=LedgerBatch.Kind.WORKBOOK)


def _shown(batch: LedgerBatch) -> dict[str, Any]:
    batch.refresh_from_db(fields=["state", "counts", "failure"])
    wrong = batch.rows.filter(status="wrong")[:SHOWN]
    return {
        "id": batch.pk,
        "state": batch.state,
        "file_name": batch.file_name,
        "counts": batch.counts,
        "ignored": batch.ignored,
        "failure": batch.failure["message"] % batch.failure["params"] if batch.failure else "",
        "problems": [
            {"row": row.number, "cell": cell, "field": name, "problem": msgid % params}
            for row in wrong
            for name, cell, msgid, params in row.problems
        ],
    }
