"""Stocktakings: their ledger, files on their items, and on an asset's page when it was counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import StocktakingItem
from opspact.kit import attachments
from opspact.kit.ledgers.registering import register
from opspact.kit.permissions import may
from opspact.kit.registries import Panel, panels

VIEW = STOCKTAKINGS.permission("view")
SHOWN = 5

register(STOCKTAKINGS)
attachments.carried_by("assets.StocktakingItem", lambda user, item: may(user, VIEW, item.contract.code))


def counted(request: HttpRequest, asset: Any) -> dict[str, Any] | None:
    """The last stocktakings of an asset: what each said, by whom, when."""
    found = StocktakingItem.objects.filter(asset=asset).select_related("stocktaking__contract", "found_by")
    rows = list(found.order_by("-stocktaking_id")[:SHOWN])
    return {"items": rows} if rows else None


panels.add(
    Panel(
        "assets.stocktaking",
        "assets.Asset",
        _("Stocktakings"),
        VIEW,
        "assets/stocktaking/panel.html",
        counted,
        order=60,
    )
)
