"""The counting page, what it keeps to be opened without a network, and what it sends once there is one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opspact.assets.stocktaking import counting, queries
from opspact.assets.stocktaking.counting import COUNT, Confirmed, Scanned
from opspact.assets.stocktaking.leading import LEAD, State
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.words import told
from opspact.assets.views.stocktaking import stocktaking_of
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.permissions import may

RECENT = 30
WORKER = Path(__file__).resolve().parents[1] / "static" / "assets" / "stocktaking-worker.js"


@needs(COUNT)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Camera, scanner field and typing while the counting runs; before, who can start it; afterwards, what waits."""
    record = stocktaking_of(request, pk)
    places = Places(record.contract)
    own = record.scans.filter(by=request.user).select_related("item__asset", "item__found_by", "item__stocktaking")
    is_planned = record.state == State.PLANNED
    context = {
        "record": record,
        "is_running": record.state == State.RUNNING,
        "is_planned": is_planned,
        "may_lead": may(request.user, LEAD, record.contract.code),
        "leaders": queries.leaders(record.contract) if is_planned else [],
        "places": places.options(),
        "recent": [told(record, scan, places) for scan in own.order_by("-pk")[:RECENT]],
        "standing": queries.standing(record),
    }
    return render(request, "assets/stocktaking/count.html", context)


@needs(COUNT)
def worker(request: HttpRequest, pk: int) -> HttpResponse:
    """The service worker; its address is what limits it to the counting page of this one stocktaking."""
    stocktaking_of(request, pk)
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@needs(COUNT)
def expected(request: HttpRequest, pk: int) -> HttpResponse:
    """`{"contract", "places": [[value, words]], "rows": [[code, serial, name, place, asset]]}`, `place` the position in
    `places`: what a device needs to tell without a network whether something stands where it should."""
    record = stocktaking_of(request, pk)
    places, at = Places(record.contract), {}
    rows = []
    for code, serial, name, asset, *where in queries.labels(record):
        position = at.setdefault(Place(*where), len(at))
        rows.append((code, serial, name, position, asset))
    told_places = [(places.value(place), places.words(place)) for place in at]
    return JsonResponse({"contract": record.contract.code, "places": told_places, "rows": rows})


@needs(COUNT)
@require_POST
def scans(request: HttpRequest, pk: int) -> HttpResponse:
    """`{"scans": [{"key", "text", "place", "at", "by_hand"}], "confirms": [{"key", "is_here", "at"}]}`.

    `at` in ms since 1970, `place` as the page has it; a confirmation's `key` is its scan's. Sent twice counts once.
    """
    record = stocktaking_of(request, pk)
    places, caller = Places(record.contract), Caller.of(request)
    try:
        body = _body(request)
        lost: set[UUID] = set()
        sent = [_scanned(each, places, lost) for each in body["scans"]]
        said = [_confirmed(each) for each in body["confirms"]]
        answers = [told(record, scan, places) for scan in counting.receive(caller, record, sent)]
        if said:
            settled = counting.confirm(caller, record, said)
            answers += [told(record, scan, places, is_overruled=not is_due) for scan, is_due in settled]
    except ValidationError as error:
        return JsonResponse({"refused": " ".join(error.messages)}, status=409)
    for answer in answers:
        if UUID(answer["key"]) in lost:
            answer["text"] += " " + _("The place you had chosen is not on the ledger any more; none was taken.")
    return _answer(record, answers)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not all(isinstance(body.get(name, []), list) for name in ("scans", "confirms")):
        raise _unreadable()
    return {"scans": [], "confirms": [], **body}


def _scanned(sent: Any, places: Places, lost: set[UUID]) -> Scanned:
    """A place that is gone keeps no scan back; its key goes among the `lost`."""
    try:
        key, text, place = UUID(str(sent["key"])), _whole(str(sent["text"])), str(sent.get("place") or "")
        at = _instant(sent["at"])
    except (AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
        raise _unreadable() from None
    try:
        where = places.chosen(place)
    except ValidationError:
        where = Place()
        lost.add(key)
    return Scanned(key, text, where, at, by_hand=sent.get("by_hand") is True)


def _confirmed(sent: Any) -> Confirmed:
    try:
        return Confirmed(UUID(str(sent["key"])), sent["is_here"] is True, _instant(sent["at"]))
    except (AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
        raise _unreadable() from None


def _whole(text: str) -> str:
    """JSON can hold half a character, the database can't: a device would send such a scan again for ever."""
    return text.encode(errors="replace").decode()


def _instant(ms: Any) -> datetime:
    return datetime.fromtimestamp(float(ms) / 1000, UTC)


def _unreadable() -> ValidationError:
    return ValidationError(_("The page sent what the server can't read; load it again."))


def _answer(record: Any, answers: list[dict[str, Any]]) -> JsonResponse:
    standing = queries.standing(record)
    at = timezone.localtime().strftime("%H:%M:%S")
    return JsonResponse({"results": answers, "done": standing.done, "expected": standing.expected, "at": at})
