"""What was seen beside what is written: the list of proposals, and taking facts in from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View

from opspact.assets.actions.discovery import accept, reject, take_facts
from opspact.assets.discovery import runs
from opspact.assets.discovery.accepting import told
from opspact.assets.discovery.reading import read_facts
from opspact.assets.ledgers.asset import ASSETS, categories
from opspact.assets.models import Category, DiscoveryRun, Proposal
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller
from opspact.kit.ledgers.forms import ReasonForm
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.kit.lists.attaching import attach


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
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

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
        help_text=gettext_lazy(
            "One row for each device, headed as in the ledger: asset code, serial number, management address, name, "
            "model … “key” is what the source itself calls the device."
        ),
    )


def field_word(row: Proposal) -> str:
    """The field in question, or that the device itself is unknown."""
    labels = {each.name: str(each.label) for each in ASSETS.fields}
    return labels.get(row.field, row.field) if row.field else _("not on the ledger")


def shown_on(request: HttpRequest) -> dict[int, str]:
    """What the page said of its proposals when somebody decided on them, as its form sends it back."""
    sent = (each.partition(":") for each in request.POST.getlist("shown"))
    return {int(key): said for key, _colon, said in sent if key.isdecimal() and len(key) < 19}


def _accept(
    caller: Caller, picked: QuerySet[Proposal], *, category: Category | None, reason: str = "", request: HttpRequest
) -> str:
    contract, shown = request.contract, shown_on(request)
    keys = list(picked.filter(state="open").order_by("pk").values_list("pk", flat=True))
    if category is None and picked.filter(state="open", asset=None).exists():
        raise ValidationError(_("Choose a category for the devices that are not on the ledger yet."))
    if len(keys) > runs.AT_ONCE:
        given = {"proposals": keys, "category": category.pk if category else None, "reason": reason}
        given["shown"] = list(shown.items())
        return run_offered(runs.ask(caller, contract, runs.Kind.ACCEPT, given, len(keys)))
    return said(accept(caller, contract, keys, category, reason, shown=shown))


def _reject(caller: Caller, picked: QuerySet[Proposal], *, reason: str = "", request: HttpRequest) -> str:
    contract, shown = request.contract, shown_on(request)
    keys = list(picked.filter(state="open").order_by("pk").values_list("pk", flat=True))
    if len(keys) > runs.AT_ONCE:
        given = {"proposals": keys, "reason": reason, "shown": list(shown.items())}
        return run_offered(runs.ask(caller, contract, runs.Kind.REJECT, given, len(keys)))
    return said(reject(caller, contract, keys, reason, shown=shown))


def said(counts: Mapping[str, int]) -> str:
    """What was done, in words."""
    parts = []
    if "devices" in counts:
        parts.append(_("%(devices)s devices, %(known)s of them on the ledger; %(opened)s new proposals.") % counts)
    if "accepted" in counts:
        n = counts["accepted"]
        parts.append(ngettext("%(n)s proposal was accepted.", "%(n)s proposals were accepted.", n) % {"n": n})
    if counts.get("refused"):
        parts.append(_("%(n)s can't be written as they are and stay open.") % {"n": counts["refused"]})
    if counts.get("newer"):
        parts.append(
            _("Of %(n)s something else was seen meanwhile; they stay open, please look again.") % {"n": counts["newer"]}
        )
    if "rejected" in counts:
        n = counts["rejected"]
        parts.append(ngettext("%(n)s proposal was rejected.", "%(n)s proposals were rejected.", n) % {"n": n})
    return " ".join(parts)


def run_url(run: DiscoveryRun) -> str:
    return reverse("assets:discovery_run", kwargs={"contract": run.contract.code, "pk": run.pk})


def run_offered(run: DiscoveryRun) -> str:
    """The message that a job is at it, with the way to look."""
    words = _("%(n)s are being worked on in the background.") % {"n": f"{run.total:,}"}
    return format_html('{} <a href="{}">{}</a>', words, run_url(run), _("See how far it is"))


class ProposalsPage(ListPage):
    name = "assets.discovery"
    permission = "assets.discovery.view"
    title = gettext_lazy("Seen and written")
    template_name = "assets/discovery/list.html"
    columns = (
        Column(
            "asset",
            gettext_lazy("Asset"),
            value=lambda row: str(row.asset or row.fact.key),
            kind="link",
            phone=True,
            width="l",
        ),
        Column("field", pgettext_lazy("ledger", "Field"), value=field_word, sort="field", phone=True),
        Column("ledger_text", gettext_lazy("On the ledger"), width="l"),
        Column("seen_text", gettext_lazy("Seen"), phone=True, width="l"),
        Column("source", gettext_lazy("Source"), value="fact.source"),
        Column("seen_at", gettext_lazy("Seen at"), value="fact.seen_at", kind="datetime"),
        Column("opened_at", gettext_lazy("Opened at"), kind="datetime", sort="opened_at", default=False),
        Column("state", gettext_lazy("State"), value="get_state_display"),
        Column("refusal", gettext_lazy("Why it stays open"), value=lambda row: told(row.refusal)),
        Column("reason", gettext_lazy("Reason"), default=False),
        Column("decided_by", gettext_lazy("Decided by"), default=False),
    )
    filterset_class = ProposalFilter
    default_sort = "-opened_at"
    tabs = (
        Tab(pgettext_lazy("proposal", "Open"), "state=open"),
        Tab(gettext_lazy("not on the ledger"), "state=open&field=new"),
        Tab(gettext_lazy("rejected"), "state=rejected"),
    )
    empty = Empty(
        gettext_lazy("Nothing was seen that differs from the ledger. Bring in what a management system knows."),
        gettext_lazy("Bring in facts"),
        "assets:facts",
        "assets.discovery.take",
        "radar",
    )

    @property
    def bulk_actions(self) -> Sequence[BulkAction]:  # type: ignore[override]
        return (
            BulkAction(
                "accept",
                pgettext_lazy("proposal", "Accept"),
                "assets.discovery.decide",
                gettext_lazy("Write what was seen into the ledger for %(count)s proposals?"),
                partial(_accept, request=self.request),
                form=AcceptForm,
            ),
            BulkAction(
                "reject",
                gettext_lazy("Reject"),
                "assets.discovery.decide",
                gettext_lazy("Leave the ledger as it is for %(count)s proposals? The same is not proposed again."),
                partial(_reject, request=self.request),
                form=ReasonForm,
            ),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        found = Proposal.objects.filter(contract=request.contract)
        return found.select_related("fact", "asset", "asset__contract", "decided_by")

    def shown_as(self, record: Proposal) -> str:
        return record.said

    def row_url(self, record: Proposal) -> str:
        return reverse("assets:discovery_device", kwargs={"contract": self.request.contract.code, "pk": record.fact_id})


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
                caller, source = Caller.of(request), form.cleaned_data["source"]
                if len(facts) > runs.AT_ONCE:
                    given = {"source": source, "facts": facts}
                    return redirect(run_url(runs.ask(caller, request.contract, runs.Kind.TAKE, given, len(facts))))
                messages.success(request, said(take_facts(caller, request.contract, source, facts)))
                return redirect(f"{reverse('assets:discovery', kwargs={'contract': request.contract.code})}?state=open")
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: FactsForm) -> HttpResponse:
        return render(request, "assets/discovery/facts.html", {"form": form})


def asset_panel(request: HttpRequest, asset: Any) -> dict[str, Any] | None:
    """What was seen of this asset and differs; nothing when all agrees."""
    proposals = list(asset.proposals.filter(state="open")[:20])
    attach(proposals, ("fact",))
    rows = [(row, field_word(row)) for row in proposals]
    return {"rows": rows, "asset": asset} if rows else None
