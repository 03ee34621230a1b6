"""What the answer holds: figures, the intervals behind them, and the arithmetic in sentences."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from opspact.calc.language import Explained
from opspact.calc.values import Part


class Outage(Part):
    """One outage as counted."""

    start: str
    end: str
    open: bool
    """Not over yet where counting stopped."""
    down: str
    """What counts of it, h:mm:ss."""


class Intervals(Part):
    """Agreed service time by what counts in it, as [start, end]; each instant stands in exactly one list."""

    up: list[tuple[str, str]]
    degraded: list[tuple[str, str]]
    down: list[tuple[str, str]]
    unknown: list[tuple[str, str]]
    maintenance: list[tuple[str, str]]
    excused: list[tuple[str, str]]


class Figures(Part):
    """One system in one period. Shares are exact fractions "a/b", durations h:mm:ss."""

    start: str
    horizon: str
    """Where counting stopped: the period's end, or now."""
    percent: str | None
    """The availability cut off, never rounded, to two decimals."""
    availability: str | None
    best: str | None
    worst: str | None
    raw: str | None
    """With nothing excluded."""
    raw_best: str | None
    raw_worst: str | None
    observed_fraction: str | None
    excluded_fraction: str | None
    service_time: str
    excluded: str
    unknown: str
    down: str
    unusable: str
    """The part of `down` that was seen degraded and called unusable by the client."""
    degraded: str
    up: str
    counted_down: str
    """What the readings count as down."""
    outage_count: int
    longest: str
    mttr: str | None
    mtbf: str | None
    verdict: str | None


class ComponentOut(Part):
    """What one check cost the system."""

    code: str
    percent: str | None
    """Its own availability, in the system's service time."""
    availability: str | None
    down: str
    involved: str
    """Of the system's counted downtime: while this check was down."""
    decisive: str
    """… that would not have been, had this check alone been up."""
    share_us: str
    """… divided evenly among those down together, µs, exact; the shares add up to the whole."""


class Together(Part):
    """Counted downtime by who was down in it, longest first."""

    components: list[str]
    down: str


class Flaps(Part):
    """Changes of state that fell into one hour."""

    most_in_an_hour: int
    at: str | None
    """The change by which that many were first reached."""


class SystemOut(Part):
    """A system, or several in series."""

    code: str
    name: str
    figures: Figures
    budget_left: str | None
    """Downtime that may still happen until the term's end with the objective met; below zero it is met no more."""
    outages: list[Outage]
    intervals: Intervals | None
    components: list[ComponentOut]
    together: list[Together]
    flapping: Flaps
    series: list[Figures]


class Output(Part):
    """The figures of all systems and of the group."""

    contract: str
    simulated: bool
    kpi: str | None
    period: tuple[str, str]
    now: str
    method: str
    objective: str | None
    figures: dict[str, Any] = Field(examples=[{"group": {"percent": "95.99"}, "systems": {}}])
    """The group and each system in µs and exact fractions, as an export holds them."""
    agrees: bool | None
    """Whether the figures in the document are these; null when it claims none."""
    provisional_years: list[int]
    """Years whose holidays were not published when the calendar was made."""
    systems: list[SystemOut]
    explain: list[Explained]
