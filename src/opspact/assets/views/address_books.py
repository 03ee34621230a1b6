"""Versions of the address book: their entries, what changed, who carries them, and files for terminals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from opspact.assets import address_books
from opspact.assets.actions.address_books import export_entries, set_entries
from opspact.assets.ledgers import terminals
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS
from opspact.assets.models import AddressBook
from opspact.assets.queries.terminals import newest_book
from opspact.assets.terminal_forms import EntriesForm
from opspact.assets.views.refusals import say_refused
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers.files import WorkbookError
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.ledgers.writing import RecordRefused

SHOWN = 500
SHOWN_WRONG = 50
TYPES = {"csv": "text/csv; charset=utf-8", "vcf": "text/vcard; charset=utf-8"}


class AddressBookPage(RecordPage):
    template_name = "assets/address_book.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        others = list(terminals.address_books(request.contract).exclude(pk=record.pk))
        against = _against(request, record, others)
        entries = address_books.as_entries(record.entries)
        older = address_books.as_entries(against.entries) if against else []
        return {
            "entries": entries[:SHOWN],
            "left": max(0, len(entries) - SHOWN),
            "others": others,
            "against": against,
            "difference": address_books.difference(older, entries) if against else None,
            "carriers": record.terminals.filter(deleted_at=None).count(),
            "is_newest": newest_book(request.contract) == record,
        }


def _against(request: HttpRequest, record: AddressBook, others: list[AddressBook]) -> AddressBook | None:
    """The version asked for, else the one issued before."""
    wanted = request.GET.get("against", "")
    if chosen := next((book for book in others if str(book.pk) == wanted), None):
        return chosen
    return next((book for book in others if (book.issued_on, book.pk) < (record.issued_on, record.pk)), None)


class EntriesPage(View):
    """The entries of a version from a workbook: all of them, or none while a row is wrong."""

    permission = "assets.addressbook.edit"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(request, _book(request, pk), EntriesForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        book = _book(request, pk)
        form = EntriesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, book, form)
        upload = form.cleaned_data["file"]
        try:
            found = address_books.read(upload.read(), upload.name)
            if not found.wrong:
                set_entries(Caller.of(request), book, entries=found.entries)
        except WorkbookError as error:
            form.add_error("file", _(error.message) % error.params)
        except RecordRefused as refused:
            form.add_error(None, say_refused(refused))
        else:
            if not found.wrong:
                n = len(found.entries)
                words = ngettext("Version %(book)s has %(n)s entry.", "Version %(book)s has %(n)s entries.", n)
                messages.success(request, words % {"book": book.code, "n": n})
                return redirect(record_url(ADDRESS_BOOKS, book))
            form.add_error("file", _("Nothing was taken over: mend these cells and bring the file again."))
            wrong = [(cell, _(each.msgid) % each.params) for cell, each in found.wrong[:SHOWN_WRONG]]
            return self._show(request, book, form, wrong, len(found.wrong))
        return self._show(request, book, form)

    def _show(
        self, request: HttpRequest, book: AddressBook, form: EntriesForm, wrong: Any = (), wrong_count: int = 0
    ) -> HttpResponse:
        context = {"book": book, "form": form, "wrong": wrong, "wrong_count": wrong_count}
        return render(request, "assets/entries.html", context | {"back": record_url(ADDRESS_BOOKS, book)})


@needs("assets.addressbook.export")
def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The entries as CSV or vCard, to be brought onto terminals."""
    if form not in TYPES:
        raise Http404
    book = _book(request, pk)
    headers = [str(each.label) for each in address_books.FIELDS]
    content = export_entries(Caller.of(request), book, form=form, headers=headers)
    named = {"Content-Disposition": f'attachment; filename="address-book-{book.pk}.{form}"'}
    return HttpResponse(content, content_type=TYPES[form], headers=named)


def _book(request: HttpRequest, pk: int) -> AddressBook:
    return get_object_or_404(ADDRESS_BOOKS.records(request.contract).select_related("contract"), pk=pk)
