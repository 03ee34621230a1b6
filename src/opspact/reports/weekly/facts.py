"""What a week's records say, as plain JSON: every figure exact, with the record it comes from.

Fractions are "a/b", instants µs since the epoch, durations µs.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from opspact.contracts.models import Contract
from opspact.core.instants import to_us
from opspact.core.kpi import mean_availability
from opspact.fulfilment.assess import Assessment, span
from opspact.fulfilment.periods import Period
from opspact.fulfilment.rules import Result
from opspact.servicedesk.models import Incident


def facts_of(assessment: Assessment, snapshots: list[int]) -> dict[str, Any]:
    """The facts of the assessment's contract and period; `snapshots` are the kept figures they rest on."""
    period, contract, now = assessment.period, assessment.contract, assessment.now
    systems = _systems(assessment)
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "span": list(span(period)),
        "computed_at": to_us(now),
        "kpis": [_kpi(result) for result in assessment.results],
        "systems": systems,
        "mean": _mean(assessment),
        "outages": [outage for system in systems for outage in system["outages"]],
        "incidents": _incidents(contract, period, now),
        "snapshots": snapshots,
    }


def _kpi(result: Result) -> dict[str, Any]:
    figure = result.figure
    return {
        "code": result.kpi.code,
        "name": result.kpi.name,
        "unit": result.kpi.unit,
        "direction": result.kpi.direction,
        "objective": str(result.kpi.objective),
        "value": _text(figure.value) if figure else None,
        "observed": _text(figure.observed_fraction) if figure else None,
        "verdict": str(result.verdict) if result.verdict else None,
        "is_served": result.is_served,
    }


def _systems(assessment: Assessment) -> list[dict[str, Any]]:
    """Each system in scope once, against the indicator that judges it most narrowly, the first that does."""
    judged_by: dict[str, Result] = {}
    for result in sorted(assessment.results, key=lambda each: (len(each.systems), each.kpi.position)):
        for line in result.systems:
            for code in line.code.split("+"):
                judged_by.setdefault(code, result)
    return [_system(assessment, code, judged_by[code]) for code in assessment.scope.systems if code in judged_by]


def _system(assessment: Assessment, code: str, result: Result) -> dict[str, Any]:
    one = assessment.source.extract.measure([code], span(assessment.period))
    name = assessment.scope.systems[code].name
    return {
        "code": code,
        "name": name,
        "kpi": result.kpi.code,
        "objective": str(result.objective),
        "value": _text(one.availability),
        "observed": _text(one.observed_fraction),
        "excluded": _text(one.excluded_fraction),
        "best": _text(one.best),
        "worst": _text(one.worst),
        "raw": _text(one.raw),
        "verdict": str(one.judge(result.objective)),
        "down_us": one.counted_down_us,
        "pieces": [[start, end, str(state)] for start, end, state in one.timeline],
        "outages": [
            {
                "system": code,
                "name": name,
                "kpi": result.kpi.code,
                "start": outage.start,
                "end": outage.end,
                "open": outage.open,
                "down_us": outage.down_us,
            }
            for outage in one.outages
        ],
    }


def _mean(assessment: Assessment) -> str | None:
    """The plain mean over the systems, for the overview; the indicator's own reading is among `kpis`."""
    measured = [assessment.source.extract.measure([code], span(assessment.period)) for code in assessment.scope.systems]
    return _text(mean_availability(measured).value)


def _incidents(contract: Contract, period: Period, now: datetime) -> dict[str, Any]:
    """Opened or closed in the period, or still open at its end (or now, if that is earlier)."""
    until = min(period.end, now)
    rows: QuerySet[Incident] = (
        Incident.objects.filter(contract=contract, opened_at__lt=until)
        .exclude(state=Incident.State.CANCELLED)
        .filter(Q(opened_at__gte=period.start) | Q(closed_at=None) | Q(closed_at__gte=period.start))
        .select_related("system")
        .order_by("opened_at", "id")
    )
    found = [_incident(row, period, until) for row in rows]
    return {
        "opened": sum(row["is_new"] for row in found),
        "closed": sum(row["is_closed"] for row in found),
        "open": sum(not row["is_closed"] for row in found),
        "rows": found,
    }


def _incident(row: Incident, period: Period, until: datetime) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "system": row.system.name if row.system else "",
        "level": row.level,
        "priority": row.priority,
        "opened": to_us(row.opened_at),
        "restored": to_us(row.restored_at) if row.restored_at and row.restored_at < until else None,
        "is_new": row.opened_at >= period.start,
        "is_closed": row.closed_at is not None and row.closed_at < until,
        "cause": row.cause,
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
