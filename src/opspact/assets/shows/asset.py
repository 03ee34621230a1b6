"""Assets, their categories, makes and models: ledgers, entries, cards, and what the client's answers do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.assets import asset_words
from opspact.assets.actions import categories, codes, labels, lifecycle  # noqa: F401  (declare and register on import)
from opspact.assets.ledgers.asset import ASSETS, CATEGORIES, MAKE_MODELS
from opspact.assets.models import Asset
from opspact.identity.roles import Role
from opspact.kit.ledgers.registering import register
from opspact.kit.navigation import entry
from opspact.kit.registries import HomeCard, InboxKind, home_cards, inbox_kinds

A_FEW = 8
KEEPERS = frozenset({Role.CLIENT_ASSET_MANAGER, Role.SERVICE_MANAGER})


def warranties(request: HttpRequest) -> dict[str, Any] | None:
    """Assets whose warranty ends soon, the next first; nothing when there are none."""
    today = timezone.localdate()
    last = today + timedelta(days=asset_words.SOON_DAYS)
    found = ASSETS.records(request.contract).filter(warranty_end__gte=today, warranty_end__lte=last)
    found = found.exclude(lifecycle="scrapped").order_by("warranty_end", "code")
    return _card(
        request, found, "warranty=soon&sort=warranty_end", lambda it: asset_words.warranty(it.warranty_end, today)
    )


def repairs(request: HttpRequest) -> dict[str, Any] | None:
    """Assets in repair, the longest untouched first."""
    found = ASSETS.records(request.contract).filter(lifecycle="repair").order_by("updated_at", "code")
    return _card(request, found, "lifecycle=repair", asset_words.place)


def _card(request: HttpRequest, found: QuerySet[Asset], query: str, words: Any) -> dict[str, Any] | None:
    rows = list(found.select_related("contract")[: A_FEW + 1])
    if not rows:
        return None
    url = reverse("assets:asset_list", kwargs={"contract": request.contract.code})
    return {
        "rows": [(asset, words(asset)) for asset in rows[:A_FEW]],
        "more_url": f"{url}?{query}" if len(rows) > A_FEW else "",
    }


for ledger in (ASSETS, CATEGORIES, MAKE_MODELS):
    register(ledger)
entry("ledgers", "asset_codes", _("Rule for asset codes"), "assets:asset_codes", codes.VIEW, order=13)
for name, title, context, order in (
    ("assets.warranties", _("Warranties that end soon"), warranties, 40),
    ("assets.repairs", _("Assets in repair"), repairs, 41),
):
    home_cards.add(HomeCard(name, title, ASSETS.permission("view"), KEEPERS, "assets/card.html", context, order))
inbox_kinds.add(InboxKind(lifecycle.MESSAGE, _("Assets"), icon="server"))
