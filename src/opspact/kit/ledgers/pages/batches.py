"""What was written together, row by row: the preview of a workbook, its result, what was done to many, and its undo."""

from __future__ import annotations

import io
import json
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Func, JSONField, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports, jobs, undoing, workbook
from opspact.kit.ledgers.forms import ApplyForm
from opspact.kit.ledgers.ledger import Ledger
from opspact.kit.ledgers.pages.listing import urls_of
from opspact.kit.ledgers.pages.record import LedgerView
from opspact.kit.ledgers.pages.rows import shown_rows
from opspact.kit.ledgers.undoing import VERBS, Undoing
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists.kept import export
from opspact.kit.models import LedgerBatch, LedgerBatchRow
from opspact.kit.permissions import may

SHOWN = 100
NAMED = 20
"""Records that the question before an undo names."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Kind, State, Status = LedgerBatch.Kind, LedgerBatch.State, LedgerBatchRow.Status


class BatchPage(LedgerView):
    """The rows of a batch by what became of them, each with its record."""

    kinds: ClassVar[tuple[str, ...]] = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        if "refused" in request.GET:
            return self._refused_rows(request, batch)
        form = ApplyForm(initial={"only_good": "good" if batch.counts.get("wrong") else "all"})
        return self._show(request, batch, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._batch(request, pk)
        match request.POST.get("do"):
            case "undo":
                return self._undo(request, batch)
            case "cancel":
                imports.cancel(Caller.of(request), self.ledger, request.contract, batch)
                return redirect(request.path)
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

    def _apply(self, request: HttpRequest, batch: LedgerBatch, *, only_good: bool) -> HttpResponse:
        counts = jobs.apply_soon(Caller.of(request), self.ledger, request.contract, batch, only_good=only_good)
        if counts is not None:
            given = {"new": counts.get("new", 0), "changed": counts.get("changed", 0)}
            messages.success(request, _("Applied: %(new)s new, %(changed)s changed.") % given)
        return redirect(request.path)

    def _undo(self, request: HttpRequest, batch: LedgerBatch) -> HttpResponse:
        if not request.POST.get("confirmed"):
            return self._ask(request, batch)
        try:
            done = jobs.undo_soon(Caller.of(request), self.ledger, request.contract, batch)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            if done is None:
                return redirect(request.path)
            text = _("Undone: %(words)s") % {"words": said(done)}
            (messages.warning if done.left else messages.success)(request, text)
        return redirect(f"{request.path}?status=left" if batch.rows.exclude(left=[]).exists() else request.path)

    def _ask(self, request: HttpRequest, batch: LedgerBatch) -> HttpResponse:
        """What will happen, and which records stay as they are and why."""
        found = undoing.would(batch, self.ledger, request.contract) if batch.state == State.APPLIED else Undoing()
        can_go = bool(found.removed or found.reverted or found.restored)
        context = {
            "title": _("Undo"),
            "text": (_("Undo “%(what)s”? %(words)s") if can_go else _("“%(what)s” can't be undone: %(words)s"))
            % {"what": batch, "words": said(found)},
            "points": _named(found),
            "button": _("Undo") if can_go else "",
            "action": request.path,
            "hidden": [("do", "undo"), ("confirmed", "1")],
            "danger": True,
        }
        return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)

    def _batch(self, request: HttpRequest, pk: int) -> LedgerBatch:
        found = batches_of(self.ledger, request.contract).filter(kind__in=self.kinds)
        return get_object_or_404(found.select_related("applied_by", "undone_by"), pk=pk)

    def _show(self, request: HttpRequest, batch: LedgerBatch, form: ApplyForm) -> HttpResponse:
        is_working = batch.state in LedgerBatch.AT_WORK
        if request.htmx and request.htmx.target == "import-progress" and not is_working:
            return HttpResponse(headers={"HX-Refresh": "true"})
        verb = VERBS[Kind(batch.kind)]
        context = {
            "ledger": self.ledger,
            "urls": urls_of(self.ledger, request.contract),
            "import": batch,
            "form": form,
            "failure": _(batch.failure["message"]) % batch.failure["params"] if batch.failure else "",
            "is_working": is_working,
            "is_workbook": batch.kind == Kind.WORKBOOK,
            "is_previewed": batch.state == State.PREVIEWED,
            "is_applied": batch.state == State.APPLIED,
            "has_rows": batch.state not in (*LedgerBatch.AT_WORK, State.FAILED, State.CANCELLED),
            "may_undo": may(request.user, self.ledger.permission(verb), request.contract.code),
            "percent": min(100, 100 * batch.done // batch.total) if batch.total else 0,
            "has_work": bool(batch.counts.get("new") or batch.counts.get("changed")),
            "in_ledger": in_ledger(self.ledger, batch) if batch.state == State.APPLIED else "",
        }
        if request.htmx and request.htmx.target == "import-progress":
            return render(request, "kit/ledgers/progress.html", context)
        context |= self._rows(request, batch) if context["has_rows"] else {}
        return render(request, "kit/ledgers/import.html", context)

    def _rows(self, request: HttpRequest, batch: LedgerBatch) -> dict[str, Any]:
        """The page of rows asked for: `status`, `q` in the cells, `after` a row's number."""
        wanted, text = request.GET.get("status", ""), request.GET.get("q", "").replace("\0", "").strip()
        after = request.GET.get("after", "")
        counts = {**batch.counts, "left": batch.rows.exclude(left=[]).count() if batch.undone_at else 0}
        if wanted not in (*counts, "all"):
            wanted = "wrong" if counts.get("wrong") and batch.state == State.PREVIEWED else "all"
        rows = _narrowed(batch, wanted, text).filter(number__gt=int(after[:9]) if after.isdecimal() else 0)
        page = list(rows[: SHOWN + 1])
        fields = {each.name: each for each in self.ledger.all_fields(request.contract)}
        columns = [fields[name] for name in batch.columns if name in fields]
        query = QueryDict(mutable=True)
        query.update({"status": wanted, **({"q": text} if text else {})})
        words = {status.value: status.label for status in Status} | {"left": _("left as they are")}
        return {
            "wanted": wanted,
            "text": text,
            "tabs": [(name, words[name], counts[name]) for name in words if counts.get(name)],
            "headers": [each.label for each in columns],
            "rows": shown_rows(self.ledger, request.contract, page[:SHOWN], columns, fields),
            "first_url": f"?{query.urlencode()}" if after else "",
            "next_url": f"?{query.urlencode()}&after={page[SHOWN - 1].number}" if len(page) > SHOWN else "",
        }

    def _refused_rows(self, request: HttpRequest, batch: LedgerBatch) -> HttpResponse:
        """The rows that were wrong as a workbook to be mended and brought in again, each with what is wrong with it."""
        if not batch.counts.get("wrong"):
            raise Http404
        target = io.BytesIO()
        language = translation.get_language() or "zh-hans"
        rows = batch.rows.filter(status=Status.WRONG)

        wrong = (name for problems in rows.values_list("problems", flat=True) for name, *_rest in problems)
        names = list(dict.fromkeys((*batch.columns, *wrong)))  # a column that was missing, and is needed, too

        def write() -> int:
            return workbook.write_refused(target, self.ledger, request.contract, language, rows, names)

        export(
            Caller.of(request), request.contract, list_name=self.ledger.name, query=f"import={batch.pk}", write=write
        )
        target.seek(0)
        words = _("refused rows")
        name = slugify(f"{self.ledger.title} {words} {timezone.localdate()}", allow_unicode=True)
        return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


