"""The plan of a stocktaking, its progress, and its steps: start, end, reopen, cancel, adjust."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import adjusting, leading, queries, scope
from opspact.assets.stocktaking.counting import COUNT
from opspact.assets.stocktaking.places import Places
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers.pages import LedgerList, RecordPage
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.pages.record import EditPage
from opspact.kit.ledgers.writing import RecordRefused
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

    @property
    def columns(self) -> Any:
        done = Column("counted", _("Counted"), value=_counted, sort=None)
        return (*super().columns, done)

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

    def extra_context(self, request: HttpRequest, record: Stocktaking) -> dict[str, Any]:
        return _standing(record) | {
            "count": COUNT,
            "lead": leading.LEAD,
            "adjust": adjusting.ADJUST,
            "is_done": record.state in (State.ADJUSTED, State.CANCELLED),
        }


@needs(VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for every few seconds."""
    record = stocktaking_of(request, pk)
    context = {"record": record, **_standing(record)}
    return render(request, "assets/stocktaking/progress.html", context)


def _standing(record: Stocktaking) -> dict[str, Any]:
    places = Places(record.contract)
    return {
        "standing": queries.standing(record),
        "rooms": queries.by_room(record, places),
        "people": queries.by_person(record),
        "is_running": record.state == State.RUNNING,
    }


@needs(STOCKTAKINGS.permission("edit"))
def preview(request: HttpRequest) -> HttpResponse:
    """How many assets the ticked boxes make."""
    kind = scope.ScopeKind().bound(request.contract)
    try:
        n = scope.assets_of(request.contract, scope.cleaned(kind, scope.from_query(request.GET))).count()
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), content_type="text/plain; charset=utf-8")
    words = ngettext("%(n)s asset is in this scope.", "%(n)s assets are in this scope.", n) % {"n": n}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class FinishForm(forms.Form):
    is_rest_missing = forms.BooleanField(label=gettext_lazy("Count what is still open as missing"), required=False)


class Step(View, ABC):
    """One step of a stocktaking: the question first, then the deed. Subclasses say what."""

    permission: ClassVar[str] = leading.LEAD
    title: ClassVar[str | Promise]
    text: ClassVar[str | Promise]
    form_class: ClassVar[type[forms.Form] | None] = None
    is_dangerous: ClassVar[bool] = False

    @abstractmethod
    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        """Do it; what is said of it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = stocktaking_of(request, pk)
        confirmed = bool(request.POST.get("confirmed"))
        form = self.form_class(request.POST if confirmed else None) if self.form_class else None
        if not confirmed or (form is not None and not form.is_valid()):
            return self._ask(request, record, form)
        try:
            messages.success(request, self.run(Caller.of(request), record, **(form.cleaned_data if form else {})))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except RecordRefused as refused:
            messages.error(request, _("Nothing was written: %(reason)s") % {"reason": _refusal(refused)})
        return HttpResponseRedirect(record_url(STOCKTAKINGS, record))

    def _ask(self, request: HttpRequest, record: Stocktaking, form: forms.Form | None) -> HttpResponse:
        context = {
            "title": f"{self.title}: {record}",
            "text": self.text,
            "button": self.title,
            "action": request.path,
            "hidden": [("confirmed", "1")],
            "danger": self.is_dangerous,
            "form": form,
        }
        return render(request, "kit/parts/confirm.html" if request.htmx else "kit/confirm.html", context)


class Start(Step):
    title = gettext_lazy("Start counting")
    text = gettext_lazy("The list of expected assets and their places is frozen as the ledger says now.")

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        n = leading.start(caller, record)
        return ngettext("%(n)s asset is to be found.", "%(n)s assets are to be found.", n) % {"n": n}


class Cancel(Step):
    title = gettext_lazy("Cancel stocktaking")
    text = gettext_lazy("What was counted stays on record; the ledger stays as it is.")
    form_class = ReasonForm
    is_dangerous = True

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        leading.cancel(caller, record, reason=fields["reason"])
        return _("The stocktaking is cancelled.")


class Finish(Step):
    title = gettext_lazy("End counting")
    text = gettext_lazy("The difference report goes to the client for approval.")
    form_class = FinishForm

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        leading.finish(caller, record, is_rest_missing=fields["is_rest_missing"])
        return _("The counting is over; the report waits for approval.")


class Reopen(Step):
    title = gettext_lazy("Count on")
    text = gettext_lazy("The report is taken back, and the counting goes on.")
    form_class = ReasonForm

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        leading.reopen(caller, record, reason=fields["reason"])
        return _("The counting goes on.")


class Adjust(Step):
    permission = adjusting.ADJUST
    title = gettext_lazy("Adjust the ledger")
    text = gettext_lazy("Everything that was approved is written into the ledger at once, or nothing.")

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        done = adjusting.adjust(caller, record)
        words = _(
            "The ledger is adjusted: %(dated)s confirmed, %(moved)s moved, %(idle)s set to idle, "
            "%(proposed)s proposed to be scrapped, %(created)s new."
        )
        return words % done.__dict__


def _refusal(refused: RecordRefused) -> str:
    """The sentences, each with the record it is about where that is told."""
    said = []
    for position, problems in refused.problems.items():
        about = f"{refused.records[position]}: " if position < len(refused.records) else ""
        said += [about + _(wrong.msgid) % wrong.params for _name, wrong in problems]
    return "; ".join(said[:5])
