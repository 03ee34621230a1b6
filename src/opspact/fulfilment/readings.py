"""How a contract reads its indicators: the choices in force, with what else could have been chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opspact.contracts.calendars import work_calendars
from opspact.contracts.models import Contract
from opspact.contracts.terms import Terms
from opspact.contracts.terms.kpi import Choice, Kpi
from opspact.core.availability import Rules
from opspact.core.instants import MINUTE
from opspact.core.intervals import Interval
from opspact.core.kpi import from_percent
from opspact.core.words import N_

QUESTIONS = {
    "agreed_service_time": N_("Agreed service time"),
    "decide_on_observed_fraction": N_("Decide on the measured value from this observed share on (%)"),
    "unknown_is": N_("Unknown time counts as"),
    "degraded_is": N_("Degraded time counts as"),
    "exclusions": N_("Time taken out of the calculation"),
    "third_party": N_("Faults of third parties"),
    "merge_gaps_below": N_("Gaps shorter than this join two outages"),
    "weighting": N_("Weight of the systems in the mean"),
    "judged": N_("Judged"),
    "evidence": N_("Evidence"),
    "levels": N_("Levels that count"),
    "counted_when": N_("Counted when"),
    "penalised": N_("Penalised"),
}
AVAILABILITY_QUESTIONS = (
    "agreed_service_time",
    "decide_on_observed_fraction",
    "unknown_is",
    "degraded_is",
    "exclusions",
    "third_party",
    "merge_gaps_below",
)


@dataclass(frozen=True)
class Reading:
    """One question the contract leaves open: the value in force, its alternatives, whether the client signed it."""

    question: str
    value: str
    alternatives: tuple[str, ...]
    agreed: bool
    clause: str


def readings(section: Any, names: tuple[str, ...]) -> tuple[Reading, ...]:
    """The choices of a section of the terms, by the names of its fields."""
    return tuple(_reading(name, getattr(section, name)) for name in names if hasattr(section, name))


def _reading(name: str, choice: Choice[Any]) -> Reading:
    others = tuple(_text(value) for value in choice.alternatives)
    return Reading(QUESTIONS[name], _text(choice.value), others, choice.agreed, choice.clause)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) or "—" if isinstance(value, tuple) else str(value)


def rules_of(terms: Terms) -> Rules:
    """Core's rules from the terms. The observed share is in per cent there, a fraction here."""
    kpi_rules = terms.kpi_rules
    share = kpi_rules.decide_on_observed_fraction.value
    return Rules(
        decide_on_observed_fraction=from_percent(share) if share else None,
        unknown_is_down=kpi_rules.unknown_is.value == "down",
        degraded_is_down=kpi_rules.degraded_is.value == "down",
        merge_gap_us=kpi_rules.merge_gaps_below.value.minutes * MINUTE,
    )


def service_time(contract: Contract, period: Interval) -> tuple[Interval, ...] | None:
    """The agreed hours within the period, or None for 7×24."""
    code = contract.terms.kpi_rules.agreed_service_time.value
    calendar = work_calendars(each for each in contract.terms.calendars if each.code == code)[code]
    hours = tuple(calendar.working_intervals(*period))
    return None if hours == (period,) else hours


def indicator(terms: Terms, code: str) -> Kpi | None:
    """The terms of one indicator; None for one that a later version dropped."""
    return next((each for each in terms.kpis if each.code == code), None)
