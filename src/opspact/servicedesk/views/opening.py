"""The form that opens an incident."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from opspact.kit.actions import Caller
from opspact.servicedesk.actions import open_incident
from opspact.servicedesk.forms import OpenForm


class OpenPage(View):
    permission = "servicedesk.incident.open"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"system": request.GET.get("system", "")}
        return self._show(request, OpenForm(contract=request.contract, user=request.user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OpenForm(request.POST, contract=request.contract, user=request.user)
        if form.is_valid():
            given: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value}
            try:
                incident = open_incident(Caller.of(request), request.contract, **given)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("%(number)s is open, the desk is told.") % {"number": incident.number})
                return redirect(incident)
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: OpenForm) -> HttpResponse:
        return render(request, "servicedesk/open.html", {"form": form})
