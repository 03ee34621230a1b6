"""Maintenance and exemptions: what was asked for, and asking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from opspact.core.instants import to_us
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.lists import Column, Empty, ListPage
from opspact.kit.shown.states import tag
from opspact.monitoring.actions import request_grant, withdraw_grant
from opspact.monitoring.forms import GrantForm
from opspact.monitoring.models import GrantedInterval

_TONES = {GrantedInterval.Decision.WAITING: "warn", GrantedInterval.Decision.APPROVED: "good"}


def decision_tag(granted: GrantedInterval) -> SafeString:
    return tag(granted.decision.label, _TONES.get(granted.decision, ""))


def _duration(granted: GrantedInterval) -> int:
    return to_us(granted.ends_at) - to_us(granted.starts_at)


class GrantsPage(ListPage):
    name = "monitoring.grants"
    permission = "monitoring.system.view"
    title = gettext_lazy("Maintenance and exemptions")
    template_name = "monitoring/grants.html"
    columns = (
        Column("subject", gettext_lazy("What"), phone=True, width="l"),
        Column("kind", gettext_lazy("Kind"), value="get_kind_display", phone=True),
        Column("starts_at", gettext_lazy("From"), kind="datetime", sort="starts_at", phone=True),
        Column("ends_at", gettext_lazy("Until"), kind="datetime"),
        Column("duration", gettext_lazy("Duration"), value=_duration, kind="duration", default=False),
        Column("reason", gettext_lazy("Reason"), width="l"),
        Column("clause", gettext_lazy("Clause"), default=False),
        Column(
            "decision",
            gettext_lazy("Decision"),
            value=decision_tag,
            kind="html",
            export=lambda granted: granted.decision.label,
        ),
        Column("requested_by", gettext_lazy("Asked by")),
        Column("approved_by", gettext_lazy("Approved by"), default=False),
        Column("approved_at", gettext_lazy("Approved at"), kind="datetime"),
    )
    default_sort = "-starts_at"
    empty = Empty(
        gettext_lazy("Time that the client takes out of the figures stands here, with who approved it and when."),
        gettext_lazy("Ask for maintenance"),
        "monitoring:grant_new",
        "monitoring.grant.request",
        icon="tool",
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[GrantedInterval]:
        return GrantedInterval.objects.filter(contract=request.contract).select_related(
            "system", "target", "checked__target", "requested_by", "approved_by"
        )


class RequestPage(View):
    """Asking the client manager."""

    permission = "monitoring.grant.request"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"system": request.GET.get("system", ""), "target": request.GET.get("target", "")}
        return self._show(request, GrantForm(contract=request.contract, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GrantForm(request.POST, contract=request.contract)
        if form.is_valid():
            names = ("what", "kind", "starts_at", "ends_at", "reason", "clause")
            given: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
            try:
                request_grant(Caller.of(request), request.contract, **given)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The client manager is asked. Until it is approved it counts for nothing."))
                return redirect("monitoring:grants", contract=request.contract.code)
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: GrantForm) -> HttpResponse:
        return render(request, "monitoring/grant_form.html", {"form": form})


@require_POST
@needs("monitoring.grant.request")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    granted = get_object_or_404(GrantedInterval, contract=request.contract, pk=pk)
    try:
        withdraw_grant(Caller.of(request), granted)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("monitoring:grants", contract=request.contract.code)
