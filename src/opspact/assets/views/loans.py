"""Loans of terminals: the list, lending, taking back, and the slip for those who sign on paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import django_filters
import segno
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View

from opspact.assets import signatures
from opspact.assets.actions.loans import lend, take_back
from opspact.assets.ledgers.loans import LOANS
from opspact.assets.models import Loan
from opspact.assets.queries.terminals import overdue_loans, unsigned
from opspact.assets.terminal_forms import PAPER, BulkReturnForm, LendForm, ReturnForm
from opspact.assets.views.refusals import say_refused
from opspact.assets.views.terminals import YES
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers.filters import LedgerFilter
from opspact.kit.ledgers.pages.listing import LedgerList, record_url
from opspact.kit.ledgers.pages.record import RecordPage
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import BulkAction, Tab

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]


class LoanList(LedgerList):
    template_name = "assets/loans.html"
    tabs = (
        Tab(gettext_lazy("Not returned"), "open=yes"),
        Tab(pgettext_lazy("loan", "Overdue"), "overdue=yes"),
        Tab(gettext_lazy("Signature missing"), "unsigned=yes"),
    )

    @cached_property
    def filterset_class(self) -> type[LedgerFilter]:  # type: ignore[override]
        contract = self.request.contract
        overdue = overdue_loans(contract, localdate()).values("pk")
        choices = {
            "open": _yes(_("Not returned"), lambda loans: loans.filter(returned_at=None)),
            "overdue": _yes(pgettext_lazy("loan", "Overdue"), lambda loans: loans.filter(pk__in=overdue)),
            "unsigned": _yes(_("Signature missing"), unsigned),
        }
        return type("LoanFilter", (super().filterset_class,), choices)

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        back = BulkAction(
            "take_back",
            gettext_lazy("Take back"),
            "assets.loan.take_back",
            gettext_lazy("Take %(count)s loans back? They are signed for on paper; attach the scan."),
            self._take_back,
            form=BulkReturnForm,
        )
        return (back, *super().bulk_actions)

    def sentence(self, request: HttpRequest) -> str:
        n = overdue_loans(request.contract, localdate()).count()
        if not n:
            return _("No loan is overdue.")
        return ngettext("%(n)s loan is overdue.", "%(n)s loans are overdue.", n) % {"n": n}

    def _take_back(self, caller: Caller, picked: QuerySet[Any], *, condition: str, usage: str) -> str:
        try:
            done = take_back(
                caller, self.request.contract, loans=list(picked.order_by()), condition=condition, usage=usage
            )
        except RecordRefused as refused:
            return say_refused(refused)
        return ngettext("%(n)s terminal is back.", "%(n)s terminals are back.", len(done)) % {"n": len(done)}


def _yes(label: str, narrow: Narrow) -> django_filters.ChoiceFilter:
    def method(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return narrow(queryset)

    return django_filters.ChoiceFilter(label=label, choices=YES, method=method)


class LoanPage(RecordPage):
    template_name = "assets/loan.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        return {
            "is_overdue": record.returned_at is None and record.due_on is not None and record.due_on < localdate(),
            "is_unsigned": unsigned(Loan.objects.filter(pk=record.pk)).exists(),
            "width": signatures.WIDTH,
            "height": signatures.HEIGHT,
        }


class LendPage(View):
    """Terminals out: their labels scanned, who takes them, until when, signed."""

    permission = "assets.loan.lend"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"terminals": request.GET.get("terminal", "")}
        return self._show(request, LendForm(initial=initial, contract=request.contract))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LendForm(request.POST, contract=request.contract)
        if form.is_valid():
            given = dict(form.cleaned_data)
            on_paper = given.pop("signed") == PAPER
            try:
                made = lend(Caller.of(request), request.contract, **given)
            except RecordRefused as refused:
                _refuse(form, refused)
            else:
                words = ngettext("%(n)s terminal is lent.", "%(n)s terminals are lent.", len(made))
                messages.success(request, words % {"n": len(made)})
                return redirect(slip_url(made) if on_paper else record_url(LOANS, made[0]))
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: LendForm) -> HttpResponse:
        back = reverse("assets:loan_list", kwargs={"contract": request.contract.code})
        return render(request, "assets/lend.html", {"form": form, "back": back})


class ReturnPage(View):
    """One terminal back: its condition, what it is afterwards, signed."""

    permission = "assets.loan.take_back"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        loan = self._loan(request, pk)
        if loan.returned_at is not None:
            messages.info(request, _("%(number)s was returned already") % {"number": loan.code})
            return redirect(record_url(LOANS, loan))
        return self._show(request, loan, ReturnForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        loan = self._loan(request, pk)
        form = ReturnForm(request.POST)
        if form.is_valid():
            given = dict(form.cleaned_data)
            on_paper = given.pop("signed") == PAPER
            try:
                take_back(Caller.of(request), request.contract, loans=[loan], **given)
            except RecordRefused as refused:
                _refuse(form, refused)
            else:
                messages.success(request, _("%(terminal)s is back.") % {"terminal": loan.terminal})
                return redirect(slip_url([loan]) if on_paper else record_url(LOANS, loan))
        return self._show(request, loan, form)

    def _loan(self, request: HttpRequest, pk: int) -> Loan:
        return get_object_or_404(LOANS.records(request.contract).select_related("contract"), pk=pk)

    def _show(self, request: HttpRequest, loan: Loan, form: ReturnForm) -> HttpResponse:
        return render(request, "assets/take_back.html", {"loan": loan, "form": form, "back": record_url(LOANS, loan)})


@needs("assets.loan.view")
def slip(request: HttpRequest) -> HttpResponse:
    """The loans `?loan=1&loan=2` on paper: what, to whom, until when, and lines to sign on."""
    keys = [int(key) for key in request.GET.getlist("loan") if key.isdecimal() and len(key) < 18]
    loans = list(LOANS.records(request.contract).filter(pk__in=keys).order_by("pk"))
    context = {
        "loans": [(loan, _qr(loan.code)) for loan in loans],
        "first": loans[0] if loans else None,
        "width": signatures.WIDTH,
        "height": signatures.HEIGHT,
        "back": record_url(LOANS, loans[0]) if loans else reverse("assets:loan_list", args=[request.contract.code]),
    }
    return render(request, "assets/slip.html", context, status=200 if loans else 404 if keys else 400)


def slip_url(loans: Sequence[Loan]) -> str:
    asked = "&".join(f"loan={loan.pk}" for loan in loans)
    return f"{reverse('assets:loan_slip', kwargs={'contract': loans[0].contract.code})}?{asked}"


def _qr(text: str) -> SafeString:
    """The text as a QR code, an SVG that prints sharp."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="svg", scale=2, border=2, xmldecl=False, svgns=True, nl=False, svgclass="assets-qr", lineclass=None
    )
    return mark_safe(target.getvalue().decode())  # noqa: S308 - made by segno of modules, not of the text


def _refuse(form: LendForm | ReturnForm, refused: RecordRefused) -> None:
    """Problems at their fields; those of a loan's terminal at the terminals."""
    place = {"terminal": "terminals"}
    for problems in refused.problems.values():
        for name, wrong in problems:
            at = place.get(name, name)
            form.add_error(at if at in form.fields else None, _(wrong.msgid) % wrong.params)
