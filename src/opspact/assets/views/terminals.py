"""Terminals: the list with its tabs, the record with its loans and repairs, and mending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.actions.labels import PERMISSION
from opspact.assets.actions.loans import mend
from opspact.assets.ledgers.loans import REPAIRS
from opspact.assets.ledgers.terminals import TERMINALS
from opspact.assets.models import AddressBook, Terminal, TerminalRepair
from opspact.assets.queries.terminals import newest_book, outdated
from opspact.assets.terminal_forms import BookForm, MendForm
from opspact.assets.views.refusals import say_refused
from opspact.kit.actions import Caller
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.filters import LedgerFilter
from opspact.kit.ledgers.pages.listing import LedgerList, record_url
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Tab

SHOWN = 20
YES = (("yes", gettext_lazy("yes")),)


class TerminalList(LedgerList):
    template_name = "assets/terminals.html"
    tabs = (
        Tab(gettext_lazy("In use"), "usage=in_use"),
        Tab(gettext_lazy("Spare"), "usage=spare"),
        Tab(gettext_lazy("Lent"), "usage=lent"),
        Tab(gettext_lazy("In repair"), "usage=repair"),
        Tab(gettext_lazy("Address book outdated"), "outdated=yes"),
    )

    @cached_property
    def filterset_class(self) -> type[LedgerFilter]:  # type: ignore[override]
        def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
            return outdated(queryset, self.request.contract)

        found = django_filters.ChoiceFilter(label=_("Address book outdated"), choices=YES, method=narrow)
        return type("TerminalFilter", (super().filterset_class,), {"outdated": found})

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        update = BulkAction(
            "address_book",
            gettext_lazy("Address book updated"),
            TERMINALS.permission("edit"),
            gettext_lazy("%(count)s terminals carry this version now:"),
            self._update_book,
            form=BookForm,
        )
        labels = BulkAction(
            "labels",
            gettext_lazy("Print labels"),
            PERMISSION,
            goes_to=labels_of_picks,
        )
        return (update, labels, *super().bulk_actions)

    def sentence(self, request: HttpRequest) -> str:
        newest = newest_book(request.contract)
        if newest is None:
            return ""
        n = outdated(TERMINALS.records(request.contract), request.contract).count()
        if not n:
            return _("All mobile terminals carry address book %(book)s.") % {"book": newest.code}
        words = ngettext(
            "%(n)s mobile terminal does not carry address book %(book)s yet.",
            "%(n)s mobile terminals do not carry address book %(book)s yet.",
            n,
        )
        return words % {"n": n, "book": newest.code}

    def _update_book(self, caller: Caller, picked: QuerySet[Any], *, book: AddressBook, day: date) -> str:
        values = {"address_book": book, "address_book_on": day}
        try:
            done = actions.change_many(caller, TERMINALS, self.request.contract, list(picked), values)
        except RecordRefused as refused:
            return say_refused(refused)
        words = ngettext("%(n)s terminal carries %(book)s now.", "%(n)s terminals carry %(book)s now.", done)
        return words % {"n": done, "book": book.code}


def labels_of_picks(request: HttpRequest) -> str:
    """The page of labels for what was picked on the list."""
    url = reverse("assets:terminal_labels", kwargs={"contract": request.contract.code})
    if request.POST.get("all"):
        return f"{url}?{urlencode({'all': '1', 'query': request.POST.get('query', '')})}"
    return f"{url}?{urlencode({'pk': ','.join(request.POST.getlist('pk'))})}"


class TerminalPage(RecordPage):
    template_name = "assets/terminal.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        repairs = record.repairs.filter(deleted_at=None).order_by("-failed_at")
        loans = record.loans.filter(deleted_at=None).order_by("-lent_at")
        newest = newest_book(request.contract) if record.kind == Terminal.Kind.MOBILE else None
        return {
            "repairs": repairs[:SHOWN],
            "open_repair": repairs.filter(mended_at=None).first(),
            "loans": loans[:SHOWN],
            "open_loan": loans.filter(returned_at=None).first(),
            "newest_book": newest if newest and record.address_book_id != newest.pk else None,
            "can_be_lent": record.usage in (Terminal.Usage.IN_USE, Terminal.Usage.SPARE),
            "failed_at": f"{localtime(now()):%Y-%m-%dT%H:%M}",
        }


class RepairList(LedgerList):
    """Repairs, the open ones first."""

    tabs = (Tab(gettext_lazy("Not mended"), "open=yes"),)

    @cached_property
    def filterset_class(self) -> type[LedgerFilter]:  # type: ignore[override]
        def narrow(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
            return queryset.filter(mended_at=None)

        found = django_filters.ChoiceFilter(label=_("Not mended"), choices=YES, method=narrow)
        return type("RepairFilter", (super().filterset_class,), {"open": found})


class RepairPage(RecordPage):
    template_name = "assets/repair.html"


class MendPage(View):
    """The terminal works again: since when, what was done, and what it is afterwards."""

    permission = "assets.terminalrepair.mend"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        repair = self._repair(request, pk)
        at = localtime(now()).replace(second=0, microsecond=0)
        return self._show(request, repair, MendForm(initial={"mended_at": at, "what": repair.action}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        repair = self._repair(request, pk)
        form = MendForm(request.POST)
        if form.is_valid():
            try:
                mend(Caller.of(request), repair, **form.cleaned_data)
            except RecordRefused as refused:
                form.add_error(None, say_refused(refused))
            else:
                messages.success(request, _("%(terminal)s is mended.") % {"terminal": repair.terminal})
                return redirect(record_url(TERMINALS, repair.terminal))
        return self._show(request, repair, form)

    def _repair(self, request: HttpRequest, pk: int) -> TerminalRepair:
        return get_object_or_404(REPAIRS.records(request.contract).select_related("contract"), pk=pk)

    def _show(self, request: HttpRequest, repair: TerminalRepair, form: MendForm) -> HttpResponse:
        repair.terminal.contract = repair.contract
        context = {"repair": repair, "form": form, "back": record_url(REPAIRS, repair)}
        return render(request, "assets/mend.html", context)
