"""Targets from Excel: the template, the upload, the preview, and applying it."""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.monitoring import workbook
from opspact.monitoring.actions import apply_import, export_targets, upload
from opspact.monitoring.forms import ApplyForm, UploadForm
from opspact.monitoring.models import TargetImport
from opspact.monitoring.workbook.columns import BY_FIELD, COLUMNS, header
from opspact.monitoring.workbook.preview import PreviewRow, Status

SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs("monitoring.target.import")
def template(request: HttpRequest) -> HttpResponse:
    return _download(request, workbook.template(request.contract, translation.get_language()), _("targets-template"))


@require_GET
@needs("monitoring.target.export")
def export(request: HttpRequest) -> HttpResponse:
    """Every check of the contract, in the form that can be imported again."""
    content = export_targets(Caller.of(request), request.contract, language=translation.get_language())
    return _download(request, content, _("targets"))


def _download(request: HttpRequest, content: bytes, name: str) -> HttpResponse:
    mark = f"{_('Demo data')} " if request.contract.simulated else ""
    file_name = slugify(f"{mark}{request.contract.code} {name} {timezone.localdate()}", allow_unicode=True)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{file_name}.xlsx", content_type=XLSX)


class UploadPage(View):
    """Where the template is fetched and the filled workbook comes back."""

    permission = "monitoring.target.import"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = upload(Caller.of(request), request.contract, content=file.read(), name=file.name)
            except workbook.WorkbookError as error:
                form.add_error("file", error.text)
            else:
                return redirect(made)
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        earlier = TargetImport.objects.filter(contract=request.contract).defer("rows").select_related("uploaded_by")
        return render(request, "monitoring/upload.html", {"form": form, "earlier": earlier[:20]})


class ImportPage(View):
    """The preview row by row, then applying it with who authorised."""

    permission = "monitoring.target.import"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._import(request, pk)
        wrong = found.counts.get("wrong")
        return self._show(request, found, ApplyForm(initial={"only_good": "good" if wrong else "all"}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._import(request, pk)
        form = ApplyForm(request.POST)
        if form.is_valid():
            try:
                counts = apply_import(Caller.of(request), found, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Applied: %(new)s new, %(changed)s changed.") % counts)
                return redirect("monitoring:targets", contract=request.contract.code)
        return self._show(request, found, form)

    def _import(self, request: HttpRequest, pk: int) -> TargetImport:
        return get_object_or_404(TargetImport.objects.select_related("contract"), contract=request.contract, pk=pk)

    def _show(self, request: HttpRequest, found: TargetImport, form: ApplyForm) -> HttpResponse:
        wanted = request.GET.get("status") or ("wrong" if found.counts.get("wrong") else "")
        rows = (row for row in found.rows if row["status"] == wanted or wanted in ("", "all"))
        context = {
            "import": found,
            "form": form,
            "wanted": wanted,
            "tabs": [(str(status), WORDS[status], found.counts.get(str(status), 0)) for status in Status],
            "headers": [header(column, translation.get_language()) for column in COLUMNS],
            "rows": [_shown(PreviewRow.from_json(row)) for row in islice(rows, SHOWN)],
            "shown": SHOWN,
            "is_applied": found.state == TargetImport.State.APPLIED,
            "has_work": bool(found.counts.get("new") or found.counts.get("changed")),
        }
        return render(request, "monitoring/import.html", context)


WORDS = {
    Status.NEW: translation.gettext_lazy("new"),
    Status.CHANGED: translation.gettext_lazy("changed"),
    Status.SAME: translation.gettext_lazy("the same"),
    Status.WRONG: translation.gettext_lazy("wrong"),
}
_TONES = {Status.NEW: "good", Status.CHANGED: "info", Status.WRONG: "bad"}


def _shown(row: PreviewRow) -> dict[str, Any]:
    language = translation.get_language()
    return {
        "number": row.number,
        "word": WORDS[row.status],
        "tone": _TONES.get(row.status, ""),
        "cells": [(row.values.get(column.field, ""), row.changes.get(column.field)) for column in COLUMNS],
        "problems": [(header(BY_FIELD[each.field], language), each.text) for each in row.problems],
        "mended": [each.text for each in row.mended],
    }
