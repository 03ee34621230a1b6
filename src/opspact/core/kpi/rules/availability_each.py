"""OA、局网站、应急值守系统, 其他辅助系统: each system has to reach the objective by itself, or the mean has."""

from collections.abc import Sequence

from opspact.core.availability import Rules
from opspact.core.kpi.answers import Answer, Asked, check_reading
from opspact.core.kpi.groups import METHODS, Member, combined, verdict_of_each
from opspact.core.kpi.rules.base import rule
from opspact.core.kpi.rules.systems import answer, check
from opspact.core.words import N_

WORDS = {
    "each": N_("Each system reaches the objective by itself; the lowest is shown"),
    "group_mean": N_("Mean of the group's availability, each system with the same weight"),
}


@rule("availability_each")
def availability_each(
    members: Sequence[Member], asked: Asked, judged: str = "each", rules: Rules | None = None
) -> Answer:
    """`judged`: each or group_mean. `beside` has each system's own figure. Raises RecordTwice, UnknownReading."""
    check_reading("judged", judged, tuple(WORDS))
    check(members)
    rules = rules or Rules()
    if judged == "each":
        figure, verdict = METHODS["minimum"](members), verdict_of_each(members, asked.objective.value)
    else:
        figure = combined("equal", members, rules)
        verdict = asked.objective.judge(figure)
    return answer("availability_each", WORDS[judged], members, figure, verdict, asked, {"judged": judged}, rules)
