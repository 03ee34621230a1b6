"""The plan of a stocktaking and its progress. Its steps are in `stocktaking_steps`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import adjusting, leading, queries, scope, words
from opspact.assets.stocktaking.counting import COUNT
from opspact.assets.stocktaking.places import Places
from opspact.kit.guards import needs
from opspact.kit.ledgers import Field
from opspact.kit.ledgers.pages import LedgerList, RecordPage
from opspact.kit.ledgers.pages.record import EditPage
from opspact.kit.lists import Column
from opspact.kit.shown.formats import NOTHING

VIEW = STOCKTAKINGS.permission("view")
State = Stocktaking.State
Item = StocktakingItem.State


def stocktaking_of(request: HttpRequest, pk: int) -> Stocktaking:
    """404 for one of another contract or off the ledger."""
    found = STOCKTAKINGS.records(request.contract).select_related("contract")
    return get_object_or_404(found, pk=pk)


class StocktakingList(LedgerList):
    """The list, with how far each is."""

    @cached_property
    def columns(self) -> Any:  # type: ignore[override]
        kind = scope.ScopeKind().bound(self.request.contract)
        named = (
            replace(it, value=lambda record: kind.text(record.scope)) if it.name == "scope" else it
            for it in super().columns
        )
        return (*named, Column("counted", _("Counted"), value=_counted, sort=None))

    def base_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        expected = Count("items", filter=Q(items__state__in=queries.EXPECTED))
        still_open = Count("items", filter=Q(items__state=Item.OPEN))
        return super().base_queryset(request).annotate(n_expected=expected, n_open=still_open)


def _counted(record: Any) -> str:
    return f"{record.n_expected - record.n_open} / {record.n_expected}" if record.n_expected else NOTHING


class PlanPage(EditPage):
    """The form of the plan, whose scope needs room."""

    template_name = "assets/stocktaking/form.html"


class StocktakingPage(RecordPage):
    """One stocktaking: progress by room and person while it runs, and what can be done next."""

    template_name = "assets/stocktaking/record.html"

    def shown_fields(self, request: HttpRequest, record: Any) -> Sequence[Field]:
        """The scope by the names of its places and categories."""
        fields = super().shown_fields(request, record)
        return [each.bound(request.contract) if each.name == "scope" else each for each in fields]

    def extra_context(self, request: HttpRequest, record: Stocktaking) -> dict[str, Any]:
        names = {"count": COUNT, "lead": leading.LEAD, "adjust": adjusting.ADJUST}
        return _standing(record) | names


@needs(VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for every few seconds; the whole page anew once the stocktaking was led on."""
    record = stocktaking_of(request, pk)
    if request.GET.get("state", record.state) != record.state:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"record": record, **_standing(record)}
    return render(request, "assets/stocktaking/progress.html", context)


def _standing(record: Stocktaking) -> dict[str, Any]:
    places, standing = Places(record.contract), queries.standing(record)
    return {
        "standing": standing,
        "answer": words.answer(record, standing),
        "rooms": queries.by_room(record, places),
        "people": queries.by_person(record),
        "is_running": record.state == State.RUNNING,
        "is_adjusting": record.state == State.ADJUSTING,
        "export": STOCKTAKINGS.permission("export"),
        "undecided": standing.undecided if record.state in (State.RUNNING, State.COUNTED) else 0,
    }


@needs(STOCKTAKINGS.permission("edit"))
def preview(request: HttpRequest) -> HttpResponse:
    """How many assets the ticked boxes make."""
    kind = scope.ScopeKind().bound(request.contract)
    try:
        n = scope.assets_of(request.contract, scope.cleaned(kind, scope.from_query(request.GET))).count()
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), content_type="text/plain; charset=utf-8")
    said = ngettext("%(n)s asset is in this scope.", "%(n)s assets are in this scope.", n) % {"n": n}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
