"""Taking back the last move in or out of a rack: until the asset is changed again, and by whoever moved it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset
from opspact.assets.views.refusals import say_refused
from opspact.kit.actions import Caller
from opspact.kit.guards import needs
from opspact.kit.ledgers import actions
from opspact.kit.ledgers.writing import RecordRefused

KEPT = "rack_undo"
PLACE = ("rack", "u_pos", "units", "face", "room", "site")


def place_of(asset: Asset) -> dict[str, Any]:
    """Where the asset stands, in what a session can keep; taken before it is moved."""
    return {name: getattr(asset, f"{name}_id", getattr(asset, name)) for name in PLACE}


def offer(request: HttpRequest, asset: Asset, was: dict[str, Any]) -> None:
    """The rack's page offers to take back what led from there."""
    request.session[KEPT] = {"asset": asset.pk, "version": asset.version, "was": was}


def offered(request: HttpRequest) -> Asset | None:
    """The asset whose move can be taken back here and now."""
    kept = request.session.get(KEPT)
    if not kept:
        return None
    found = ASSETS.records(request.contract).select_related("contract", *ASSETS.related)
    return found.filter(pk=kept["asset"], version=kept["version"]).first()


@needs("assets.asset.edit")
def undo(request: HttpRequest) -> HttpResponse:
    """The asset stands where it stood, if nobody has changed it and nothing else stands there meanwhile."""
    asset = offered(request) if request.method == "POST" else None
    if asset is None:
        messages.error(request, _("Somebody has changed this asset since; move it by hand."))
        return redirect("assets:rack_list", contract=request.contract.code)
    was = request.session.pop(KEPT)["was"]
    values = {name: was[name] for name in ("u_pos", "units", "face")}
    for name in ("rack", "room", "site"):
        model = Asset._meta.get_field(name).related_model
        values[name] = model._default_manager.filter(pk=was[name]).first() if was[name] else None
    try:
        actions.change(Caller.of(request), ASSETS, asset, values, _("The move is taken back"), asset.version)
    except RecordRefused as refused:
        messages.error(request, say_refused(refused))
        return redirect(asset.get_absolute_url())
    messages.success(request, _("%(asset)s stands where it stood before.") % {"asset": asset})
    if values["rack"] is None:
        return redirect(asset.get_absolute_url())
    return redirect("assets:rack", contract=request.contract.code, pk=values["rack"].pk)
