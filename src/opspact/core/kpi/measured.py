"""What a group needs to know of one system."""

from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from opspact.core.availability import Rules
from opspact.core.states import Verdict


class Measured(Protocol):
    """What a group needs of a system: `core.availability.Availability`, or `MeasuredTime`. Durations in µs."""

    @property
    def rules(self) -> Rules: ...
    @property
    def ast_us(self) -> int: ...
    @property
    def excluded_us(self) -> int: ...
    @property
    def unknown_us(self) -> int: ...
    @property
    def down_us(self) -> int: ...
    @property
    def degraded_us(self) -> int: ...
    @property
    def availability(self) -> Fraction | None: ...
    @property
    def best(self) -> Fraction | None: ...
    @property
    def worst(self) -> Fraction | None: ...
    @property
    def observed_fraction(self) -> Fraction | None: ...
    @property
    def excluded_fraction(self) -> Fraction | None: ...
    def judge(self, objective: Decimal | Fraction) -> Verdict: ...


def counted_down(one: Measured) -> int:
    """What was seen down, µs; degraded time with it where the readings say so."""
    return one.down_us + (one.degraded_us if one.rules.degraded_is_down else 0)


def ratio(part: int, whole: int) -> Fraction | None:
    """Exact; None of nothing."""
    return Fraction(part, whole) if whole else None
