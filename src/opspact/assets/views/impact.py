"""The page about impact: who suffers if something stops, or what it needs, as a picture, a list and a sentence.

On other pages a box asks for the sentence once its page is there: how long that takes depends on the whole graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from opspact.assets.impact import subjects
from opspact.assets.impact.answers import needed, suffering
from opspact.assets.impact.drawing import picture
from opspact.kit.guards import needs

VIEW = "assets.relation.view"
ENOUGH = 1_000
"""Of more assets than these a box says no more than that."""


@needs(VIEW)
def impact(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in subjects.KINDS:
        raise Http404
    among, ask = subjects.KINDS[kind]
    subject = ask(get_object_or_404(among(request.contract), pk=pk))
    # Nothing needs a business system, and a place or a line needs nothing that is on record.
    ways = {"asset": ("suffers", "needs"), "system": ("needs",)}.get(kind, ("suffers",))
    way = "needs" if request.GET.get("way") == "needs" or ways == ("needs",) else "suffers"
    if way not in ways:
        raise Http404
    answer = (needed if way == "needs" else suffering)(request.contract, subject, timezone.now())
    context = {"answer": answer, "way": way, "ways": ways, "picture": picture(answer) if answer.things else None}
    return render(request, "assets/impact.html", context)


def panel_of(kind: str) -> Callable[[HttpRequest, Any], dict[str, Any] | None]:
    """The box on a rack's, a room's or a line's page: the sentence, the systems, and the way to the whole graph."""
    _among, ask = subjects.KINDS[kind]

    def panel(request: HttpRequest, record: Any) -> dict[str, Any] | None:
        return None if record.deleted_at is not None else in_short(request.contract, ask(record))

    return panel


def in_short(contract: Any, subject: subjects.Subject) -> dict[str, Any]:
    """What a box says of a subject. How long it takes depends on the whole graph, so such boxes come late."""
    answer = suffering(contract, subject, timezone.now(), len(subject.seeds) + ENOUGH, names=False)
    return {"answer": answer, "url": subject.url(contract)}
