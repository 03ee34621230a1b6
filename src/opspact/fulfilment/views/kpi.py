"""The indicators of a contract, one of them, and one of its systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from opspact.contracts.models import Contract
from opspact.core.instants import from_us
from opspact.fulfilment import periods, shown
from opspact.fulfilment.assess import Assessment, assess, assess_with_months, span, term_of
from opspact.fulfilment.periods import Period, PeriodError, Term
from opspact.fulfilment.queries.outages import outages_with_records
from opspact.fulfilment.rules import Result
from opspact.fulfilment.rules.systems import budget_left
from opspact.kit.guards import needs
from opspact.kit.shown.ribbon import ribbon
from opspact.servicedesk.queries import visible_to


@needs("fulfilment.kpi.view")
def indicators(request: HttpRequest) -> HttpResponse:
    """Each row of annex 2 in the period that is asked for."""
    contract, now = request.contract, timezone.now()
    period = period_of(request, contract)
    assessment, months = assess_with_months(contract, period, now)
    rows = [_row(contract, period, result, months.get(result.kpi.code, [])) for result in assessment.results]
    context = {
        "sentence": shown.sentence_of_all(assessment),
        "rows": rows,
        "is_running": period.start <= now < period.end,
        **picker(contract, period, now),
    }
    return render(request, "fulfilment/indicators.html", context)


@needs("fulfilment.kpi.view")
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: its systems with their ribbons, or the incidents that count."""
    contract, now = request.contract, timezone.now()
    period = period_of(request, contract)
    assessment, months = assess_with_months(contract, period, now)
    result = _found(assessment, code)
    systems = [
        {
            "line": line,
            "pieces": line.availability.timeline,
            "url": _system_url(contract, code, line.code, period) if "+" not in line.code else "",
        }
        for line in result.systems
    ]
    context = {
        "result": result,
        "card": shown.card(result, months.get(code, []), ""),
        "sentence": shown.sentence_of(result),
        "objective": shown.objective_words(result.kpi),
        "value": shown.value_words(result.kpi, result.figure.value if result.figure else None),
        "systems": systems,
        "seen": _seen(request.user, contract, result),
        "span": span(period),
        **picker(contract, period, now),
    }
    return render(request, "fulfilment/indicator.html", context)


@needs("fulfilment.kpi.view")
def system(request: HttpRequest, code: str, system: str) -> HttpResponse:
    """One system under an indicator: the ribbon of its period, and each outage with its records."""
    contract, now = request.contract, timezone.now()
    period = period_of(request, contract)
    assessment = assess(contract, period, now)
    result = _found(assessment, code)
    line = next((each for each in result.systems if system in each.code.split("+")), None)
    if line is None:
        raise Http404
    ledger = assessment.source.extract.system(system)
    one = assessment.source.extract.measure([system], span(period))
    record = assessment.scope.systems[system]
    context = {
        "result": result,
        "system": record,
        "one": one,
        "line": line,
        "verdict": one.judge(result.objective),
        "explanation": one.explain(result.objective),
        "budget_left_us": budget_left(one, result.objective, span(period)[1]),
        "strip": ribbon(one.timeline, *span(period), link=_zoom(term_of(contract)), css="op-ribbon-tall"),
        "objective": shown.objective_words(result.kpi),
        "outages": outages_with_records(request.user, contract, record, ledger.checks, one.outages),
        "keys": list(ledger.checks),
        "span": span(period),
        "indicator_url": indicator_url(contract, code, period),
        **picker(contract, period, now),
    }
    return render(request, "fulfilment/system.html", context)


def period_of(request: HttpRequest, contract: Contract) -> Period:
    """The period the address asks for; what can't be read is said, and the usual one shown."""
    term = term_of(contract)
    try:
        return periods.asked(request.GET.dict(), term, timezone.now())
    except PeriodError as error:
        messages.error(request, _(error.message))
        return periods.usual(term, timezone.now())


def picker(contract: Contract, period: Period, now: Any) -> dict[str, Any]:
    """What the period picker offers: the months that have begun, the quarters, the term."""
    term = term_of(contract)
    months = [periods.month(first, term.zone) for first in term.months()]
    return {
        "is_over": now >= contract.ends_at,
        "period": period,
        "period_words": shown.period_words(period),
        "months": [month for month in months if month.start <= now][::-1],
        "quarters": [periods.quarter(term, number) for number in range(1, term.quarters + 1)],
    }


def indicator_url(contract: Contract, code: str, period: Period) -> str:
    return f"{reverse('fulfilment:indicator', kwargs={'contract': contract.code, 'code': code})}?{period.query}"


def _system_url(contract: Contract, code: str, system: str, period: Period) -> str:
    address = reverse("fulfilment:system", kwargs={"contract": contract.code, "code": code, "system": system})
    return f"{address}?{period.query}"


def _zoom(term: Term) -> Callable[[tuple[int, int, str]], str]:
    """From an interval of a ribbon to the same page for its local days."""

    def link(piece: tuple[int, int, str]) -> str:
        first, last = (from_us(instant).astimezone(term.zone).date() for instant in (piece[0], piece[1] - 1))
        return f"?from={first.isoformat()}&until={last.isoformat()}"

    return link


def _row(contract: Contract, period: Period, result: Result, months: list[Any]) -> dict[str, Any]:
    url = indicator_url(contract, result.kpi.code, period)
    return {
        "result": result,
        "card": shown.card(result, months, url),
        "url": url,
        "value": shown.value_words(result.kpi, result.figure.value if result.figure else None),
        "objective": shown.objective_words(result.kpi),
    }


def _seen(user: Any, contract: Contract, result: Result) -> set[str]:
    """The numbers of those incidents that this person may see; of the others the figure counts them and no more."""
    numbers = [each.number for each in result.incidents]
    return set(visible_to(user, contract).filter(number__in=numbers).values_list("number", flat=True))


def _found(assessment: Assessment, code: str) -> Result:
    result = assessment.of(code)
    if result is None:
        raise Http404
    return result
