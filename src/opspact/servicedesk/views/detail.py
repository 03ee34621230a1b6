"""One incident: the sentence, its clocks, its timeline, and what can be done now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.permissions import may
from opspact.servicedesk import clockwork, shown, timeline
from opspact.servicedesk.forms import CommentForm
from opspact.servicedesk.models import Incident
from opspact.servicedesk.promises import Promises
from opspact.servicedesk.queries import visible_to
from opspact.servicedesk.steps import STEPS, Step, possible_now


def the_incident(request: HttpRequest, number: str) -> Incident:
    """The one this person may see, else 404: that it exists is already its own business."""
    seen = visible_to(request.user, request.contract).select_related("contract", "system", "assignee", "reported_by")
    return get_object_or_404(seen, number=number)


@needs("servicedesk.incident.view")
def incident(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "servicedesk/incident.html", _page(request, the_incident(request, number)))


def _page(request: HttpRequest, found: Incident) -> dict[str, Any]:
    now = timezone.now()
    clocks = clockwork.clocks_of(found, now)
    events = found.events.select_related("by")
    promises = Promises.thaw(found.terms)
    steps = possible_now(found, request.user)
    return {
        "incident": found,
        "sentence": shown.sentence(found, clocks, now),
        "state": shown.state_tag(found),
        "clocks": shown.clocks_shown(found, clocks),
        "level": promises.level_for(found.priority),
        "impact": _name(promises.priorities.impacts, found.impact),
        "urgency": _name(promises.priorities.urgencies, found.urgency),
        "happenings": timeline.happenings(found, events),
        "steps": steps,
        "primary": next((step for step in steps if step.is_main), None),
        "comment_form": CommentForm(incident=found),
    }


def _name(ranks: Any, code: str) -> str:
    return next((rank.name for rank in ranks if rank.code == code), code)


class StepPage(View):
    """One step: its form in the dialog or on a page of its own, and doing it. The action's own permission decides."""

    permission = "servicedesk.incident.view"

    def get(self, request: HttpRequest, number: str, step: str) -> HttpResponse:
        found, chosen = the_incident(request, number), self._step(request, step)
        if chosen.form is None:
            return self._show(request, found, chosen, None)
        return self._show(request, found, chosen, chosen.form(incident=found))

    def post(self, request: HttpRequest, number: str, step: str) -> HttpResponse:
        found, chosen = the_incident(request, number), self._step(request, step)
        form = chosen.form(request.POST, incident=found) if chosen.form else None
        if form is not None and not form.is_valid():
            return self._show(request, found, chosen, form)
        try:
            chosen.run(Caller.of(request), found, **(form.cleaned_data if form else {}))
        except ValidationError as error:
            if form is None:
                messages.error(request, " ".join(error.messages))
                return redirect(found)
            form.add_error(None, error)
            return self._show(request, found, chosen, form)
        if request.htmx and chosen.name == "comment":
            return render(request, "servicedesk/timeline.html", _page(request, found))
        messages.success(request, _("%(number)s: %(step)s, done.") % {"number": found.number, "step": chosen.label})
        return redirect(found)

    def _step(self, request: HttpRequest, name: str) -> Step:
        if name not in STEPS:
            raise Http404
        if not may(request.user, STEPS[name].permission, request.contract.code):
            raise PermissionDenied(_("You may not do this: %(what)s.") % {"what": STEPS[name].label})
        return STEPS[name]

    def _show(self, request: HttpRequest, found: Incident, chosen: Step, form: Form | None) -> HttpResponse:
        in_dialog = bool(request.htmx) and request.method == "GET"
        template = "servicedesk/step_dialog.html" if in_dialog else "servicedesk/step.html"
        if request.htmx and request.method == "POST":
            template = "servicedesk/timeline.html"
            return render(request, template, {**_page(request, found), "comment_form": form})
        return render(request, template, {"incident": found, "step": chosen, "form": form})
