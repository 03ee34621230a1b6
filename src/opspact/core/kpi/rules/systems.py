"""What the availability rules share: the systems in the answer, and its sentences."""

from collections.abc import Sequence

from opspact.core.availability import Rules
from opspact.core.errors import BadWeights
from opspact.core.explain import Explanation, Step
from opspact.core.kpi.answers import Answer, Asked, Role, Used, closing_steps, inputs, refuse_twins, text
from opspact.core.kpi.durations import figure_of
from opspact.core.kpi.figures import Figure
from opspact.core.kpi.groups import Member
from opspact.core.states import Verdict
from opspact.core.words import N_

BY_VERDICT = {
    Verdict.MET: (Role.FOR, N_("It reaches the objective by itself.")),
    Verdict.MISSED: (Role.AGAINST, N_("It does not reach the objective by itself.")),
    Verdict.UNDECIDABLE: (Role.PENDING, N_("Too little was seen of it to say whether it reaches the objective.")),
    Verdict.NOT_APPLICABLE: (Role.LEFT_OUT, N_("It was not in service in this period.")),
}
NOTHING_IN_SERVICE = N_("Nothing was in service in this period.")
DATA_IS_MISSING = N_("Data is missing that could turn the verdict; the client decides.")
EACH = N_("%(system)s: %(value_fraction)s (worst %(worst_fraction)s, best %(best_fraction)s).")


def check(members: Sequence[Member]) -> None:
    """Raises RecordTwice for a system given twice, BadWeights for weights below 0 or all 0."""
    refuse_twins([_Named(member.code) for member in members])
    for position, member in enumerate(members):
        if member.weight < 0:
            raise BadWeights(position=position, value=member.weight)
    if members and not any(member.weight for member in members):
        raise BadWeights(position=0, value=0)


def answer(
    rule: str,
    words: str,
    members: Sequence[Member],
    figure: Figure,
    verdict: Verdict,
    asked: Asked,
    reading: dict[str, str],
    rules: Rules,
) -> Answer:
    """The group's answer: each system with its value and bounds, then the group's, then the verdict."""
    threshold = rules.decide_on_observed_fraction
    steps = [
        Step(
            EACH,
            {
                "system": member.code,
                "value_fraction": text(member.availability.availability),
                "worst_fraction": text(member.availability.worst),
                "best_fraction": text(member.availability.best),
            },
        )
        for member in members
    ]
    return Answer(
        rule=rule,
        figure=figure,
        objective=asked.objective,
        verdict=verdict,
        used=tuple(_used(member, asked) for member in members),
        reason=reason(verdict),
        beside={member.code: figure_of(member.availability) for member in members},
        explanation=Explanation(
            words,
            asked.clause,
            inputs(
                asked,
                **reading,
                decide_on_observed_fraction=None if threshold is None else str(threshold),
                unknown_is_down=rules.unknown_is_down,
                degraded_is_down=rules.degraded_is_down,
            ),
            (*steps, *closing_steps(figure, asked, verdict, ratio=True)),
        ),
    )


def reason(verdict: Verdict) -> str:
    """Why there is no clear verdict; empty where there is."""
    return {Verdict.UNDECIDABLE: DATA_IS_MISSING, Verdict.NOT_APPLICABLE: NOTHING_IN_SERVICE}.get(verdict, "")


def _used(member: Member, asked: Asked) -> Used:
    role, why = BY_VERDICT[member.availability.judge(asked.objective.value)]
    return Used(member.code, role, why)


class _Named:
    """A system as `refuse_twins` takes a record."""

    def __init__(self, code: str) -> None:
        self.id = code
