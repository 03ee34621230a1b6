"""The words of every projection: lost, at risk, safe; and how fast a budget is used up."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from opspact.core.errors import IntervalReversed
from opspact.core.explain import Step
from opspact.core.instants import Instant
from opspact.core.intervals import Interval
from opspact.core.words import N_


class Outlook(StrEnum):
    """Lost: not to be met any more, whatever comes. Safe: secured, or used up no faster than the term passes."""

    SAFE = "safe"
    AT_RISK = "at_risk"
    LOST = "lost"


SECURED = N_("It is met whatever comes until the end of the term.")
ON_PACE = N_("The budget is used up no faster than the term passes.")
TOO_FAST = N_("The budget is used up faster than the term passes.")
PENDING = N_("What is still unsettled or was not seen could lose it.")
LOST = N_("It cannot be met any more, even if all goes well from now on.")
LOST_AS_EXPECTED = N_("It cannot be met with the number that is expected to come.")
TOO_FEW = N_("Too few will have come to decide.")


@dataclass(frozen=True)
class Burn:
    """`used` of the whole budget (1 is all of it; None: there is no budget), `elapsed` of the term, and used ÷ elapsed.

    A rate above 1 uses the budget up before the term ends.
    """

    used: Fraction | None
    elapsed: Fraction

    @property
    def rate(self) -> Fraction | None:
        """None without a budget, or before the term has begun."""
        return self.used / self.elapsed if self.used is not None and self.elapsed else None

    @property
    def is_too_fast(self) -> bool:
        return self.used is not None and self.used > self.elapsed


def elapsed_fraction(term: Interval, now: Instant) -> Fraction:
    """How much of the term [start, end) has passed by `now`, from 0 to 1. Raises IntervalReversed."""
    start, end = term
    if end < start:
        raise IntervalReversed(position=0, start=start, end=end)
    if now >= end:
        return Fraction(1)
    return Fraction(max(0, now - start), end - start)


def burn_of(used: Fraction | int, budget: Fraction | int, elapsed: Fraction) -> Burn:
    """No budget (0 or less) has no share of it used."""
    return Burn(Fraction(used) / budget if budget > 0 else None, elapsed)


def by_pace(burn: Burn, *, secured: bool, pending: bool, lost: bool) -> tuple[Outlook, Step]:
    """The outlook with its reason: lost before pending, pending before secured, secured before the pace."""
    if lost:
        return Outlook.LOST, Step(LOST, {})
    if pending:
        return Outlook.AT_RISK, Step(PENDING, {})
    if secured:
        return Outlook.SAFE, Step(SECURED, {})
    return (Outlook.AT_RISK, Step(TOO_FAST, {})) if burn.is_too_fast else (Outlook.SAFE, Step(ON_PACE, {}))
