"""What was seen beside what is written: the list of proposals, and taking facts in from a file."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View

from opspact.assets.actions.discovery import accept, reject, take_facts
from opspact.assets.discovery.reading import read_facts
from opspact.assets.ledgers.asset import ASSETS, categories
from opspact.assets.models import Category, Proposal
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab


class ProposalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Proposal.State.choices)
    field = django_filters.ChoiceFilter(label=pgettext_lazy("ledger", "Field"), method="of_field", choices=())
    source = django_filters.CharFilter("fact__source", label=gettext_lazy("Source"))
    asset = django_filters.CharFilter("asset__code", label=gettext_lazy("Asset code"))

    class Meta:
        model = Proposal
        fields = ("state", "field", "source", "asset")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.name, each.label) for each in ASSETS.fields]
        self.filters["field"].extra["choices"] = [("new", _("not on the ledger")), *named]

    def of_field(self, queryset: QuerySet[Proposal], name: str, value: str) -> QuerySet[Proposal]:
        return queryset.filter(field="" if value == "new" else value)


class AcceptForm(forms.Form):
    """Devices that are not on the ledger need a category."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category of new assets"), queryset=Category.objects.none(), required=False
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories(request.contract)


class FactsForm(forms.Form):
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=60,
        help_text=gettext_lazy("Who saw it, such as the network management system."),
    )
    file = forms.FileField(
        label=gettext_lazy("File (CSV or JSON)"),
        help_text=gettext_lazy("One row for each device: key, serial number, management address, name, model …"),
    )


def _field_word(row: Proposal) -> str:
    labels = {each.name: str(each.label) for each in ASSETS.fields}
    return labels.get(row.field, row.field) if row.field else _("not on the ledger")


def _accept(caller: Caller, picked: QuerySet[Proposal], *, category: Category | None) -> str:
    rows = list(picked.select_related("contract"))
    try:
        done = accept(caller, rows[0].contract, rows, category)
    except ValidationError as error:
        return " ".join(error.messages)
    words = ngettext("%(n)s proposal was accepted.", "%(n)s proposals were accepted.", done["accepted"])
    said = words % {"n": done["accepted"]}
    if done["refused"]:
        said += " " + _("%(n)s can't be written as they are and stay open.") % {"n": done["refused"]}
    return said


def _reject(caller: Caller, picked: QuerySet[Proposal]) -> str:
    rows = list(picked.select_related("contract"))
    done = reject(caller, rows[0].contract, rows)
    return ngettext("%(n)s proposal was rejected.", "%(n)s proposals were rejected.", done) % {"n": done}


class ProposalsPage(ListPage):
    name = "assets.discovery"
    permission = "assets.discovery.view"
    title = gettext_lazy("Seen and written")
    template_name = "assets/discovery/list.html"
    columns = (
        Column("asset", gettext_lazy("Asset"), value=lambda row: str(row.asset or row.fact.key), phone=True, width="l"),
        Column("field", pgettext_lazy("ledger", "Field"), value=_field_word, sort="field", phone=True),
        Column("ledger_text", gettext_lazy("On the ledger"), width="l"),
        Column("seen_text", gettext_lazy("Seen"), phone=True, width="l"),
        Column("source", gettext_lazy("Source"), value="fact.source"),
        Column("seen_at", gettext_lazy("Seen at"), value="fact.seen_at", kind="datetime"),
        Column("opened_at", gettext_lazy("Opened at"), kind="datetime", sort="opened_at", default=False),
        Column("state", gettext_lazy("State"), value="get_state_display"),
        Column("decided_by", gettext_lazy("Decided by"), default=False),
    )
    filterset_class = ProposalFilter
    default_sort = "-opened_at"
    tabs = (
        Tab(gettext_lazy("open"), "state=open"),
        Tab(gettext_lazy("not on the ledger"), "state=open&field=new"),
        Tab(gettext_lazy("rejected"), "state=rejected"),
    )
    bulk_actions = (
        BulkAction(
            "accept",
            pgettext_lazy("proposal", "Accept"),
            "assets.discovery.decide",
            gettext_lazy("Write what was seen into the ledger for %(count)s proposals?"),
            _accept,
            form=AcceptForm,
        ),
        BulkAction(
            "reject",
            gettext_lazy("Reject"),
            "assets.discovery.decide",
            gettext_lazy("Leave the ledger as it is for %(count)s proposals?"),
            _reject,
        ),
    )
    empty = Empty(
        gettext_lazy("Nothing was seen that differs from the ledger. Bring in what a management system knows."),
        gettext_lazy("Bring in facts"),
        "assets:facts",
        "assets.discovery.take",
        "radar",
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        found = Proposal.objects.filter(contract=request.contract)
        return found.select_related("fact", "asset", "asset__contract", "decided_by")

    def row_url(self, record: Proposal) -> str:
        if record.asset_id is None:
            return ""
        return reverse("assets:asset", kwargs={"contract": self.request.contract.code, "pk": record.asset_id})


class FactsPage(View):
    """A file of facts from another system."""

    permission: ClassVar[str] = "assets.discovery.take"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, FactsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FactsForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                facts = read_facts(form.cleaned_data["file"].read())
            except Wrong as wrong:
                form.add_error("file", _(wrong.msgid) % wrong.params)
            else:
                done = take_facts(Caller.of(request), request.contract, form.cleaned_data["source"], facts)
                words = _("%(devices)s devices, %(known)s of them on the ledger; %(opened)s new proposals.")
                messages.success(request, words % done)
                return redirect(f"{reverse('assets:discovery', kwargs={'contract': request.contract.code})}?state=open")
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: FactsForm) -> HttpResponse:
        return render(request, "assets/discovery/facts.html", {"form": form})


def asset_panel(request: HttpRequest, asset: Any) -> dict[str, Any] | None:
    """What was seen of this asset and differs; nothing when all agrees."""
    rows = [(row, _field_word(row)) for row in asset.proposals.filter(state="open").select_related("fact")[:20]]
    return {"rows": rows, "asset": asset} if rows else None
