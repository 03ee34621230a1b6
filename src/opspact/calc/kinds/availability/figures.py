"""The figures of an extract: each system's, and the group's. A KPI page's export holds the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from opspact.core.availability import Availability, percent
from opspact.core.availability.extracts import Extract
from opspact.core.intervals import Interval
from opspact.core.kpi import METHODS, Figure, Member, combined, verdict_of_each, verdict_of_group

FORMAT = "opspact-availability/1"
EACH, SERIES = "each", "series"


def figures(extract: Extract, period: Interval, method: str, objective: Fraction | None) -> dict[str, Any]:
    """The group's figure and each system's, in plain JSON types; a verdict needs an objective.

    `method`: `each` (every system by itself), `series` (all as one), or a mean of `core.kpi.METHODS`. Raises CoreError
    for ledgers that contradict themselves.
    """
    codes = [system.code for system in extract.systems]
    if method == SERIES:
        return {"group": plain(extract.measure(codes, period), objective), "systems": {}}
    members = [Member(extract.measure([system.code], period), system.weight) for system in extract.systems]
    systems = {code: plain(extract.measure([code], period), objective) for code in codes}
    figure = METHODS["minimum"](members) if method == EACH else combined(method, members, extract.rules)
    return {"group": _figure(figure) | _verdict(method, members, extract, objective), "systems": systems}


def plain(one: Availability, objective: Fraction | None) -> dict[str, Any]:
    """One system's figures; durations in µs, fractions exact as "a/b"."""
    figure = Figure(one.availability, one.best, one.worst, one.observed_fraction, one.excluded_fraction)
    return _figure(figure) | {
        "raw": _text(one.raw),
        "ast_us": one.ast_us,
        "excluded_us": one.excluded_us,
        "unknown_us": one.unknown_us,
        "down_us": one.down_us,
        "counted_down_us": one.counted_down_us,
        "outages": one.outage_count,
        "verdict": None if objective is None else str(one.judge(objective)),
    }


def _verdict(method: str, members: list[Member], extract: Extract, objective: Fraction | None) -> dict[str, Any]:
    if objective is None:
        return {"verdict": None}
    if method == EACH:
        return {"verdict": str(verdict_of_each(members, objective))}
    return {"verdict": str(verdict_of_group(method, members, extract.rules, objective))}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "availability": _text(figure.value),
        "percent": None if figure.value is None else str(percent(figure.value)),
        "best": _text(figure.best),
        "worst": _text(figure.worst),
        "observed_fraction": _text(figure.observed_fraction),
        "excluded_fraction": _text(figure.excluded_fraction),
    }


def _text(fraction: Fraction | None) -> str | None:
    return None if fraction is None else str(fraction)
