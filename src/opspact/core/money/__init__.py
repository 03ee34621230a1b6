"""Amounts in yuan: one rounding function, shares that add up, capitals. `docs/why/money.md`."""

from opspact.core.money.amounts import exact
from opspact.core.money.capitals import capital, parse_capital
from opspact.core.money.rounding import Mode, round_money, split

__all__ = ["Mode", "capital", "exact", "parse_capital", "round_money", "split"]
