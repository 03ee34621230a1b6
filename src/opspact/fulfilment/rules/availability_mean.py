"""系统稳定运行率: one mean over the systems in scope, weighted as the contract reads it (domain: equal by default)."""

from __future__ import annotations

from opspact.contracts.models import Kpi
from opspact.contracts.terms.kpi import AvailabilityMean
from opspact.core.intervals import Interval
from opspact.core.kpi import combined, verdict_of_group
from opspact.core.words import N_
from opspact.fulfilment.readings import readings
from opspact.fulfilment.rules.base import Result, Source, objective_of, rule
from opspact.fulfilment.rules.systems import (
    availability_readings,
    explain,
    lines,
    members,
    raw_of,
    reason_of_group,
)

RULES = {
    "equal": N_("Mean of the systems' availability, each with the same weight"),
    "time": N_("Sum of the systems' up time ÷ sum of their measured time"),
    "importance": N_("Mean of the systems' availability, weighted by importance"),
    "minimum": N_("The lowest availability of a system"),
}


@rule("availability_mean")
def availability_mean(source: Source, kpi: Kpi, terms: AvailabilityMean, period: Interval) -> Result:
    """The budget is per system only: how much one outage costs the mean depends on which system it hits."""
    method = terms.parameters.weighting.value
    systems = lines(source, kpi, period)
    group = members(source, systems)
    figure = combined(method, group, source.extract.rules)
    verdict = verdict_of_group(method, group, source.extract.rules, objective_of(kpi))
    return Result(
        kpi,
        figure=figure,
        verdict=verdict,
        raw=raw_of(systems, mean=method != "minimum"),
        systems=systems,
        explanation=explain(RULES[method], kpi, figure, verdict, systems),
        readings=(*readings(terms.parameters, ("weighting",)), *availability_readings(source)),
        reason=reason_of_group(verdict, systems),
        method=method,
    )
