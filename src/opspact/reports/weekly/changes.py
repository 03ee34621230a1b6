"""What a refresh changed, so that whoever edits the report sees what moved under the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Change = list[str]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """[what, before, now] for every figure that differs; values as facts have them, "" for what was or is not there."""
    before, now = dict(_figures(old)), dict(_figures(new))
    keys = [*before, *(key for key in now if key not in before)]
    return [[key, before.get(key, ""), now.get(key, "")] for key in keys if before.get(key, "") != now.get(key, "")]


def _figures(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for system in facts["systems"]:
        for name in ("value", "observed", "excluded", "verdict", "down_us"):
            yield f"{system['name']}|{name}", _plain(system[name])
        yield f"{system['name']}|outages", str(len(system["outages"]))
    for kpi in facts["kpis"]:
        for name in ("value", "verdict"):
            yield f"{kpi['name']}|{name}", _plain(kpi[name])
    for name in ("opened", "closed", "open"):
        yield f"incidents|{name}", str(facts["incidents"][name])


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