class ImportPage(BatchPage):
    """A workbook: the preview, applying, the result."""

    verb = "import"
    kinds = (Kind.WORKBOOK,)


class DonePage(BatchPage):
    """What was done to many records on the list."""

    verb = "edit"
    kinds = (Kind.CHANGE, Kind.DELETE)


def batches_of(ledger: Ledger, contract: Any) -> QuerySet[LedgerBatch]:
    """All batches of a ledger in a contract, without the files."""
    found = LedgerBatch.objects.filter(contract_code=contract.code, ledger=ledger.name)
    return found.defer("content").select_related("uploaded_by")


def in_ledger(ledger: Ledger, batch: LedgerBatch) -> str:
    """The ledger's list, narrowed to what the batch wrote; of what was taken off, the list of deleted records."""
    end = "deleted" if batch.kind == Kind.DELETE else "list"
    return f"{reverse(f'{ledger.url_name}_{end}', kwargs={'contract': batch.contract_code})}?batch={batch.pk}"


def said(found: Undoing) -> str:
    """In words, what an undo does."""
    words = {
        "removed": _("%(n)s new records are taken off"),
        "reverted": _("%(n)s are set back"),
        "restored": _("%(n)s are put back on the ledger"),
        "changed_since": _("%(n)s stay because somebody changed them since"),
        "refused": _("%(n)s stay because the ledger's rules keep them"),
    }
    parts = [words[name] % {"n": n} for name, n in found.counts.items() if n]
    return _(", ").join(parts) + _(".") if parts else _("Nothing is left to undo.")


def _named(found: Undoing) -> list[str]:
    """The first records that stay, and how many more there are."""
    first = found.left[:NAMED]
    named = [f"{each.record or each.row.record_id}: {_(each.why.msgid) % each.why.params}" for each in first]
    more = len(found.left) - NAMED
    return [*named, _("and %(n)s more") % {"n": f"{more:,}"}] if more > 0 else named


def _narrowed(batch: LedgerBatch, wanted: str, text: str) -> QuerySet[LedgerBatchRow]:
    rows: QuerySet[LedgerBatchRow] = batch.rows.all()
    if wanted == "left":
        rows = rows.exclude(left=[])
    elif wanted != "all":
        rows = rows.filter(status=wanted)
    if text:
        cells = Func("texts", template="jsonb_path_query_array(%(expressions)s, '$.*')", output_field=JSONField())
        rows = rows.alias(said=Cast(cells, TextField())).filter(
            said__icontains=json.dumps(text, ensure_ascii=False)[1:-1]
        )
    return rows
