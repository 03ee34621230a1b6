"""Ping sweeps of prefixes: asking for one, and how far they are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from opspact.assets.actions.ipam_seen import SCOPE, sweep_prefix
from opspact.assets.views.ipam_forms import SweepForm
from opspact.field.models import Collector, Sweep
from opspact.field.sweeps import hours_words, stop_sweep
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.permissions import may

SHOWN = 30
State = Sweep.State
_TONES = {State.DONE: "good", State.RUNNING: "info", State.WAITING: "warn", State.FAILED: "bad", State.REFUSED: "bad"}
_OPEN = (State.WAITING, State.READY, State.RUNNING)


class SweepsPage(View):
    """The sweeps of the contract, and the form for the next one."""

    permission = "field.sweep.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"prefix": request.GET.get("prefix", ""), "per_second": 50}
        return self._show(request, SweepForm(None, contract=request.contract, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SweepForm(request.POST, contract=request.contract)
        if form.is_valid():
            data = form.cleaned_data
            try:
                sweep = sweep_prefix(
                    Caller.of(request),
                    data["prefix"],
                    collector=_collector(),
                    reference=data["reference"],
                    per_second=data["per_second"],
                    hours=form.hours,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                is_asked = sweep.state == State.WAITING
                asked = _("The client manager is asked; nothing is sent before the answer.")
                messages.success(request, asked if is_asked else _("The collector begins within 15 seconds."))
                return redirect(_here(request))
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: SweepForm) -> HttpResponse:
        found = Sweep.objects.filter(contract=request.contract, scope__startswith=SCOPE)
        rows = [_row(sweep) for sweep in found.select_related("authorisation", "requested_by", "collector")[:SHOWN]]
        context = {
            "form": form,
            "rows": rows,
            "may_ask": may(request.user, "field.sweep.request", request.contract.code),
            "back": reverse("assets:ipam_unregistered", kwargs={"contract": request.contract.code}),
        }
        return render(request, "assets/ipam/sweeps.html", context)


@require_POST
@needs("field.sweep.request")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, contract=request.contract, pk=pk)
    try:
        stop_sweep(Caller.of(request), sweep)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Stopped."))
    return redirect(_here(request))


def _row(sweep: Sweep) -> dict[str, Any]:
    return {
        "sweep": sweep,
        "tone": _TONES.get(State(sweep.state), ""),
        "percent": 100 * sweep.done // sweep.total,
        "is_open": sweep.state in _OPEN,
        "hours": hours_words(sweep),
    }


def _collector() -> Collector:
    """The one registered first, as for checks that name none."""
    found = Collector.objects.filter(is_active=True).order_by("id").first()
    if found is None:
        raise ValidationError(_("No collector is registered."))
    return found


def _here(request: HttpRequest) -> str:
    return reverse("assets:ipam_sweeps", kwargs={"contract": request.contract.code})
