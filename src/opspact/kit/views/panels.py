"""A box that is drawn after its page: see `registries.Panel.is_late`."""

from __future__ import annotations

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from opspact.kit.guards import needs
from opspact.kit.registries import panels


@needs("kit.contract.view")
def late(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """The box called `name` about a record of this contract; nothing where the box has nothing to say."""
    panel = next((each for each in panels.for_page(request) if each.name == name and each.is_late), None)
    if panel is None:
        raise Http404
    record = get_object_or_404(apps.get_model(panel.subject), pk=pk, contract=request.contract)
    values = panel.context(request, record)
    if values is None:
        return HttpResponse()
    return render(request, "kit/parts/box.html", {"box": panel, "inside": panel.template, **values})
