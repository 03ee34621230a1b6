"""The figures in the top bar. A page shows them without their counts, which follow in a request of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from opspact.kit.navigation import address
from opspact.kit.registries import indicators


@dataclass(frozen=True)
class ShownIndicator:
    """`count` None: not asked yet."""

    label: str | Promise
    icon: str
    url: str
    count: int | None
    is_alarm: bool

    @property
    def count_shown(self) -> str:
        return "99+" if self.count is not None and self.count > 99 else str(self.count)


def indicators_for(request: HttpRequest, code: str, *, counted: bool = False) -> list[ShownIndicator]:
    """What this person may see in that contract, in the registry's order."""
    shown = []
    for each in indicators.for_code(request, code):
        if (url := address(each.url_name, code)) is not None:
            count = each.count(request) if counted else None
            shown.append(ShownIndicator(each.label, each.icon, url, count, each.is_alarm))
    return shown
