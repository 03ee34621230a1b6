"""A ledger's workbook: template, upload, preview, applying, undoing."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports, jobs, workbook
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.forms import ApplyForm, UploadForm
from opspact.kit.ledgers.pages.listing import urls_of
from opspact.kit.ledgers.pages.record import LedgerView
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.models import LedgerImport, LedgerImportRow

SHOWN = 200
MANY = 2_000
"""Rows from which on applying is a job's work."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Status = LedgerImportRow.Status
_TONES = {Status.NEW: "good", Status.CHANGED: "info", Status.WRONG: "bad"}


class TemplatePage(LedgerView):
    """The empty workbook."""

    verb = "import"

    def get(self, request: HttpRequest) -> HttpResponse:
        target = io.BytesIO()
        workbook.write(target, self.ledger, request.contract, translation.get_language() or "zh-hans")
        target.seek(0)
        name = slugify(f"{self.ledger.title} {_('template')} {timezone.localdate()}", allow_unicode=True)
        return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


class UploadPage(LedgerView):
    """Where the template is fetched and the filled workbook comes back."""

    verb = "import"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file, clears = form.cleaned_data["file"], form.cleaned_data["clears"]
            content = file.read()
            try:
                batch = imports.upload(
                    Caller.of(request), self.ledger, request.contract, content=content, name=file.name, clears=clears
                )
            except WorkbookError as error:
                form.add_error("file", error.text)
            else:
                if len(content) <= imports.AT_ONCE:
                    imports.read(batch, self.ledger, request.contract)
                else:
                    jobs.read.defer(batch=batch.pk)
                return redirect(import_url(self.ledger, batch))
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        earlier = LedgerImport.objects.filter(contract_code=request.contract.code, ledger=self.ledger.name)
        found = earlier.defer("content").select_related("uploaded_by")[:20]
        context = {
            "ledger": self.ledger,
            "form": form,
            "urls": urls_of(self.ledger, request.contract),
            "earlier": [(batch, import_url(self.ledger, batch)) for batch in found],
        }
        return render(request, "kit/ledgers/upload.html", context)


