"""Spare parts: the list with what runs short, the part with its movements, moving, and all movements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from opspact.assets.actions import spares
from opspact.assets.ledgers.software import assets
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.models import SpareMovement, SparePart
from opspact.assets.views.software import blame
from opspact.kit.actions import Caller
from opspact.kit.ledgers import BigReference, Field
from opspact.kit.ledgers.filters import filterset_of
from opspact.kit.ledgers.pages import LedgerList, RecordPage
from opspact.kit.ledgers.pages.listing import record_url, urls_of
from opspact.kit.ledgers.writing import RecordRefused
from opspact.kit.lists import Column, Empty, ListPage, Tab
from opspact.kit.permissions import may
from opspact.kit.shown.states import tag

SHORT = {"stock__lt": F("minimum")}
Kind = SpareMovement.Kind
VALUE = ExpressionWrapper(F("amount") * F("price"), DecimalField(max_digits=18, decimal_places=2))


class SpareList(LedgerList):
    template_name = "assets/spares.html"
    tabs = (Tab(gettext_lazy("Below minimum"), "short=yes"),)

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        stock = Column(
            "stock", _("Stock"), value=_stock, kind="html", sort="stock", phone=True, export=lambda part: part.stock
        )
        return tuple(stock if column.name == "stock" else column for column in super().columns)

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        choices = (("yes", _("yes")), ("no", _("no")))

        class SpareFilter(filterset_of(self.ledger, self.request.contract)):  # type: ignore[misc]
            short = django_filters.ChoiceFilter(label=_("Below minimum"), choices=choices, method="that_are")

            def that_are(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
                return queryset.filter(**SHORT) if value == "yes" else queryset.exclude(**SHORT)

        return SpareFilter

    def sentence(self, request: HttpRequest) -> str:
        parts = self.base_queryset(request)
        total, short = parts.count(), parts.filter(**SHORT).count()
        words = _("%(total)s kinds of spare parts, %(short)s below their minimum.")
        return words % {"total": total, "short": short} if total else ""


def _stock(part: Any) -> SafeString:
    shown = format_html("{} {}", part.stock, part.unit)
    return format_html("{} {}", shown, tag(_("below %(n)s") % {"n": part.minimum}, "bad")) if is_short(part) else shown


def is_short(part: Any) -> bool:
    return part.stock < part.minimum


class SparePage(RecordPage):
    template_name = "assets/spare.html"

    def extra_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        moved = record.movements.select_related("asset__contract", "by")[:50]
        code = request.contract.code
        moves = (
            [] if record.deleted_at else [move for move in MOVES.values() if may(request.user, move.permission, code)]
        )
        return {"movements": moved, "moves": moves, "is_short": is_short(record)}


class MoveForm(forms.Form):
    """How many, for what."""

    amount = forms.IntegerField(label=gettext_lazy("Amount"), min_value=1, max_value=spares.MOST)
    reference = forms.CharField(
        label=gettext_lazy("Repair or document"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as the number of the incident or of the delivery note."),
    )


class CountForm(forms.Form):
    """How many were found, and on which occasion."""

    amount = forms.IntegerField(label=gettext_lazy("Counted"), min_value=0, max_value=spares.MOST)
    reference = forms.CharField(label=gettext_lazy("Reason"), max_length=120)


@dataclass(frozen=True)
class Move:
    """A way the stock changes: its word, its permission, its action, and whether an asset is asked for."""

    name: str
    label: str | Promise
    permission: str
    icon: str
    act: Callable[..., Any]
    for_asset: bool = False


def _count(caller: Caller, part: SparePart, *, amount: int, reference: str) -> SpareMovement | None:
    return spares.count(caller, part, counted=amount, reference=reference)


MOVES = {
    move.name: move
    for move in (
        Move("use", gettext_lazy("Use on a repair"), "assets.sparepart.use", "tool", spares.use, for_asset=True),
        Move("receive", gettext_lazy("Receive"), "assets.sparepart.receive", "plus", spares.receive),
        Move(
            "return",
            gettext_lazy("Return to stock"),
            "assets.sparepart.return",
            "arrow-back-up",
            spares.give_back,
            for_asset=True,
        ),
        Move("count", gettext_lazy("Correct by count"), "assets.sparepart.count", "checklist", _count),
    )
}


class MovePage(View):
    """One movement of one part; `move` is a name of MOVES."""

    permission = "assets.sparepart.use"
    move: Move

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        part = self._part(request, pk)
        return self._show(request, part, self._form(request, None))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        part = self._part(request, pk)
        form = self._form(request, request.POST)
        if form.is_valid():
            try:
                self.move.act(Caller.of(request), part, **form.cleaned_data)
            except RecordRefused as refused:
                blame(form, refused)
            else:
                words = _("%(part)s: now %(stock)s %(unit)s in stock.")
                messages.success(request, words % {"part": part, "stock": part.stock, "unit": part.unit})
                return redirect(record_url(SPARES, part))
        return self._show(request, part, form)

    def _part(self, request: HttpRequest, pk: int) -> SparePart:
        found = SparePart.objects.select_related("contract")
        return get_object_or_404(found, contract=request.contract, pk=pk, deleted_at=None)

    def _form(self, request: HttpRequest, data: Any) -> forms.Form:
        form = CountForm(data) if self.move.name == "count" else MoveForm(data)
        if self.move.for_asset:
            asked = Field("asset", _("For asset"), BigReference(assets), help=_("Its code, typed or scanned."))
            form.fields["asset"] = asked.bound(request.contract).form_field()
            form.order_fields(["amount", "asset", "reference"])
        return form

    def _show(self, request: HttpRequest, part: SparePart, form: forms.Form) -> HttpResponse:
        context = {
            "move": self.move,
            "part": part,
            "form": form,
            "ledger": SPARES,
            "urls": urls_of(SPARES, request.contract),
            "back": record_url(SPARES, part),
        }
        return render(request, "assets/spare_move.html", context)


def move_view(name: str) -> Any:
    """The page of one way to move, with its own permission."""
    move = MOVES[name]
    return type("MovePage", (MovePage,), {"move": move, "permission": move.permission}).as_view()


class MovementFilter(django_filters.FilterSet):
    part = django_filters.CharFilter("part__code", label=gettext_lazy("Spare part"))
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Kind.choices)
    asset = django_filters.CharFilter("asset__code", label=gettext_lazy("Asset code"))
    reference = django_filters.CharFilter(label=gettext_lazy("Repair or document"), lookup_expr="icontains")
    since = django_filters.DateFilter(
        "at", "date__gte", label=gettext_lazy("from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        "at", "date__lte", label=gettext_lazy("until"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = SpareMovement
        fields = ("part", "kind", "asset", "reference", "since", "until")


class MovementList(ListPage):
    name = "assets.sparemovement"
    permission = "assets.sparepart.view"
    title = gettext_lazy("Movements of spare parts")
    columns = (
        Column("at", gettext_lazy("Time"), kind="datetime", sort="at", phone=True),
        Column("part", gettext_lazy("Spare part"), kind="link", value=lambda row: str(row.part), phone=True, width="l"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", sort="kind"),
        Column("amount", gettext_lazy("Amount"), kind="number", sort="amount", phone=True),
        Column("stock_after", gettext_lazy("Stock after"), kind="number"),
        Column("asset", gettext_lazy("For asset"), value=lambda row: str(row.asset or ""), width="l"),
        Column("reference", gettext_lazy("Repair or document"), sort="reference"),
        Column("value", gettext_lazy("Value (CNY)"), kind="money", value="value"),
        Column("by", gettext_lazy("By"), value=lambda row: str(row.by or "")),
    )
    filterset_class = MovementFilter
    default_sort = "-at"
    tabs = (Tab(gettext_lazy("Used on repairs"), "kind=used"),)
    empty = Empty(gettext_lazy("What comes in, is used, returned or counted is written down here."), icon="tool")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = SpareMovement.objects.filter(part__contract=request.contract).annotate(value=VALUE)
        return found.select_related("part__contract", "asset", "by")

    def row_url(self, record: Any) -> str:
        return record_url(SPARES, record.part)

    def sentence(self, request: HttpRequest) -> str:
        used, worth = used_in(self.filtered(request.GET))
        words = _("Used on repairs: %(n)s pieces worth %(worth)s. Recorded, not billed: the price is all-in (§3).")
        return words % {"n": used, "worth": f"¥{worth:,.2f}"}


def used_in(movements: QuerySet[Any]) -> tuple[int, Decimal]:
    """Pieces used on repairs less those returned, and their value in yuan; parts without a price count nothing."""
    spent = movements.filter(kind__in=(Kind.USED, Kind.RETURNED)).order_by()
    sums = spent.aggregate(pieces=Sum("amount"), worth=Sum(VALUE))
    return -(sums["pieces"] or 0), -(sums["worth"] or Decimal(0))
