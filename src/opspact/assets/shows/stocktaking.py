"""Stocktakings: their ledger, files on their items, and on an asset's page when it was counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import adjusting, queries, reporting
from opspact.assets.stocktaking.leading import APPROVAL
from opspact.kit import attachments
from opspact.kit.ledgers.registering import register
from opspact.kit.lists.attaching import attach
from opspact.kit.models import Approval
from opspact.kit.permissions import may
from opspact.kit.registries import InboxKind, Panel, inbox_kinds, panels

VIEW = STOCKTAKINGS.permission("view")
SHOWN = 5

register(STOCKTAKINGS)
attachments.carried_by("assets.StocktakingItem", lambda user, item: may(user, VIEW, item.contract.code))


def counted(request: HttpRequest, asset: Any) -> dict[str, Any] | None:
    """The last stocktakings of an asset: what each said, by whom, when."""
    rows = list(StocktakingItem.objects.filter(asset=asset).order_by("-stocktaking_id")[:SHOWN])
    attach(rows, ("stocktaking__contract", "found_by"))
    return {"items": rows} if rows else None


def asked(request: HttpRequest, approval: Approval) -> dict[str, Any] | None:
    """What the client decides about: the differences, what follows from them, and the papers."""
    if approval.kind != APPROVAL or not isinstance(approval.subject, Stocktaking):
        return None
    found = approval.subject
    is_same = not found.report_digest or reporting.digest(found) == found.report_digest
    standing = queries.standing(found)
    return {"record": found, "standing": standing, "follows": queries.by_consequence(found), "is_same": is_same}


inbox_kinds.add(InboxKind(adjusting.MESSAGE, _("Stocktakings"), icon="clipboard-check"))
panels.add(
    Panel(
        "assets.stocktaking.report",
        "kit.Approval",
        _("Difference report"),
        VIEW,
        "assets/stocktaking/asked.html",
        asked,
    )
)
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
