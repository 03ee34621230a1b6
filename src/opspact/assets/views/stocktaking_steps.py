"""The steps of a stocktaking: start, end, count on, cancel, submit, take back, adjust."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking
from opspact.assets.stocktaking import adjusting, leading, reporting
from opspact.assets.views.stocktaking import stocktaking_of
from opspact.kit.actions import Caller
from opspact.kit.ledgers.pages.listing import record_url


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
    text = gettext_lazy("Nobody scans any more. Then choose what follows for each difference, and submit the report.")
    form_class = FinishForm

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        leading.finish(caller, record, is_rest_missing=fields["is_rest_missing"])
        return _("The counting is over.")


class Reopen(Step):
    title = gettext_lazy("Count on")
    text = gettext_lazy("The counting goes on; a report that was submitted is void.")
    form_class = ReasonForm

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        leading.reopen(caller, record, reason=fields["reason"])
        return _("The counting goes on.")


class Submit(Step):
    title = gettext_lazy("Submit the report")
    text = gettext_lazy(
        "The difference report goes to the client. From then on nobody changes what was found and what follows."
    )

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        reporting.submit(caller, record)
        return _("The report waits for the client's approval.")


class TakeBack(Step):
    title = gettext_lazy("Take the report back")
    text = gettext_lazy("What follows can be changed again; the report has to be submitted and approved anew.")
    form_class = ReasonForm

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        reporting.take_back(caller, record, reason=fields["reason"])
        return _("The report is taken back.")


class Adjust(Step):
    permission = adjusting.ADJUST
    title = gettext_lazy("Adjust the ledger")
    text = gettext_lazy("Everything that was approved is written into the ledger, or nothing.")

    def run(self, caller: Caller, record: Stocktaking, **fields: Any) -> str:
        adjusting.ask(caller, record)
        return _("The ledger is being adjusted.")