class ImportPage(LedgerView):
    """The preview row by row; applying it; undoing it."""

    verb = "import"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        form = ApplyForm(initial={"only_good": "good" if batch.counts.get("wrong") else "all"})
        return self._show(request, batch, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        if request.POST.get("do") == "undo":
            return self._undo(request, batch)
        form = ApplyForm(request.POST)
        if form.is_valid():
            try:
                return self._apply(request, batch, only_good=form.cleaned_data["only_good"])
            except ValidationError as error:
                form.add_error(None, error)
            except RecordRefused as refused:
                for problems in refused.problems.values():
                    form.add_error(None, [_(wrong.msgid) % wrong.params for _name, wrong in problems])
        return self._show(request, batch, form)

    def _apply(self, request: HttpRequest, batch: LedgerImport, *, only_good: bool) -> HttpResponse:
        if batch.total > MANY:
            waiting = LedgerImport.objects.filter(pk=batch.pk, state=LedgerImport.State.PREVIEWED)
            if not waiting.update(state=LedgerImport.State.APPLYING, done=0):
                raise ValidationError(_("This import was applied already."))
            jobs.apply.defer(batch=batch.pk, user=request.user.pk, only_good=only_good)
        else:
            counts = imports.apply(Caller.of(request), self.ledger, request.contract, batch, only_good=only_good)
            given = {"new": counts.get("new", 0), "changed": counts.get("changed", 0)}
            messages.success(request, _("Applied: %(new)s new, %(changed)s changed.") % given)
        return redirect(import_url(self.ledger, batch))

    def _undo(self, request: HttpRequest, batch: LedgerImport) -> HttpResponse:
        if not request.POST.get("confirmed"):
            would = imports.undoing(batch, self.ledger, request.contract)
            text = _(
                "Undo this import? %(removed)s new records are taken off, %(reverted)s are set back, "
                "%(kept)s stay because somebody changed them since."
            )
            context = {
                "title": _("Undo the import"),
                "text": text % {"removed": would.removed, "reverted": would.reverted, "kept": would.kept}
                + _refusals(would),
                "button": _("Undo the import"),
                "action": request.path,
                "hidden": [("do", "undo"), ("confirmed", "1")],
                "danger": True,
            }
            return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)
        try:
            done = imports.undo(Caller.of(request), self.ledger, request.contract, batch)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except RecordRefused as refused:
            messages.error(request, str(refused))
        else:
            words = _("Undone: %(removed)s taken off, %(reverted)s set back, %(kept)s left as they are.")
            given = {"removed": done.removed, "reverted": done.reverted, "kept": done.kept}
            messages.success(request, words % given)
            if done.refused:
                messages.warning(request, _refusals(done).strip())
        return redirect(import_url(self.ledger, batch))

    def _batch(self, request: HttpRequest, pk: int) -> LedgerImport:
        found = LedgerImport.objects.filter(contract_code=request.contract.code, ledger=self.ledger.name)
        return get_object_or_404(found.defer("content").select_related("uploaded_by"), pk=pk)

    def _show(self, request: HttpRequest, batch: LedgerImport, form: ApplyForm) -> HttpResponse:
        wanted = request.GET.get("status") or ("wrong" if batch.counts.get("wrong") else "all")
        rows = batch.rows.all() if wanted not in Status else batch.rows.filter(status=wanted)
        fields = {each.name: each for each in self.ledger.all_fields(request.contract)}
        columns = [fields[name] for name in batch.columns if name in fields]
        states = LedgerImport.State
        context = {
            "ledger": self.ledger,
            "urls": urls_of(self.ledger, request.contract),
            "import": batch,
            "form": form,
            "wanted": wanted,
            "tabs": [(status.value, status.label, batch.counts.get(status.value, 0)) for status in Status],
            "headers": [each.label for each in columns],
            "rows": [_shown(row, columns, fields) for row in rows[:SHOWN]],
            "shown": SHOWN,
            "failure": _(batch.failure["message"]) % batch.failure["params"] if batch.failure else "",
            "is_working": batch.state in (states.READING, states.APPLYING),
            "is_previewed": batch.state == states.PREVIEWED,
            "is_applied": batch.state == states.APPLIED,
            "percent": min(100, 100 * batch.done // batch.total) if batch.total else 0,
            "has_work": bool(batch.counts.get("new") or batch.counts.get("changed")),
        }
        if request.htmx and request.htmx.target == "import-progress":
            if context["is_working"]:
                return render(request, "kit/ledgers/progress.html", context)
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "kit/ledgers/import.html", context)


def import_url(ledger: Any, batch: LedgerImport) -> str:
    from django.urls import reverse

    return reverse(f"{ledger.url_name}_import", kwargs={"contract": batch.contract_code, "pk": batch.pk})


def _refusals(would: imports.Undoing) -> str:
    """What the ledger does not let go, and why."""
    if not would.refused:
        return ""
    words = ngettext("%(n)s record can't be undone:", "%(n)s records can't be undone:", would.refused)
    reasons = "；".join(_(wrong.msgid) % wrong.params for wrong in would.reasons)
    return " " + words % {"n": would.refused} + " " + reasons


def _shown(row: LedgerImportRow, columns: list[Any], fields: dict[str, Any]) -> dict[str, Any]:
    def said(entries: list[list[Any]]) -> list[tuple[str, str]]:
        return [
            (f"{cell} {fields[name].label if name in fields else ''}".strip(), _(msgid) % params)
            for name, cell, msgid, params in entries
        ]

    return {
        "number": row.number,
        "word": row.get_status_display(),
        "tone": _TONES.get(Status(row.status), ""),
        "cells": [(row.texts.get(each.name, ""), row.changes.get(each.name)) for each in columns],
        "problems": said(row.problems),
        "remarks": said(row.remarks),
    }
