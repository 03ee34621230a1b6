"""The counting page, and what it sends: scans as JSON, whenever there is a network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opspact.assets.models import StocktakingScan
from opspact.assets.stocktaking import counting, queries
from opspact.assets.stocktaking.counting import COUNT, Scanned
from opspact.assets.stocktaking.leading import State
from opspact.assets.stocktaking.places import Places
from opspact.assets.stocktaking.words import told
from opspact.assets.views.stocktaking import stocktaking_of
from opspact.kit.actions import Caller
from opspact.kit.guards import needs

RECENT = 30


@needs(COUNT)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Camera, scanner field and typing; it works on without a network once it is loaded."""
    record = stocktaking_of(request, pk)
    places = Places(record.contract)
    own = record.scans.filter(by=request.user).select_related("item__asset", "item__found_by", "item__stocktaking")
    context = {
        "record": record,
        "is_running": record.state == State.RUNNING,
        "places": places.options(),
        "recent": [told(record, scan, places) for scan in own.order_by("-pk")[:RECENT]],
        "standing": queries.standing(record),
    }
    return render(request, "assets/stocktaking/count.html", context)


@needs(COUNT)
@require_POST
def scans(request: HttpRequest, pk: int) -> HttpResponse:
    """`{"scans": [{"key", "text", "place", "at", "by_hand"}]}`: `at` in ms since 1970, `place` as the page has it."""
    record = stocktaking_of(request, pk)
    places = Places(record.contract)
    try:
        sent = [_scanned(each, places) for each in _body(request)["scans"]]
        kept = counting.receive(Caller.of(request), record, sent)
    except ValidationError as error:
        return _refused(error)
    return _answer(record, kept, places)


@needs(COUNT)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """`{"key", "is_here"}`: the asset of this scan stands where it was scanned, or where the ledger says."""
    record = stocktaking_of(request, pk)
    try:
        body = _body(request)
        key = UUID(str(body["key"]))
        scan = counting.confirm(Caller.of(request), record, key=key, is_here=body.get("is_here") is True)
    except ValidationError as error:
        return _refused(error)
    except (KeyError, ValueError):
        return _refused(ValidationError(_("This scan is not known here.")))
    return _answer(record, [scan], Places(record.contract))


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("scans", []), list):
        raise ValidationError(_("The page sent what the server can't read; load it again."))
    return {"scans": [], **body}


def _scanned(sent: Any, places: Places) -> Scanned:
    try:
        key, text = UUID(str(sent["key"])), str(sent["text"])
        at = datetime.fromtimestamp(float(sent["at"]) / 1000, UTC)
        place = str(sent.get("place") or "")
    except (AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
        raise ValidationError(_("The page sent what the server can't read; load it again.")) from None
    return Scanned(key, text, places.chosen(place), at, by_hand=sent.get("by_hand") is True)


def _answer(record: Any, kept: list[StocktakingScan], places: Places) -> JsonResponse:
    standing = queries.standing(record)
    return JsonResponse(
        {
            "results": [told(record, scan, places) for scan in kept],
            "done": standing.done,
            "expected": standing.expected,
            "at": timezone.localtime().strftime("%H:%M:%S"),
        }
    )


def _refused(error: ValidationError) -> JsonResponse:
    return JsonResponse({"refused": " ".join(error.messages)}, status=409)
