"""Keeping figures: what a report or an assessment was based on, with the inputs to recompute it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from opspact.core.explain import Explanation
from opspact.fulfilment.assess import Assessment, span
from opspact.fulfilment.figures import exported
from opspact.fulfilment.models import KpiSnapshot
from opspact.fulfilment.rules import Result
from opspact.fulfilment.rules.base import RULES_VERSION
from opspact.kit.actions import Caller


def keep(caller: Caller, assessment: Assessment) -> list[KpiSnapshot]:
    """Store every served indicator of the assessment; part of the action that needs them, which audits them."""
    version = assessment.contract.terms_version.version
    rows = [
        KpiSnapshot(
            contract=assessment.contract,
            kpi_code=result.kpi.code,
            starts_at=assessment.period.start,
            ends_at=assessment.period.end,
            computed_at=caller.now,
            terms_version=version,
            rules_version=RULES_VERSION,
            figure=plain(result),
            inputs=(inputs := export_of(assessment, result)),
            inputs_sha256=digest(inputs if inputs is not None else plain(result)),
        )
        for result in assessment.results
        if result.is_served
    ]
    return KpiSnapshot.objects.bulk_create(rows)


def export_of(assessment: Assessment, result: Result) -> dict[str, Any] | None:
    """The figure with its ledgers, as `opspact calc availability` reads it; None for what is not an availability."""
    codes = [code for line in result.systems for code in line.code.split("+")]
    if not result.method or not codes:
        return None
    return exported.export(
        assessment.source.extract.only(codes),
        span(assessment.period),
        kpi=result.kpi.code,
        method=result.method,
        objective=result.objective,
    )


def plain(result: Result) -> dict[str, Any]:
    """The figure, its verdict and what counted, in plain JSON; fractions exact, as "a/b"."""
    figure = result.figure
    assert figure is not None, "an indicator nobody serves has no figure"
    return {
        "kpi": result.kpi.code,
        "value": _text(figure.value),
        "best": _text(figure.best),
        "worst": _text(figure.worst),
        "observed_fraction": _text(figure.observed_fraction),
        "excluded_fraction": _text(figure.excluded_fraction),
        "raw": _text(result.raw),
        "objective": str(result.objective),
        "verdict": str(result.verdict),
        "incidents": [each.number for each in result.incidents],
        "explanation": _explanation(result.explanation),
    }


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ledger_rows(export: dict[str, Any]) -> Sequence[tuple[str, str, str, int, int, str]]:
    """The export's intervals as rows for a table: system, ledger, what, start µs, end µs, approved µs or ""."""
    rows: list[tuple[str, str, str, int, int, str]] = []
    for system in export["systems"]:
        code = system["code"]
        rows += [(code, key, seen, a, b, "") for key, pieces in system["checks"].items() for a, b, seen in pieces]
        rows += [(code, "", kind, a, b, str(approved)) for kind, a, b, approved in system["granted"]]
        for key, grants in system["check_grants"].items():
            rows += [(code, key, kind, a, b, str(approved)) for kind, a, b, approved in grants]
    return rows


def _explanation(explanation: Explanation | None) -> dict[str, Any] | None:
    return None if explanation is None else explanation.to_json()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
