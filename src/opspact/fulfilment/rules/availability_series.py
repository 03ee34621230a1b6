"""应急移动指挥通信: platform and link in series, up only while all are. Terminals wait until k of n is agreed."""

from __future__ import annotations

from opspact.contracts.models import Kpi
from opspact.contracts.terms.kpi import AvailabilitySeries
from opspact.core.explain import Explanation
from opspact.core.intervals import Interval
from opspact.core.kpi import Figure
from opspact.core.words import N_
from opspact.fulfilment.figures.exported import SERIES
from opspact.fulfilment.readings import readings
from opspact.fulfilment.rules.base import Result, Source, objective_of, rule, unserved
from opspact.fulfilment.rules.systems import NOTHING_IN_SERVICE, availability_readings, line

IN_SERIES = N_("Platform and link in series: up only while all of them are")


@rule("availability_series")
def availability_series(source: Source, kpi: Kpi, terms: AvailabilitySeries, period: Interval) -> Result:
    """Evidence from tickets instead of probes is agreed nowhere yet and no room serves it."""
    if terms.parameters.evidence.value != "probes":
        return unserved(kpi)
    chosen = (*readings(terms.parameters, ("evidence",)), *availability_readings(source))
    codes = source.codes(kpi)
    if not codes:
        return Result(kpi, Figure(None, None, None), reason=NOTHING_IN_SERVICE, readings=chosen, method=SERIES)
    whole = line(source, codes, period, objective_of(kpi))
    one = whole.availability
    steps = one.explain(objective_of(kpi))
    return Result(
        kpi,
        figure=Figure(one.availability, one.best, one.worst, one.observed_fraction, one.excluded_fraction),
        verdict=whole.verdict,
        raw=one.raw,
        budget_left_us=whole.budget_left_us,
        systems=(whole,),
        explanation=Explanation(IN_SERIES, kpi.clause, steps.inputs, steps.steps),
        readings=chosen,
        reason=whole.reason,
        method=SERIES,
    )
