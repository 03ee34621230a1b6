"""Indicators in words and cards."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.contracts.models import Kpi
from opspact.core.states import Verdict
from opspact.fulfilment.assess import Assessment
from opspact.fulfilment.periods import Period
from opspact.fulfilment.rules import Result
from opspact.kit.shown import formats
from opspact.kit.shown.kpis import KpiCard
from opspact.kit.shown.states import VERDICT_WORDS


def sentence_of_all(assessment: Assessment) -> str:
    """How the contract stands: how many indicators are met, missed, undecidable, and how many nobody serves yet."""
    served = len(assessment.results) - len(assessment.unserved)
    parts = [
        ngettext("%(n)d indicator computed", "%(n)d indicators computed", served) % {"n": served},
        *(
            _("%(n)d %(verdict)s") % {"n": len(found), "verdict": VERDICT_WORDS[verdict]}
            for verdict in Verdict
            if (found := assessment.verdicts(verdict))
        ),
    ]
    if missing := len(assessment.unserved):
        parts.append(_("%(n)d without a source yet") % {"n": missing})
    return _("%(period)s: %(parts)s.") % {
        "period": period_words(assessment.period),
        "parts": _(", ").join(parts),
    }


def sentence_of(result: Result) -> str:
    """One indicator: value, observed and excluded share, objective, verdict, and what downtime is left."""
    figure = result.figure
    if figure is None:
        return _("No room of the platform serves this indicator yet.")
    facts = {
        "name": str(result.kpi),
        "value": value_words(result.kpi, figure.value),
        "objective": objective_words(result.kpi),
        "verdict": VERDICT_WORDS[result.verdict] if result.verdict else formats.NOTHING,
    }
    if not result.is_ratio:
        return _("%(name)s: %(value)s, objective %(objective)s, %(verdict)s.") % facts
    facts["observed"] = formats.percent(figure.observed_fraction)
    facts["excluded"] = formats.percent(figure.excluded_fraction)
    said = (
        _("%(name)s: %(value)s (observed %(observed)s, excluded %(excluded)s), objective %(objective)s, %(verdict)s.")
        % facts
    )
    left = result.budget_left_us
    if left is None:
        return said
    if left < 0:
        return said + _(" The downtime allowed is exceeded by %(over)s.") % {"over": formats.duration(-left)}
    return said + _(" Downtime left: %(left)s.") % {"left": formats.duration(left)}


def value_words(kpi: Kpi, value: Fraction | None) -> str:
    if value is None:
        return formats.NOTHING
    return formats.percent(value) if kpi.unit == "percent" else formats.number(int(value))


def objective_words(kpi: Kpi) -> str:
    """≥ 96% or ≤ 0, without the zeros that the database keeps."""
    value = kpi.objective.normalize()
    number = f"{value:f}"
    return f"{kpi.get_direction_display()} {number}{'%' if kpi.unit == 'percent' else ''}"


def period_words(period: Period) -> str:
    return f"{period.first.isoformat()} – {period.last.isoformat()}"


def card(result: Result, months: Sequence[Fraction | None], url: str) -> KpiCard | None:
    """The kit's card for an indicator that is a ratio with a figure; None for the others."""
    if result.figure is None or not result.is_ratio or result.kpi.direction != Kpi.Direction.AT_LEAST:
        return None
    figure = result.figure
    return KpiCard(
        title=str(result.kpi),
        value=figure.value,
        objective=result.objective,
        verdict=str(result.verdict),
        best=figure.best,
        worst=figure.worst,
        observed=figure.observed_fraction,
        excluded=figure.excluded_fraction,
        budget_left_us=result.budget_left_us,
        months=months,
        explanation=result.explanation,
        url=url,
    )
