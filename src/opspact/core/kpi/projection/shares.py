"""How many good ones must come, or bad ones may, for a ratio to hold once as many have come as are expected.

Whole numbers throughout: ratings, tickets, or points on a scale (a mean of 4 of 5 is 4 good points of 5).
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from opspact.core.errors import NoSample
from opspact.core.explain import Step
from opspact.core.kpi.errors import BadExpectation
from opspact.core.kpi.projection.outlook import (
    LOST_AS_EXPECTED,
    TOO_FEW,
    Burn,
    Outlook,
    burn_of,
    by_pace,
)


@dataclass(frozen=True)
class RatioOutlook:
    """At the end `expected` more have come. Of these `needed` must be good and `bad_left` may be bad.

    They add up to `expected`; `needed` above `expected`, that is `bad_left` below 0, is lost. For complaints the bad
    are complaints: they do not come out of the expected tickets, and `needed` is how many tickets without a further
    complaint bring the share back to the objective (None: no number does).
    """

    outlook: Outlook
    reason: Step
    expected: int
    needed: int | None
    bad_left: int
    burn: Burn


def project_at_least(
    good: int, whole: int, expected: int, objective: Fraction, elapsed: Fraction, *, enough: int = 0
) -> RatioOutlook:
    """`good` of `whole` so far, `expected` more to come, at least `objective` at the end.

    With fewer than `enough` in the end nothing is decided, so it is at risk. Raises NoSample, BadExpectation.
    """
    _check(good, whole, expected)
    total = whole + expected
    least = ceil(objective * total)
    needed = max(0, least - good)
    bad_left = expected - needed
    burn = burn_of(whole - good, total - least, elapsed)
    outlook, reason = by_pace(burn, secured=not needed, pending=False, lost=bad_left < 0)
    if total < enough and outlook is not Outlook.LOST:
        outlook, reason = Outlook.AT_RISK, Step(TOO_FEW, {})
    return RatioOutlook(outlook, reason, expected, needed, bad_left, burn)


def project_complaints(
    complaints: int, pending: int, tickets: int, expected: int, objective: Fraction, elapsed: Fraction
) -> RatioOutlook:
    """Valid `complaints` and `pending` ones on `tickets` closed so far; `expected` more tickets will be closed.

    Lost means with that number of tickets; more of them could still mend it. Raises NoSample, BadExpectation.
    """
    if min(complaints, pending, tickets) < 0:
        raise NoSample(part=min(complaints, pending), whole=tickets)
    if expected < 0:
        raise BadExpectation(value=expected)
    allowed = floor(objective * (tickets + expected))
    left = allowed - complaints
    needed = max(0, ceil(complaints / objective) - tickets) if objective > 0 else 0 if not complaints else None
    burn = burn_of(complaints, allowed, elapsed)
    outlook, reason = by_pace(burn, secured=elapsed >= 1, pending=left < pending, lost=left < 0)
    if outlook is Outlook.LOST:
        reason = Step(LOST_AS_EXPECTED, {})
    return RatioOutlook(outlook, reason, expected, needed, left, burn)


def _check(good: int, whole: int, expected: int) -> None:
    if not 0 <= good <= whole:
        raise NoSample(part=good, whole=whole)
    if expected < 0:
        raise BadExpectation(value=expected)
