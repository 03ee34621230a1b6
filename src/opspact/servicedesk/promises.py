"""What the contract promises for an incident, frozen when it is opened, and read again years later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opspact.contracts.models import TermsVersion
from opspact.contracts.terms.service import Calendar, Escalation, PauseRules, Priorities, Rank, ServiceLevel


@dataclass(frozen=True)
class Promises:
    """The sections of the terms that decide about incidents."""

    levels: tuple[ServiceLevel, ...]
    priorities: Priorities
    calendars: tuple[Calendar, ...]
    pauses: PauseRules
    escalation: Escalation

    @classmethod
    def of(cls, version: TermsVersion) -> Promises:
        terms = version.terms
        return cls(terms.service_levels, terms.priorities, terms.calendars, terms.pauses, terms.escalation)

    def freeze(self) -> dict[str, Any]:
        """Plain JSON for `Incident.terms`."""
        return {
            "levels": [level.model_dump(mode="json") for level in self.levels],
            "priorities": self.priorities.model_dump(mode="json"),
            "calendars": [calendar.model_dump(mode="json") for calendar in self.calendars],
            "pauses": self.pauses.model_dump(mode="json"),
            "escalation": self.escalation.model_dump(mode="json"),
        }

    @classmethod
    def thaw(cls, frozen: dict[str, Any]) -> Promises:
        return cls(
            tuple(ServiceLevel.model_validate(level) for level in frozen["levels"]),
            Priorities.model_validate(frozen["priorities"]),
            tuple(Calendar.model_validate(calendar) for calendar in frozen["calendars"]),
            PauseRules.model_validate(frozen["pauses"]),
            Escalation.model_validate(frozen["escalation"]),
        )

    def level_for(self, priority: str) -> ServiceLevel:
        """Raises LookupError for a priority that has no service level."""
        for level in self.levels:
            if level.priority == priority:
                return level
        raise LookupError(priority)

    def priority_for(self, impact: str, urgency: str) -> str:
        """The priority of the matrix, impact × urgency. Raises LookupError."""
        return self.priorities.matrix[impact][urgency]

    @property
    def usual_impact(self) -> str:
        """The middle one, for an incident of which nobody said how far it reaches."""
        return _middle(self.priorities.impacts)

    @property
    def usual_urgency(self) -> str:
        return _middle(self.priorities.urgencies)


def _middle(ranks: tuple[Rank, ...]) -> str:
    return ranks[len(ranks) // 2].code
