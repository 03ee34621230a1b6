"""Money: thousands separators, two decimals, and 大写 on hover."""

from __future__ import annotations

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from opspact.core.money import capital, round_money
from opspact.kit.shown.formats import NOTHING


def money(amount: Decimal | None) -> SafeString | str:
    """Yuan. Raises NotAnAmount for a float."""
    if amount is None:
        return NOTHING
    whole_cents = round_money(amount)
    return format_html('<span class="op-money" title="{}">{}</span>', capital(whole_cents), f"{whole_cents:,.2f}")
