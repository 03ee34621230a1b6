"""One incident: the sentence, its clocks, its timeline, and what can be done now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from opspact.servicedesk.queries import visible_to


def incident(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(visible_to(request.user, request.contract), number=number)
    return render(request, "servicedesk/incident.html", {"incident": found})


incident.permission = "servicedesk.incident.view"
