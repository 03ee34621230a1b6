"""A figure with everything it was made of, as JSON that `opspact calc availability` computes again.

    {"format": "opspact-availability/1", "contract": …, "kpi": …, "period": [start, end], "now": …, "rules": {…},
     "service_time": null, "systems": [{"code": …, "in_service": …, "rules": …, "checks": {…}, "granted": …}],
     "method": "each", "objective": "24/25", "figures": {…}}

Instants are integers, µs since 1970-01-01T00:00:00Z; fractions are exact, as "a/b". Format: docs/why/kpi-figures.md.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from opspact.calc.kinds.availability.figures import EACH, FORMAT, SERIES, figures
from opspact.core.availability import Rules
from opspact.core.availability.extracts import Extract
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.intervals import Interval

__all__ = ["EACH", "FORMAT", "SERIES", "export"]


def export(extract: Extract, period: Interval, *, kpi: str, method: str, objective: Fraction) -> dict[str, Any]:
    """The extract of a figure and the figure itself, in plain JSON types. `method`: a mean, `each` or `series`."""
    return {
        "format": FORMAT,
        "contract": extract.contract,
        "simulated": extract.simulated,
        "kpi": kpi,
        "period": list(period),
        "window": [extract.start, extract.end],
        "now": extract.now,
        "rules": _rules(extract.rules),
        "service_time": None if extract.service_time is None else [list(piece) for piece in extract.service_time],
        "systems": [_system(system) for system in extract.systems],
        "method": method,
        "objective": str(objective),
        "figures": figures(extract, period, method, objective),
    }


def _system(system: SystemLedger) -> dict[str, Any]:
    return {
        "code": system.code,
        "name": system.name,
        "weight": system.weight,
        "in_service": [list(piece) for piece in system.in_service],
        "rules": [[start, end, rule.to_json()] for start, end, rule in system.rules],
        "checks": {key: [[start, end, str(seen)] for start, end, seen in system.checks[key]] for key in system.checks},
        "granted": [list(grant) for grant in system.granted],
        "check_grants": {key: [list(grant) for grant in grants] for key, grants in system.check_grants.items()},
    }


def _rules(rules: Rules) -> dict[str, Any]:
    threshold = rules.decide_on_observed_fraction
    return {
        "decide_on_observed_fraction": None if threshold is None else str(threshold),
        "unknown_is_down": rules.unknown_is_down,
        "degraded_is_down": rules.degraded_is_down,
        "merge_gap_us": rules.merge_gap_us,
    }
