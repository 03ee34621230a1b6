"""What a rule gets and what it answers.

    @rule("availability_each")
    def compute(source: Source, kpi: Kpi, terms: terms.AvailabilityEach, period: Interval) -> Result: ...

`Kpi.rule` names it. A rule that no file here serves answers `unserved`: the page says so and shows no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from opspact.contracts.models import Contract, Kpi
from opspact.core.availability import Availability
from opspact.core.availability.extracts import Extract
from opspact.core.explain import Explanation
from opspact.core.instants import from_us
from opspact.core.intervals import Interval
from opspact.core.kpi import Figure, from_percent
from opspact.core.states import Verdict
from opspact.core.words import N_
from opspact.fulfilment.queries.incidents import CountedIncident, incidents_of
from opspact.fulfilment.readings import Reading, indicator

# Changed whenever a rule answers otherwise than before: a stored figure says by which it was made.
RULES_VERSION = 1


@dataclass(frozen=True)
class SystemLine:
    """One system under an indicator. `reason` (msgid) says why there is no clear verdict."""

    code: str
    name: str
    availability: Availability
    verdict: Verdict
    budget_left_us: int | None
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """One row of annex 2 in one period. `figure` None: no room serves it, and `room` says whose it will be.

    Ratios are fractions (1 is 100%), counts plain numbers. `method` and `systems` are what an export is made of.
    """

    kpi: Kpi
    figure: Figure | None = None
    verdict: Verdict | None = None
    raw: Fraction | None = None
    budget_left_us: int | None = None
    systems: tuple[SystemLine, ...] = ()
    incidents: tuple[CountedIncident, ...] = ()
    explanation: Explanation | None = None
    readings: tuple[Reading, ...] = ()
    reason: str = ""
    room: str = ""
    method: str = ""

    @property
    def is_served(self) -> bool:
        return self.figure is not None

    @property
    def is_ratio(self) -> bool:
        return self.kpi.unit == "percent"

    @property
    def objective(self) -> Fraction:
        """In the figure's unit: 96% is 24/25."""
        return objective_of(self.kpi)


@dataclass
class Source:
    """What rules compute from: one extract for all indicators and periods within it, the incidents on demand."""

    contract: Contract
    extract: Extract
    by_kpi: Mapping[str, tuple[str, ...]]
    _incidents: dict[tuple[tuple[str, ...], Interval], list[CountedIncident]] = field(default_factory=dict)

    def codes(self, kpi: Kpi) -> tuple[str, ...]:
        return self.by_kpi.get(kpi.code, ())

    def incidents(self, levels: tuple[str, ...], period: Interval) -> list[CountedIncident]:
        """Read once for the whole extract, then cut to the period."""
        key = (levels, (self.extract.start, self.extract.end))
        if key not in self._incidents:
            self._incidents[key] = incidents_of(self.contract, levels, *map(from_us, key[1]))
        start, end = map(from_us, period)
        return [each for each in self._incidents[key] if start <= each.occurred_at < end]


Compute = Callable[[Source, Kpi, Any, Interval], Result]
RULES: dict[str, Compute] = {}


def rule(name: str) -> Callable[[Compute], Compute]:
    """Register the function for `Kpi.rule`. Raises ValueError for a name taken already."""

    def register(function: Compute) -> Compute:
        if name in RULES:
            raise ValueError(f"two files compute {name}")
        RULES[name] = function
        return function

    return register


def compute(source: Source, kpi: Kpi, period: Interval) -> Result:
    """The indicator in the period, µs, which must lie within the source's extract."""
    terms = indicator(source.contract.terms, kpi.code)
    function = RULES.get(kpi.rule)
    if terms is None or function is None:
        return unserved(kpi)
    return function(source, kpi, terms, period)


ROOMS = {
    "monitoring": N_("monitoring"),
    "servicedesk": N_("service desk"),
    "assets": N_("asset ledgers"),
    "inspections": N_("inspections"),
    "backups": N_("backups"),
    "preparedness": N_("emergency plans"),
    "people": N_("people"),
    "fulfilment": N_("fulfilment"),
}


def unserved(kpi: Kpi) -> Result:
    """No figure, and whose it will be."""
    return Result(kpi, room=ROOMS.get(str(kpi.parameters.get("served_by", "")), ""))


def objective_of(kpi: Kpi) -> Fraction:
    return Fraction(from_percent(kpi.objective) if kpi.unit == "percent" else kpi.objective)
