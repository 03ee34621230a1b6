"""A figure with everything that made it, to take away and recompute."""

from __future__ import annotations

import csv
import io
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from opspact.core.instants import from_us
from opspact.fulfilment.assess import Assessment, assess
from opspact.fulfilment.rules import Result
from opspact.fulfilment.snapshots import export_of, ledger_rows
from opspact.fulfilment.views.kpi import period_of
from opspact.kit.actions import Caller, action
from opspact.kit.guards import needs

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@needs("fulfilment.kpi.export")
def export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """JSON for `opspact calc availability`, or the ledgers' intervals as CSV for a spreadsheet."""
    assessment = assess(request.contract, period_of(request, request.contract), timezone.now())
    result = assessment.of(code)
    data = export_of(assessment, result) if result is not None else None
    if result is None or data is None:
        raise Http404
    _record(Caller.of(request), result, assessment=assessment, form=form)
    body = json.dumps(data, ensure_ascii=False, indent=1) if form == "json" else _csv(ledger_rows(data))
    kind = "application/json" if form == "json" else "text/csv"
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    first, last = assessment.period.first, assessment.period.last
    name = f"{request.contract.code}-{code}-{first:%Y%m%d}-{last:%Y%m%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@action("fulfilment.kpi.export")
def _audited(caller: Caller, contract: object, *, kpi: str, form: str, period: str) -> None:
    caller.note(kpi=kpi, form=form, period=period)


def _record(caller: Caller, result: Result, *, assessment: Assessment, form: str) -> None:
    period = f"{assessment.period.first}–{assessment.period.last}"
    _audited(caller, assessment.contract, kpi=result.kpi.code, form=form, period=period)


def _csv(rows: object) -> str:
    """With a byte order mark, so that Excel reads UTF-8; no cell begins like a formula."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(["system", "check", "state", "start_utc", "end_utc", "start_us", "end_us", "approved_us"])
    for system, check, state, start, end, approved in rows:  # type: ignore[attr-defined]
        cells = [system, check, state, from_us(start).isoformat(), from_us(end).isoformat(), start, end, approved]
        writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA_STARTS) else cell for cell in cells])
    return "\ufeff" + output.getvalue()
