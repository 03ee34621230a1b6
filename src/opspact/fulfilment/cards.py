"""What fulfilment shows on the home page: how the contract stands, and what could be missed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opspact.core.states import Verdict
from opspact.fulfilment import periods, shown
from opspact.fulfilment.assess import assess, term_of
from opspact.fulfilment.rules import Result
from opspact.fulfilment.views.kpi import indicator_url
from opspact.identity.roles import Role
from opspact.kit.registries import HomeCard, home_cards

# With less than this share of the period's allowed downtime left, the service manager should look.
SCARCE_PART = 4


def standing(request: HttpRequest) -> dict[str, Any] | None:
    """Every indicator with its verdict, in the usual period."""
    contract, now = request.contract, timezone.now()
    if not contract.kpis.exists():
        return None
    assessment = assess(contract, periods.usual(term_of(contract), now), now)
    return {
        "sentence": shown.sentence_of_all(assessment),
        "rows": [_row(request, assessment.period, result) for result in assessment.results],
        "url": reverse("fulfilment:indicators", kwargs={"contract": contract.code}),
    }


def endangered(request: HttpRequest) -> dict[str, Any] | None:
    """Indicators that are missed or undecidable, or have little downtime left; nothing when there are none."""
    contract, now = request.contract, timezone.now()
    term = term_of(contract)
    if not term.first <= now.astimezone(term.zone).date() < term.after:
        return None
    assessment = assess(contract, periods.usual(term, now), now)
    rows = [_row(request, assessment.period, each) for each in assessment.results if is_endangered(each)]
    return {"sentence": "", "rows": rows} if rows else None


def is_endangered(result: Result) -> bool:
    if result.verdict in (Verdict.MISSED, Verdict.UNDECIDABLE):
        return True
    left = [each for each in result.systems if each.budget_left_us is not None]
    return any(_is_scarce(each.budget_left_us or 0, each.availability.counted_down_us) for each in left)


def _is_scarce(left_us: int, spent_us: int) -> bool:
    return spent_us > 0 and left_us * SCARCE_PART < left_us + spent_us


def _row(request: HttpRequest, period: periods.Period, result: Result) -> dict[str, Any]:
    return {
        "result": result,
        "value": shown.value_words(result.kpi, result.figure.value if result.figure else None),
        "objective": shown.objective_words(result.kpi),
        "url": indicator_url(request.contract, result.kpi.code, period),
    }


home_cards.add(
    HomeCard(
        "fulfilment.standing",
        _("How the contract stands"),
        "fulfilment.kpi.view",
        frozenset({Role.CLIENT_MANAGER}),
        "fulfilment/standing.html",
        standing,
        order=10,
        is_wide=True,
    )
)
home_cards.add(
    HomeCard(
        "fulfilment.endangered",
        _("What could be missed"),
        "fulfilment.kpi.view",
        frozenset({Role.SERVICE_MANAGER}),
        "fulfilment/standing.html",
        endangered,
        order=20,
    )
)
