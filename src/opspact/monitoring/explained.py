"""Why a check is said to have been down: the rule and the figures that applied."""

from __future__ import annotations

from opspact.core.explain import Explanation, Step
from opspact.core.instants import SECOND, to_us
from opspact.core.words import N_
from opspact.monitoring.folding import policy_of
from opspact.monitoring.models import ObservedInterval


def why_outage(outage: ObservedInterval) -> Explanation:
    """The rule by which this outage began, and how it became known."""
    check = outage.checked
    policy = policy_of(check.interval_s, check.confirm)
    steps = [
        Step(
            N_("%(confirm)s failures in a row make an outage; it counts from the first of them, %(start_at)s."),
            {"confirm": check.confirm, "start_at": to_us(outage.starts_at)},
        ),
        Step(
            N_("The last of them came at %(confirmed_at)s: only then was it certain."),
            {"confirmed_at": to_us(outage.confirmed_at)},
        ),
    ]
    if outage.revision_id is not None:
        steps.append(
            Step(N_("Results that came late filled time that was unknown before; the revision is on record."), {})
        )
    if outage.ends_at is not None:
        steps.append(
            Step(N_("It ended with the first success or lost sight, %(end_at)s."), {"end_at": to_us(outage.ends_at)})
        )
    return Explanation(
        N_("An outage needs several failures in a row, is dated back to the first, and ends with the first success."),
        "",
        {"interval_us": check.interval_s * SECOND, "valid_us": policy.valid_for_us, "confirm": check.confirm},
        tuple(steps),
    )
