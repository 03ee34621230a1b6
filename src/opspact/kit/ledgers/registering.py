"""What a ledger shows beyond its own pages: an entry behind its door, the global search, files on its records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from opspact.kit import attachments
from opspact.kit.ledgers.ledger import Ledger, registered
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.searching import matching
from opspact.kit.navigation import entry
from opspact.kit.permissions import may
from opspact.kit.registries import Hit, SearchProvider, search_providers


def register(ledger: Ledger) -> None:
    """Call once for each ledger when its room is ready."""
    registered[ledger.model] = ledger
    view = ledger.permission("view")
    short = ledger.name.split(".")[-1]
    entry(ledger.door, short, ledger.title, f"{ledger.url_name}_list", view, order=ledger.order)
    search_providers.add(
        SearchProvider(ledger.name, ledger.title, view, ledger.icon, _finder(ledger), order=ledger.order)
    )
    attachments.carried_by(ledger.model._meta.label, lambda user, record: may(user, view, record.contract.code))


def _finder(ledger: Ledger) -> Any:
    def find(request: HttpRequest, text: str, most: int) -> Iterable[Hit]:
        for record in matching(ledger.records(request.contract).select_related("contract"), text)[:most]:
            yield Hit(str(record), record_url(ledger, record))

    return find
