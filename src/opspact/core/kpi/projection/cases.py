"""How many cases are left of an objective such as 0, or ≤ 5 complaints."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from opspact.core.errors import NoSample
from opspact.core.explain import Step
from opspact.core.kpi.projection.outlook import Burn, Outlook, burn_of, by_pace


@dataclass(frozen=True)
class CountOutlook:
    """`left`: cases that may still be counted, pending ones among them; below 0 it is lost by that many."""

    outlook: Outlook
    reason: Step
    left: int
    pending: int
    burn: Burn


def project_count(counted: int, pending: int, most: Fraction | int, elapsed: Fraction) -> CountOutlook:
    """`most` cases are allowed in the term; `elapsed` is the share of it that has passed. Raises NoSample."""
    if counted < 0 or pending < 0:
        raise NoSample(part=counted, whole=pending)
    allowed = floor(most)
    left = allowed - counted
    burn = burn_of(counted, allowed, elapsed)
    outlook, reason = by_pace(burn, secured=elapsed >= 1, pending=left < pending, lost=left < 0)
    return CountOutlook(outlook, reason, left, pending, burn)
