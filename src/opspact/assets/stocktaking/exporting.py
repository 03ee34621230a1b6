"""Papers of a stocktaking out of the house: each is on record."""

from __future__ import annotations

from collections.abc import Callable

from opspact.assets.ledgers.stocktaking import STOCKTAKINGS
from opspact.assets.models import Stocktaking
from opspact.kit.actions import Caller, action


@action(STOCKTAKINGS.permission("export"))
def export(caller: Caller, stocktaking: Stocktaking, *, file: str, make: Callable[[], bytes]) -> bytes:
    """The paper that `make` makes; the audit says who took which."""
    caller.note(stocktaking=stocktaking.code, file=file)
    return make()
