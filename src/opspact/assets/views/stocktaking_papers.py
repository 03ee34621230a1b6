"""The papers of a stocktaking out, and the filled counting list back in."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking import marking
from opspact.assets.stocktaking.counting import COUNT
from opspact.assets.stocktaking.exporting import export
from opspact.assets.stocktaking.places import Place
from opspact.assets.stocktaking.reports import excel, lists
from opspact.assets.views.stocktaking import stocktaking_of
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers.files import MAX_BYTES, WorkbookError
from opspact.kit.ledgers.pages.listing import record_url

EXPORT = STOCKTAKINGS.permission("export")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN = 50


@needs(EXPORT)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Counting sheets; `?open=1`: only what is still to be found; `?room=7&site=3`: only one room's."""
    from opspact.assets.stocktaking.reports.paper import sheets  # typst is heavy, and only this page needs it

    record = stocktaking_of(request, pk)
    only_open = bool(request.GET.get("open"))
    room, site = (_key(request.GET.get(part, "")) for part in ("room", "site"))
    within = Place(site, room) if room or site else None
    name = f"{record.code}-{_('Counting sheet')}.pdf"
    try:
        return _file(
            request, record, lambda: sheets(record, only_open=only_open, within=within), name, "application/pdf"
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(record_url(STOCKTAKINGS, record))


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


@needs(EXPORT)
def counting_list(request: HttpRequest, pk: int) -> HttpResponse:
    record = stocktaking_of(request, pk)
    name = f"{record.code}-{_('Counting list')}.xlsx"
    return _file(request, record, lambda: lists.workbook(record), name, XLSX)


@needs(EXPORT)
def report(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The difference report; a draft while the counting lasts."""
    record = stocktaking_of(request, pk)
    name = f"{record.code}-{_('Difference report')}.{form}"
    if form == "xlsx":
        return _file(request, record, lambda: excel.workbook(record), name, XLSX)
    from opspact.assets.stocktaking.reports.word import document  # docxtpl is heavy, and only this page needs it

    return _file(request, record, lambda: document(record), name, DOCX)


class ResultsForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Filled counting list (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("Rows without a result stay as they are. With one wrong row nothing is written."),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(mb)s MB.") % {"mb": MAX_BYTES // 1024**2})
        return file


class ResultsPage(View):
    """Where a filled list comes back; with errors in it, they are shown cell by cell and nothing is written."""

    permission = COUNT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, stocktaking_of(request, pk), ResultsForm(), None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = stocktaking_of(request, pk)
        form, reading = ResultsForm(request.POST, request.FILES), None
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                reading = lists.read(record, file.read(), file.name)
                if not reading.problems:
                    return self._apply(request, record, reading)
            except WorkbookError as error:
                form.add_error("file", error.text)
            except ValidationError as error:
                form.add_error(None, error)
        return self._show(request, record, form, reading)

    def _apply(self, request: HttpRequest, record: Stocktaking, reading: lists.Reading) -> HttpResponse:
        n = marking.mark_each(Caller.of(request), record, reading.said, reading.beyond)
        words = ngettext("%(n)s result was taken over.", "%(n)s results were taken over.", n)
        messages.success(request, words % {"n": n})
        return HttpResponseRedirect(record_url(STOCKTAKINGS, record))

    def _show(self, request: HttpRequest, record: Stocktaking, form: ResultsForm, reading: object) -> HttpResponse:
        context = {
            "record": record,
            "form": form,
            "reading": reading,
            "shown": SHOWN,
            "url": record_url(STOCKTAKINGS, record),
        }
        return render(request, "assets/stocktaking/results.html", context)


def _file(request: HttpRequest, record: Stocktaking, make: Callable[[], bytes], name: str, kind: str) -> HttpResponse:
    content = export(Caller.of(request), record, file=name, make=make)
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
