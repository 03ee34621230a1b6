"""What every page needs from the server. Callables, so that a fragment or an error page pays for nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from opspact.kit import scope
from opspact.kit.indicated import indicators_for
from opspact.kit.navigation import PERSONAL, doors_for
from opspact.kit.preferences import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    """`contract` is the one the page is about; `place` the one its navigation leads into, also on pages about none."""
    contract = getattr(request, "contract", None)
    words: dict[str, Any] = {"contract": contract, "theme": theme_of(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "contract"):
        return words

    @cache
    def contracts() -> list[scope.ContractLike]:
        found: list[scope.ContractLike] | None = getattr(request, "contracts", None)
        return scope.contracts(user.contract_codes) if found is None else found

    def place() -> scope.ContractLike | None:
        return contract or next(iter(contracts()), None)

    def code() -> str:
        found = place()
        return found.code if found else ""

    return words | {
        "contracts": contracts,
        "place": place,
        "doors": cache(lambda: doors_for(request, code())),
        "indicators": lambda: indicators_for(request, code()),
        "user_menu": PERSONAL,
    }
