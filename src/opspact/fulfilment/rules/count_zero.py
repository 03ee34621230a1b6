"""重大运行事故: incidents of the levels that count. Open ones may be closed at another level yet: they are pending."""

from __future__ import annotations

from fractions import Fraction

from opspact.contracts.models import Kpi
from opspact.contracts.terms.kpi import CountZero
from opspact.core.instants import to_us
from opspact.core.intervals import Interval
from opspact.core.kpi import Asked, Direction, Objective
from opspact.core.kpi.records import IncidentFact
from opspact.core.kpi.rules.count_zero import CountReading
from opspact.core.kpi.rules.count_zero import count_zero as counted
from opspact.core.states import Verdict
from opspact.core.words import N_
from opspact.fulfilment.queries.incidents import CountedIncident
from opspact.fulfilment.readings import readings
from opspact.fulfilment.rules.base import Result, Source, objective_of, rule, unserved

STILL_OPEN = N_("Incidents of these levels are still open; they count once closed at their level.")


@rule("count_zero")
def count_zero(source: Source, kpi: Kpi, terms: CountZero, period: Interval) -> Result:
    """Security incidents are not served yet: they need their own register with the client's confirmation."""
    parameters = terms.parameters
    if parameters.source != "incidents":
        return unserved(kpi)
    found = source.incidents(parameters.levels.value, period)
    objective = Objective(Direction(kpi.direction), objective_of(kpi))
    reading = CountReading(parameters.levels.value, parameters.counted_when.value, parameters.penalised.value)
    answer = counted(list(map(_fact, found)), Asked(objective, period, source.extract.now, kpi.clause), reading)
    return Result(
        kpi,
        figure=answer.figure,
        verdict=answer.verdict,
        raw=Fraction(len(found)),
        incidents=tuple(found),
        explanation=answer.explanation,
        readings=readings(parameters, ("levels", "counted_when", "penalised")),
        reason=STILL_OPEN if answer.verdict is Verdict.UNDECIDABLE else "",
    )


def _fact(each: CountedIncident) -> IncidentFact:
    """A level is final, and so confirmed, once the incident is closed; nobody named answerable is not settled."""
    occurred_at = to_us(each.occurred_at)
    return IncidentFact(
        id=each.number,
        occurred_at=occurred_at,
        level=each.level,
        closed_at=occurred_at if each.is_closed else None,
        confirmed=True if each.is_closed else None,
        vendors=each.cause_domain == "vendor" if each.cause_domain else None,
    )
