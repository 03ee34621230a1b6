"""系统稳定运行率: one figure of all systems in scope; how they weigh is a reading of the contract."""

from collections.abc import Sequence

from opspact.core.availability import Rules
from opspact.core.kpi.answers import Answer, Asked, check_reading
from opspact.core.kpi.groups import METHODS, Member, combined
from opspact.core.kpi.rules.base import rule
from opspact.core.kpi.rules.systems import answer, check
from opspact.core.words import N_

WORDS = {
    "equal": N_("Mean of the systems' availability, each with the same weight"),
    "time": N_("Sum of the systems' up time ÷ sum of their measured time"),
    "importance": N_("Mean of the systems' availability, weighted by importance"),
    "minimum": N_("The lowest availability of a system"),
}


@rule("availability_mean")
def availability_mean(
    members: Sequence[Member], asked: Asked, weighting: str = "equal", rules: Rules | None = None
) -> Answer:
    """`weighting`: equal, time, importance or minimum. `beside` has each system's own figure by its code.

    Raises RecordTwice, BadWeights, UnknownReading.
    """
    check_reading("weighting", weighting, tuple(METHODS))
    check(members)
    rules = rules or Rules()
    figure = combined(weighting, members, rules)
    verdict = asked.objective.judge(figure)
    return answer(
        "availability_mean", WORDS[weighting], members, figure, verdict, asked, {"weighting": weighting}, rules
    )
