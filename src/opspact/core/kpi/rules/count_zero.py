"""重大运行事故, 重大安全事件: the number of incidents of the levels that count. Pending ones widen the bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from opspact.core.explain import Explanation, Step
from opspact.core.kpi.answers import Answer, Asked, Role, Used, check_reading, closing_steps, inputs, sift
from opspact.core.kpi.figures import Figure, count_figure
from opspact.core.kpi.records import IncidentFact
from opspact.core.kpi.rules.base import rule
from opspact.core.states import Verdict
from opspact.core.words import N_

WHEN = {
    "closed": N_("Number of closed incidents of the levels that count, by when they occurred"),
    "confirmed_by_client": N_("Number of incidents of the levels that count which the client confirmed"),
    "reported": N_("Number of reported incidents of the levels that count"),
}
PENALISED = ("attributable_to_vendor", "all")
COUNTS = N_("It counts.")
OTHER_LEVEL = N_("Its level does not count.")
CANCELLED = N_("It was cancelled.")
STILL_OPEN = N_("It is open, so its level is not final.")
AWAITED = N_("The client's confirmation is awaited.")
NOT_CONFIRMED = N_("The client did not confirm it.")
UNSETTLED = N_("Incidents that are not settled yet could turn the verdict.")


@dataclass(frozen=True)
class CountReading:
    """`levels` that count; `counted_when`: closed, confirmed_by_client or reported.

    `penalised`: attributable_to_vendor or all; it never changes the figure, only what a penalty may rest on.
    Raises UnknownReading.
    """

    levels: tuple[str, ...]
    counted_when: str = "closed"
    penalised: str = "attributable_to_vendor"

    def __post_init__(self) -> None:
        check_reading("counted_when", self.counted_when, tuple(WHEN))
        check_reading("penalised", self.penalised, PENALISED)


@rule("count_zero")
def count_zero(incidents: Sequence[IncidentFact], asked: Asked, reading: CountReading) -> Answer:
    """By when they occurred. `beside["penalised"]`: how many a penalty may rest on. Raises RecordTwice."""
    inside, out = sift(incidents, lambda incident: incident.occurred_at, asked)
    used = [_role(incident, asked, reading) for incident in inside]
    counted = [incident for incident, one in zip(inside, used, strict=True) if one.role is Role.AGAINST]
    pending = [incident for incident, one in zip(inside, used, strict=True) if one.role is Role.PENDING]
    figure = count_figure(len(counted), len(pending))
    verdict = asked.objective.judge(figure)
    penalised = _penalised(counted, pending, reading)
    return Answer(
        rule="count_zero",
        figure=figure,
        objective=asked.objective,
        verdict=verdict,
        used=(*used, *out),
        reason=UNSETTLED if verdict is Verdict.UNDECIDABLE else "",
        beside={"penalised": penalised},
        explanation=Explanation(
            WHEN[reading.counted_when],
            asked.clause,
            inputs(
                asked,
                levels=", ".join(reading.levels),
                counted_when=reading.counted_when,
                penalised=reading.penalised,
            ),
            (
                Step(N_("Levels that count: %(levels)s."), {"levels": ", ".join(reading.levels)}),
                Step(
                    N_("Counted: %(count)s, pending: %(pending)s; a penalty may rest on %(penalised)s."),
                    {"count": len(counted), "pending": len(pending), "penalised": str(penalised.value)},
                ),
                *closing_steps(figure, asked, verdict, ratio=False),
            ),
        ),
    )


def _penalised(counted: Sequence[IncidentFact], pending: Sequence[IncidentFact], reading: CountReading) -> Figure:
    if reading.penalised == "all":
        return count_figure(len(counted), len(pending))
    sure = sum(incident.vendors is True for incident in counted)
    unsure = sum(incident.vendors is None for incident in counted)
    return count_figure(sure, unsure + sum(incident.vendors is not False for incident in pending))


def _role(incident: IncidentFact, asked: Asked, reading: CountReading) -> Used:
    if incident.cancelled:
        return Used(incident.id, Role.LEFT_OUT, CANCELLED)
    if incident.level not in reading.levels:
        return Used(incident.id, Role.LEFT_OUT, OTHER_LEVEL)
    if reading.counted_when == "confirmed_by_client":
        if incident.confirmed is None:
            return Used(incident.id, Role.PENDING, AWAITED)
        if not incident.confirmed:
            return Used(incident.id, Role.LEFT_OUT, NOT_CONFIRMED)
    if reading.counted_when == "closed" and (incident.closed_at is None or incident.closed_at > asked.now):
        return Used(incident.id, Role.PENDING, STILL_OPEN)
    return Used(incident.id, Role.AGAINST, COUNTS)
