"""重大运行事故: incidents of the levels that count. Open ones may be closed at another level yet: they are pending."""

from __future__ import annotations

from fractions import Fraction

from opspact.contracts.models import Kpi
from opspact.contracts.terms.kpi import CountZero
from opspact.core.explain import Explanation, Step
from opspact.core.intervals import Interval
from opspact.core.kpi import count_figure, judge_at_most
from opspact.core.states import Verdict
from opspact.core.words import N_
from opspact.fulfilment.readings import readings
from opspact.fulfilment.rules.base import Result, Source, objective_of, rule, unserved

RULE = N_("Number of closed incidents of the levels that count, by when they occurred")
STILL_OPEN = N_("Incidents of these levels are still open; they count once closed at their level.")


@rule("count_zero")
def count_zero(source: Source, kpi: Kpi, terms: CountZero, period: Interval) -> Result:
    """Security incidents are not served yet: they need their own register with the client's confirmation."""
    parameters = terms.parameters
    if parameters.source != "incidents":
        return unserved(kpi)
    found = source.incidents(parameters.levels.value, period)
    at_once = parameters.counted_when.value == "reported"
    confirmed = [each for each in found if at_once or each.is_closed]
    figure = count_figure(len(confirmed), len(found) - len(confirmed))
    verdict = judge_at_most(figure, objective_of(kpi))
    vendors = sum(each.cause_domain == "vendor" for each in confirmed)
    steps = (
        Step(N_("Levels that count: %(levels)s."), {"levels": ", ".join(parameters.levels.value)}),
        Step(
            N_("Confirmed: %(confirmed)s, of these attributable to the vendor: %(vendors)s."),
            {"confirmed": len(confirmed), "vendors": vendors},
        ),
        Step(N_("Still open: %(pending)s."), {"pending": len(found) - len(confirmed)}),
        Step(
            N_("At most %(objective)s: %(verdict)s."),
            {"objective": str(objective_of(kpi)), "verdict": str(verdict)},
        ),
    )
    return Result(
        kpi,
        figure=figure,
        verdict=verdict,
        raw=Fraction(len(found)),
        incidents=tuple(found),
        explanation=Explanation(RULE, kpi.clause, steps=steps),
        readings=readings(parameters, ("levels", "counted_when", "penalised")),
        reason=STILL_OPEN if verdict is Verdict.UNDECIDABLE else "",
    )
