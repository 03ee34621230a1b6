"""A figure with everything it was made of, as JSON, and the figure made of it again.

    {"format": "opspact-availability/1", "contract": …, "kpi": …, "period": [start, end], "now": …, "rules": {…},
     "service_time": null, "systems": [{"code": …, "in_service": …, "rules": …, "checks": {…}, "granted": …}],
     "method": "each", "objective": "0.96", "figures": {…}}

Instants are integers, µs since 1970-01-01T00:00:00Z; fractions are exact, as "a/b". Format: docs/why/kpi-figures.md.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from opspact.core.availability import Availability, Granted, Rules, percent
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.errors import CoreError
from opspact.core.explain import Explanation
from opspact.core.intervals import Interval
from opspact.core.kpi import Figure
from opspact.core.states import Observed
from opspact.fulfilment.figures.groups import METHODS, Member, combined, verdict_of_each, verdict_of_group
from opspact.fulfilment.figures.ledgers import Extract

FORMAT = "opspact-availability/1"
EACH, SERIES = "each", "series"


class ExportError(ValueError):
    """The file is no such export; one English sentence says where."""


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
        "rules": _rules_out(extract.rules),
        "service_time": None if extract.service_time is None else [list(piece) for piece in extract.service_time],
        "systems": [_system_out(system) for system in extract.systems],
        "method": method,
        "objective": str(objective),
        "figures": figures(extract, period, method, objective),
    }


def read(data: Any) -> tuple[Extract, Interval, str, Fraction]:
    """An export's extract, period, method and objective. Raises ExportError."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ExportError(f'expected a JSON object with "format": "{FORMAT}"')
    try:
        extract = Extract(
            contract=str(data["contract"]),
            simulated=bool(data["simulated"]),
            start=_instant(data["window"][0]),
            end=_instant(data["window"][1]),
            now=_instant(data["now"]),
            rules=_rules_in(data["rules"]),
            service_time=None if data["service_time"] is None else _intervals(data["service_time"]),
            systems=tuple(_system_in(system) for system in data["systems"]),
        )
        start, end = data["period"]
        method = str(data["method"])
        if method not in (EACH, SERIES, *METHODS):
            raise ExportError(f"no such method: {method}")
        if not extract.systems:
            raise ExportError("there is no system in it")
        return extract, (_instant(start), _instant(end)), method, Fraction(data["objective"])
    except (KeyError, TypeError, ValueError, IndexError, InvalidOperation, ZeroDivisionError, CoreError) as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(f"the export cannot be read: {type(error).__name__}: {error}") from error


def figures(extract: Extract, period: Interval, method: str, objective: Fraction) -> dict[str, Any]:
    """The group's figure and each system's, recomputed. Raises CoreError for ledgers that contradict themselves."""
    codes = [system.code for system in extract.systems]
    if method == SERIES:
        one = extract.measure(codes, period)
        return {"group": _availability(one, objective), "systems": {}}
    members = [Member(extract.measure([system.code], period), system.weight) for system in extract.systems]
    if method == EACH:
        figure, verdict = METHODS["minimum"](members), verdict_of_each(members, objective)
    else:
        figure = combined(method, members, extract.rules)
        verdict = verdict_of_group(method, members, extract.rules, objective)
    systems = {code: _availability(member.availability, objective) for code, member in zip(codes, members, strict=True)}
    return {"group": _figure(figure) | {"verdict": str(verdict)}, "systems": systems}


def explanations(extract: Extract, period: Interval, method: str, objective: Fraction) -> dict[str, Explanation]:
    """The arithmetic of each system by code, or of all in series as one."""
    codes = [system.code for system in extract.systems]
    groups = [codes] if method == SERIES else [[code] for code in codes]
    return {"+".join(group): extract.measure(group, period).explain(objective) for group in groups}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "availability": _text(figure.value),
        "percent": None if figure.value is None else str(percent(figure.value)),
        "best": _text(figure.best),
        "worst": _text(figure.worst),
        "observed_fraction": _text(figure.observed_fraction),
        "excluded_fraction": _text(figure.excluded_fraction),
    }


def _availability(one: Availability, objective: Fraction) -> dict[str, Any]:
    figure = Figure(one.availability, one.best, one.worst, one.observed_fraction, one.excluded_fraction)
    return _figure(figure) | {
        "raw": _text(one.raw),
        "ast_us": one.ast_us,
        "excluded_us": one.excluded_us,
        "unknown_us": one.unknown_us,
        "down_us": one.down_us,
        "counted_down_us": one.counted_down_us,
        "outages": one.outage_count,
        "verdict": str(one.judge(objective)),
    }


def _system_out(system: SystemLedger) -> dict[str, Any]:
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


def _system_in(data: dict[str, Any]) -> SystemLedger:
    checks = {
        str(key): [(_instant(start), _instant(end), Observed(seen)) for start, end, seen in pieces]
        for key, pieces in data["checks"].items()
    }
    return SystemLedger(
        code=str(data["code"]),
        name=str(data["name"]),
        weight=_instant(data["weight"]),
        in_service=_intervals(data["in_service"]),
        rules=tuple((_open(start), _open(end), Expression.parse(rule)) for start, end, rule in data["rules"]),
        checks=checks,
        granted=tuple(_grant(grant) for grant in data["granted"]),
        check_grants={str(key): tuple(map(_grant, grants)) for key, grants in data["check_grants"].items()},
    )


def _rules_out(rules: Rules) -> dict[str, Any]:
    threshold = rules.decide_on_observed_fraction
    return {
        "decide_on_observed_fraction": None if threshold is None else str(threshold),
        "unknown_is_down": rules.unknown_is_down,
        "degraded_is_down": rules.degraded_is_down,
        "merge_gap_us": rules.merge_gap_us,
    }


def _rules_in(data: dict[str, Any]) -> Rules:
    threshold = data["decide_on_observed_fraction"]
    return Rules(
        decide_on_observed_fraction=None if threshold is None else Decimal(threshold),
        unknown_is_down=bool(data["unknown_is_down"]),
        degraded_is_down=bool(data["degraded_is_down"]),
        merge_gap_us=_instant(data["merge_gap_us"]),
    )


def _grant(data: list[Any]) -> Granted:
    kind, start, end, approved = data
    if kind not in ("maintenance", "excused"):
        raise ExportError(f"no such kind of grant: {kind}")
    return Granted(kind, _instant(start), _instant(end), _open(approved))


def _intervals(data: list[list[int]]) -> tuple[Interval, ...]:
    return tuple((_instant(start), _instant(end)) for start, end in data)


def _instant(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExportError(f"expected a whole number of microseconds, found {value!r}")
    return value


def _open(value: Any) -> int | None:
    return None if value is None else _instant(value)


def _text(fraction: Fraction | None) -> str | None:
    return None if fraction is None else str(fraction)
