"""OA、局网站、应急值守系统, 辅助系统: each system has to reach the objective by itself, or the mean."""

from __future__ import annotations

from opspact.contracts.models import Kpi
from opspact.contracts.terms.kpi import AvailabilityEach
from opspact.core.intervals import Interval
from opspact.core.kpi import METHODS, combined, verdict_of_each, verdict_of_group
from opspact.core.words import N_
from opspact.fulfilment.figures.exported import EACH
from opspact.fulfilment.readings import readings
from opspact.fulfilment.rules.base import Result, Source, objective_of, rule
from opspact.fulfilment.rules.systems import (
    availability_readings,
    explain,
    lines,
    members,
    raw_of,
    reason_of_group,
    tightest_budget,
)

BY_ITSELF = N_("Each system reaches the objective by itself; the lowest is shown")
GROUP_MEAN = N_("Mean of the group's availability, each system with the same weight")


@rule("availability_each")
def availability_each(source: Source, kpi: Kpi, terms: AvailabilityEach, period: Interval) -> Result:
    systems = lines(source, kpi, period)
    group = members(source, systems)
    by_itself = terms.parameters.judged.value == "each"
    objective = objective_of(kpi)
    if by_itself:
        figure, verdict = METHODS["minimum"](group), verdict_of_each(group, objective)
    else:
        figure = combined("equal", group, source.extract.rules)
        verdict = verdict_of_group("equal", group, source.extract.rules, objective)
    return Result(
        kpi,
        figure=figure,
        verdict=verdict,
        raw=raw_of(systems, mean=not by_itself),
        budget_left_us=tightest_budget(systems) if by_itself else None,
        systems=systems,
        explanation=explain(BY_ITSELF if by_itself else GROUP_MEAN, kpi, figure, verdict, systems),
        readings=(*readings(terms.parameters, ("judged",)), *availability_readings(source)),
        reason=reason_of_group(verdict, systems),
        method=EACH if by_itself else "equal",
    )
