"""One report: read, edited, sent, decided, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.permissions import may
from opspact.reports import actions, errors, store
from opspact.reports import render as rendering
from opspact.reports.forms import ReturnForm, ScanForm, SectionsForm, WeekForm
from opspact.reports.models import Report
from opspact.reports.queries import versions_of, visible_to
from opspact.reports.views.shown import changes_in_words, sections_shown, sentence_of
from opspact.reports.weekly import weeks

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def found(request: HttpRequest, number: str, version: int) -> Report:
    report = get_object_or_404(visible_to(request.user, request.contract), number=number, version=version)
    report.contract = request.contract
    return report


@needs("reports.report.view")
def report(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The same content as the documents, its figures leading to their records; the sections in place while a draft."""
    return _page(request, found(request, number, version))


def _page(request: HttpRequest, shown: Report, status: int = 200, **forms: Any) -> HttpResponse:
    edits = shown.is_draft and may(request.user, "reports.report.edit", request.contract.code)
    context = {
        "report": shown,
        "sentence": sentence_of(shown),
        "sections": sections_shown(shown, forms.get("sections_form") or SectionsForm(shown.content) if edits else None),
        "changes": changes_in_words(shown.changes),
        "versions": versions_of(request.user, shown),
        "edits": edits,
        "return_form": forms.get("return_form") or ReturnForm(prefix="return"),
        "scan_form": forms.get("scan_form") or ScanForm(prefix="scan", initial={"number": shown.number}),
    }
    return render(request, "reports/report.html", context, status=status)


@needs("reports.report.draft")
def draft(request: HttpRequest) -> HttpResponse:
    """Choose a week; the report that is there already opens instead of a second one."""
    last = weeks.last_week(request.contract, request.contract.as_of(timezone.now()))
    form = WeekForm(request.POST or None, initial={"day": last.first})
    if request.method == "POST" and form.is_valid():
        week = weeks.week_of(request.contract, form.cleaned_data["day"])
        try:
            made = actions.draft(Caller.of(request), request.contract, week=week)
        except errors.ReportError as error:
            form.add_error("day", _(error.message))
        else:
            return redirect(made.get_absolute_url())
    return render(request, "reports/draft.html", {"form": form})


@require_POST
@needs("reports.report.edit")
def edit(request: HttpRequest, number: str, version: int) -> HttpResponse:
    shown = found(request, number, version)
    form = SectionsForm(shown.content, request.POST)
    if not form.is_valid():
        return _page(request, shown, 422, sections_form=form)
    return _done(request, shown, _("The texts were saved."), actions.edit, texts=form.cleaned_data)


@require_POST
@needs("reports.report.edit")
def refresh(request: HttpRequest, number: str, version: int) -> HttpResponse:
    return _done(
        request, found(request, number, version), _("The data was read again; your texts were kept."), actions.refresh
    )


@require_POST
@needs("reports.report.submit")
def submit(request: HttpRequest, number: str, version: int) -> HttpResponse:
    done = _("The report was submitted and is frozen now.")
    return _done(request, found(request, number, version), done, actions.submit)


@require_POST
@needs("reports.report.accept")
def accept(request: HttpRequest, number: str, version: int) -> HttpResponse:
    return _done(request, found(request, number, version), _("The report was accepted."), actions.accept)


@require_POST
@needs("reports.report.return")
def send_back(request: HttpRequest, number: str, version: int) -> HttpResponse:
    shown = found(request, number, version)
    form = ReturnForm(request.POST, prefix="return")
    if not form.is_valid():
        return _page(request, shown, 422, return_form=form)
    done = _("The report was returned.")
    return _done(request, shown, done, actions.send_back, comment=form.cleaned_data["comment"])


@require_POST
@needs("reports.report.scan")
def scan(request: HttpRequest, number: str, version: int) -> HttpResponse:
    shown = found(request, number, version)
    form = ScanForm(request.POST, request.FILES, prefix="scan")
    if not form.is_valid():
        return _page(request, shown, 422, scan_form=form)
    try:
        actions.accept_on_paper(Caller.of(request), shown, scan=form.scan, paper=form.paper)
    except errors.ReportError as error:
        form.add_error(None, _(error.message))
        return _page(request, shown, 422, scan_form=form)
    messages.success(request, _("The signed report was filed and counts as accepted."))
    return redirect(shown.get_absolute_url())


@needs("reports.report.view")
def document(request: HttpRequest, number: str, version: int, form: str) -> HttpResponse:
    """The frozen file, byte by byte; of a draft one made now, marked as a draft."""
    shown = found(request, number, version)
    if shown.is_draft:
        make = rendering.word if form == "docx" else rendering.pdf
        body = make(shown.content, is_draft=True)
    else:
        body = store.fetch(shown.docx_sha256 if form == "docx" else shown.pdf_sha256)
    actions.take_away(Caller.of(request), shown, form=form)
    return _download(body, TYPES[form], f"{request.contract.code}-{shown.number}-v{shown.version}.{form}")


@needs("reports.report.view")
def signed(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The scan of the signed paper."""
    shown = found(request, number, version)
    if not shown.scan_sha256:
        raise Http404
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[shown.scan_type]
    name = f"{request.contract.code}-{shown.number}-v{shown.version}-signed.{ending}"
    actions.take_away(Caller.of(request), shown, form="signed")
    return _download(store.fetch(shown.scan_sha256), shown.scan_type, name)


def _done(request: HttpRequest, shown: Report, words: str, act: Any, **arguments: Any) -> HttpResponseRedirect:
    """Run the action, say what came of it, and go where it leads: to the next version after a return."""
    try:
        answer = act(Caller.of(request), shown, **arguments)
    except errors.ReportError as error:
        messages.error(request, _(error.message))
        return HttpResponseRedirect(shown.get_absolute_url())
    messages.success(request, words)
    following = (
        answer
        if isinstance(answer, Report) and may(request.user, "reports.report.edit", shown.contract.code)
        else shown
    )
    return HttpResponseRedirect(following.get_absolute_url())


def _download(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
