"""Terminals: entries, search, files; overdue loans on the home page and for the next shift."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from opspact.assets.actions.loans import KIND
from opspact.assets.ledgers.loans import DESK, LOANS, REPAIRS
from opspact.assets.ledgers.terminals import ADDRESS_BOOKS, TERMINALS
from opspact.assets.queries.terminals import overdue_loans
from opspact.kit import registries
from opspact.kit.ledgers.pages.listing import record_url
from opspact.kit.ledgers.registering import register

A_FEW = 8


def _overdue(request: HttpRequest) -> dict[str, Any] | None:
    found = overdue_loans(request.contract, localdate()).select_related("terminal", "contract").order_by("due_on")
    loans = list(found[: A_FEW + 1])
    if not loans:
        return None
    address = reverse("assets:loan_list", kwargs={"contract": request.contract.code})
    shown = [(loan, record_url(LOANS, loan), (localdate() - loan.due_on).days) for loan in loans[:A_FEW] if loan.due_on]
    return {"loans": shown, "has_more": len(loans) > A_FEW, "more": f"{address}?overdue=yes"}


def _left_open(contract: Any, at: datetime) -> Iterable[registries.OpenItem]:
    found = overdue_loans(contract, localdate(at)).select_related("terminal", "contract").order_by("due_on")
    for loan in found:
        yield registries.OpenItem(f"{loan.terminal} · {loan.borrower}", record_url(LOANS, loan))


for ledger in (TERMINALS, LOANS, REPAIRS, ADDRESS_BOOKS):
    register(ledger)

registries.home_cards.add(
    registries.HomeCard(
        "assets.loans",
        _("Terminals not returned in time"),
        LOANS.permission("view"),
        DESK,
        "assets/card_overdue.html",
        _overdue,
        order=45,
    )
)
registries.inbox_kinds.add(registries.InboxKind(KIND, _("Loans of terminals"), "assets.loan.view", "phone"))
registries.open_items.add(
    registries.OpenItems("assets.loans", _("Terminals not returned in time"), LOANS.permission("view"), _left_open)
)
