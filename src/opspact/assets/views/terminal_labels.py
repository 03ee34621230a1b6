"""The page that prints labels of the picked terminals; their codes say the label number, which the counter scans."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from opspact.assets.actions.labels import MOST, print_labels
from opspact.assets.labels.drawing import Label
from opspact.assets.ledgers.terminals import TERMINALS
from opspact.assets.models import Terminal
from opspact.assets.views.asset_labels import LabelForm, LabelsPage
from opspact.assets.views.terminals import TerminalList
from opspact.kit.actions import Caller


class TerminalLabelForm(LabelForm):
    """As for assets, but what a label says is settled."""

    says = None
    lines = None


class TerminalLabelsPage(LabelsPage):
    """The terminals are named by `pk=1,2,3`, or by `all` and the list's `query`."""

    form_class = TerminalLabelForm

    def _file(self, request: HttpRequest, form: LabelForm) -> HttpResponse:
        cleaned, contract = form.cleaned_data, request.contract
        terminals = picked(request).order_by("code")[: MOST // cleaned["copies"]]
        labels = [label(each, cleaned["symbol"]) for each in terminals for _copy in range(cleaned["copies"])]
        made = print_labels(Caller.of(request), contract, labels=labels, layout=form.layout())
        name = f"terminal-labels-{contract.code}-{timezone.localdate()}.pdf"
        named = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(made, content_type="application/pdf", headers=named)

    def _show(self, request: HttpRequest, form: LabelForm) -> HttpResponse:
        found = picked(request)
        context = {
            "form": form,
            "count": found.count(),
            "most": MOST,
            "codes": list(found.order_by("code").values_list("code", flat=True)[:12]),
            "back": reverse("assets:terminal_list", kwargs={"contract": request.contract.code}),
        }
        return render(request, "assets/labels.html", context)


def label(terminal: Terminal, symbol: str) -> Label:
    """`symbol` is "qr", "bars" or "both"."""
    lines = (terminal.call_no, f"{terminal.department} {terminal.user}".strip())
    return Label(
        code=terminal.code,
        name=terminal.name,
        lines=tuple(line for line in lines if line),
        foot=terminal.contract.short_name or terminal.contract.name,
        qr=terminal.code if symbol != "bars" else "",
        bars=terminal.code if symbol != "qr" else "",
    )


def picked(request: HttpRequest) -> QuerySet[Terminal]:
    """The terminals of the address; those of the contract only, and none for a filter with a wrong value."""
    records = TERMINALS.records(request.contract).select_related("contract")
    if request.GET.get("all"):
        listing = TerminalList()
        listing.ledger = TERMINALS  # type: ignore[misc]
        listing.setup(request)
        filters = listing.filterset_class(QueryDict(request.GET.get("query", "")), queryset=records, request=request)
        return filters.qs if filters.is_valid() else records.none()
    keys = [int(key) for key in request.GET.get("pk", "").split(",") if key.isdecimal() and len(key) < 18]
    return records.filter(pk__in=keys)
