"""The items of stocktakings: the list to look for what is open and to mark many at once, and the page of one."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.ledgers.asset import categories
from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Category, Room, Stocktaking, StocktakingItem
from opspact.assets.stocktaking import counting, deciding, marking, queries
from opspact.assets.stocktaking.facts import follows
from opspact.assets.stocktaking.leading import LEAD
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.views.stocktaking import stocktaking_of
from opspact.kit.actions import Caller
from opspact.kit.lists import BulkAction, Column, Empty, ListPage, Tab
from opspact.kit.permissions import may

Item = StocktakingItem.State
VIEW = STOCKTAKINGS.permission("view")


def _stocktakings(request: Any) -> QuerySet[Stocktaking]:
    return STOCKTAKINGS.records(request.contract).order_by("-pk") if request else Stocktaking.objects.none()


def _rooms(request: Any) -> QuerySet[Room]:
    return Room.objects.filter(contract=request.contract).order_by("code") if request else Room.objects.none()


class ItemFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=gettext_lazy("Search"), method="find", widget=forms.SearchInput())
    stocktaking = django_filters.ModelChoiceFilter(label=gettext_lazy("Stocktaking"), queryset=_stocktakings)
    state = django_filters.ChoiceFilter(label=gettext_lazy("Result"), choices=Item.choices)
    expected_room = django_filters.ModelChoiceFilter(label=gettext_lazy("Room on the ledger"), queryset=_rooms)

    follows = django_filters.ChoiceFilter(
        label=gettext_lazy("What follows"),
        choices=(("undecided", gettext_lazy("To be chosen")), *StocktakingItem.Outcome.choices),
        method="find_follows",
    )

    class Meta:
        model = StocktakingItem
        fields = ("stocktaking", "state", "expected_room")

    def find_follows(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "undecided":
            return queryset.filter(state__in=deciding.ASKED, resolution="")
        return queryset.filter(outcome=value)

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        word = value.replace("\0", "")
        ways = ("asset__code", "asset__name", "asset__serial_no", "text", "remark")
        wanted = Q()
        for way in ways:
            wanted |= Q(**{f"{way}__icontains": word})
        return queryset.filter(wanted)


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Such as: counted on paper by Li, 12 May."),
    )

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class FoundForm(WhyForm):
    place = forms.ChoiceField(label=gettext_lazy("Found in"), required=False)

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.places = Places(request.contract)
        words = [(value, "　" * depth + text) for value, text, depth in self.places.options()]
        self.fields["place"].choices = [("", _("Where the ledger has it")), *words]

    def clean_place(self) -> Place | None:
        value = self.cleaned_data["place"]
        return self.places.chosen(value) if value else None


class FollowsForm(forms.Form):
    resolution = forms.ChoiceField(label=gettext_lazy("What follows"), choices=StocktakingItem.Resolution.choices)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category of a new asset"), queryset=Category.objects.none(), required=False
    )

    def __init__(self, *args: Any, request: Any = None, states: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories(request.contract)
        if states:
            offered = {choice for state in states for choice in deciding.CHOICES.get(Item(state), ())}
            choices = [(str(choice), choice.label) for choice in StocktakingItem.Resolution if choice in offered]
            self.fields["resolution"].choices = choices


class ItemList(ListPage):
    """What was expected and found, of all stocktakings of the contract; opened with one of them as the filter."""

    name = "assets.stocktaking.items"
    permission = VIEW
    title = gettext_lazy("Items of stocktakings")
    template_name = "assets/stocktaking/items.html"
    columns = (
        Column("item", gettext_lazy("Asset"), value=str, kind="link", sort="pk", phone=True, width="l"),
        Column("state", gettext_lazy("Result"), value="get_state_display", sort="state", phone=True, width="fit"),
        Column("serial", gettext_lazy("Serial number"), value="asset.serial_no", width="fit"),
        Column("ledger", gettext_lazy("Place on the ledger"), value=lambda it: _words(it, "expected"), phone=True),
        Column("place", gettext_lazy("Found in"), value=lambda it: _words(it, "found")),
        Column("found_by", gettext_lazy("Found by"), value="found_by", width="fit"),
        Column("found_at", gettext_lazy("Time found"), kind="datetime", sort="found_at"),
        Column("remark", gettext_lazy("Remark"), default=False),
        Column("follows", gettext_lazy("What follows"), value=follows),
        Column("outcome", gettext_lazy("Outcome"), value="get_outcome_display", default=False),
        Column("stocktaking", gettext_lazy("Stocktaking"), value="stocktaking.code", default=False),
    )
    default_sort = "item"
    filterset_class = ItemFilter
    empty = Empty(gettext_lazy("Nothing is expected or found here. Start a stocktaking first."), icon="clipboard-check")
    bulk_actions = (
        BulkAction(
            "found",
            gettext_lazy("Mark as found"),
            counting.COUNT,
            gettext_lazy("Mark %(count)s items as found:"),
            lambda caller, picked, **said: _mark(caller, picked, Item.FOUND, **said),
            form=FoundForm,
        ),
        BulkAction(
            "missing",
            gettext_lazy("Mark as missing"),
            counting.COUNT,
            gettext_lazy("Mark %(count)s items as missing:"),
            lambda caller, picked, **said: _mark(caller, picked, Item.MISSING, **said),
            form=WhyForm,
        ),
        BulkAction(
            "open",
            gettext_lazy("Look again"),
            counting.COUNT,
            gettext_lazy("Take back what was said of %(count)s items?"),
            lambda caller, picked, **said: _mark(caller, picked, Item.OPEN, **said),
            form=WhyForm,
        ),
        BulkAction(
            "here",
            gettext_lazy("Confirm places"),
            counting.COUNT,
            gettext_lazy("Confirm that %(count)s items stand where they were found?"),
            lambda caller, picked: _confirm(caller, picked),
        ),
        BulkAction(
            "follows",
            gettext_lazy("What follows"),
            LEAD,
            gettext_lazy("Choose what follows for %(count)s items:"),
            lambda caller, picked, **said: _choose(caller, picked, **said),
            form=FollowsForm,
        ),
    )

    @property
    def tabs(self) -> tuple[Tab, ...]:  # type: ignore[override]
        """By result, within the stocktaking that is looked at."""
        about = self.request.GET.get("stocktaking", "")
        within = f"stocktaking={about}&" if about.isdecimal() else ""
        return (
            *((Tab(_("All of this stocktaking"), within.rstrip("&")),) if within else ()),
            *(Tab(state.label, f"{within}state={state}") for state in Item),
            Tab(gettext_lazy("To be chosen what follows"), f"{within}follows=undecided"),
        )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = StocktakingItem.objects.filter(stocktaking__contract=request.contract)
        return found.filter(stocktaking__deleted_at=None).select_related("stocktaking__contract", *queries.RELATED)

    def row_url(self, record: StocktakingItem) -> str:
        names = {"contract": self.contract_code, "pk": record.stocktaking_id, "item": record.pk}
        return reverse("assets:stocktaking_item", kwargs=names)


class ItemPage(View):
    """One item: its scans, its photos, a remark, and what follows."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int, item: int) -> HttpResponse:
        return self._show(request, *self._found(request, pk, item))

    def post(self, request: HttpRequest, pk: int, item: int) -> HttpResponse:
        record, found = self._found(request, pk, item)
        try:
            if "remark" in request.POST:
                marking.remark(Caller.of(request), record, found, text=request.POST["remark"])
                messages.success(request, _("The remark is saved."))
            else:
                form = FollowsForm(request.POST, request=request, states=[found.state])
                if not form.is_valid():
                    return self._show(request, record, found, form)
                deciding.choose(Caller.of(request), record, [found], **form.cleaned_data)
                messages.success(request, _("What follows is saved."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(request.path)

    def _found(self, request: HttpRequest, pk: int, item: int) -> tuple[Stocktaking, StocktakingItem]:
        record = stocktaking_of(request, pk)
        found = record.items.select_related("stocktaking__contract", "confirmed_by", *queries.RELATED)
        return record, get_object_or_404(found, pk=item)

    def _show(self, request: HttpRequest, record: Any, item: Any, form: Any = None) -> HttpResponse:
        code = request.contract.code
        initial = {"resolution": item.resolution, "category": item.new_category_id}
        choosable = item.state in deciding.CHOICES and may(request.user, LEAD, code)
        context = {
            "record": record,
            "item": item,
            "ledger_place": _words(item, "expected"),
            "found_place": _words(item, "found"),
            "follows": follows(item),
            "scans": item.scans.select_related("by", "site", "room", "rack"),
            "form": form or (FollowsForm(request=request, states=[item.state], initial=initial) if choosable else None),
            "may_count": may(request.user, counting.COUNT, code),
        }
        return render(request, "assets/stocktaking/item.html", context)


def _words(item: Any, when: str) -> str:
    """Room and rack, else the site, from the records that are already read."""
    site, room, rack = (getattr(item, f"{when}_{name}") for name in ("site", "room", "rack"))
    return " ".join(part for part in (room.name if room else "", rack.code if rack else "") if part) or str(site or "")


def _one(picked: QuerySet[Any]) -> tuple[Stocktaking, list[StocktakingItem]]:
    """The picked items and their stocktaking. Raises ValidationError when they are of several."""
    items = list(picked)
    stocktakings = {item.stocktaking_id: item.stocktaking for item in items}
    if len(stocktakings) != 1:
        raise ValidationError(_("These items are of several stocktakings; filter by one of them first."))
    return next(iter(stocktakings.values())), items


def _mark(caller: Caller, picked: QuerySet[Any], to: str, *, reason: str, place: Place | None = None) -> str:
    n = marking.mark(caller, *_one(picked), to=to, reason=reason, place=place)
    return ngettext("%(n)s item was marked.", "%(n)s items were marked.", n) % {"n": n}


def _confirm(caller: Caller, picked: QuerySet[Any]) -> str:
    n = counting.confirm_all(caller, *_one(picked), is_here=True)
    return ngettext("The place of %(n)s item is confirmed.", "The places of %(n)s items are confirmed.", n) % {"n": n}


def _choose(caller: Caller, picked: QuerySet[Any], *, resolution: str, category: Any) -> str:
    n = deciding.choose(caller, *_one(picked), resolution=resolution, category=category)
    return ngettext("Chosen for %(n)s item.", "Chosen for %(n)s items.", n) % {"n": n}
