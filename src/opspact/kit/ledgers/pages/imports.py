"""A ledger's workbook: the template and the upload. What follows is in `batches`."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports, jobs, workbook
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.forms import UploadForm
from opspact.kit.ledgers.pages.batches import XLSX, batches_of
from opspact.kit.ledgers.pages.listing import batch_url, urls_of
from opspact.kit.ledgers.pages.record import LedgerView


class TemplatePage(LedgerView):
    """The empty workbook."""

    verb = "import"

    def get(self, request: HttpRequest) -> HttpResponse:
        target = io.BytesIO()
        workbook.write(target, self.ledger, request.contract, translation.get_language() or "zh-hans")
        target.seek(0)
        word = _("template")
        name = slugify(f"{self.ledger.title} {word} {timezone.localdate()}", allow_unicode=True)
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
                jobs.read_soon(batch, self.ledger, request.contract, len(content))
                return redirect(batch_url(self.ledger, batch))
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        found = batches_of(self.ledger, request.contract)[:20]
        context = {
            "ledger": self.ledger,
            "form": form,
            "urls": urls_of(self.ledger, request.contract),
            "earlier": [(batch, batch_url(self.ledger, batch)) for batch in found],
        }
        return render(request, "kit/ledgers/upload.html", context)
