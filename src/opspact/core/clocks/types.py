"""What a service clock is made from, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from opspact.core.explain import Explanation, Plain, Step
from opspact.core.instants import Instant
from opspact.core.words import N_

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class EventKind(StrEnum):
    """What can happen to a ticket, as far as its clocks care."""

    OPENED = "opened"
    RESPONDED = "responded"
    ARRIVED = "arrived"
    RESTORED = "restored"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    PAUSED = "paused"
    RESUMED = "resumed"
    PRIORITY = "priority"
    REPORTED = "reported"
    REPORTED_IN_WRITING = "reported_in_writing"


class Event(NamedTuple):
    """`data`: opened and priority carry `priority`; paused carries `reason` and `allowed` (absent: not allowed)."""

    at: Instant
    kind: EventKind
    data: Mapping[str, Any] = _NOTHING


@dataclass(frozen=True)
class Target:
    """`duration_us` of working time on the calendar `calendar_code`; a target that is not `pausable` ignores pauses."""

    duration_us: int
    calendar_code: str
    pausable: bool = True


@dataclass(frozen=True)
class ServiceTerms:
    """What a priority promises: targets by name (response, arrival, restore, resolve, report, written_report)."""

    priority: str
    targets: Mapping[str, Target]


class ClockState(StrEnum):
    """Breached may still be running (`stopped_at` None). Stopped: ended in time without having been needed."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    STOPPED = "stopped"


class ClockStep(NamedTuple):
    """What one event did to the clock, after `elapsed_us` of working time; a msgid and its parameters."""

    at: Instant
    text: str
    elapsed_us: int
    params: dict[str, Plain]


@dataclass(frozen=True)
class Clock:
    """One target of one ticket. Durations are working µs on the target's calendar.

    `deadline` is None while paused in time, because it moves. `escalations` maps per cent of the budget to the instant
    it is (or will be) used up; those that can no longer come are absent. `provisional_years`: see `calendars.Answer`.
    """

    name: str
    state: ClockState
    priority: str
    calendar_code: str
    deadline: Instant | None
    started_at: Instant
    stopped_at: Instant | None
    elapsed_us: int
    paused_us: int
    budget_us: int
    escalations: dict[int, Instant]
    provisional_years: tuple[int, ...]
    steps: tuple[ClockStep, ...] = field(repr=False)

    def explain(self, clause: str = "") -> Explanation:
        """The events that made this reading, in order."""
        return Explanation(
            rule=N_("The deadline is the instant by which the target's working time has run, pauses left out."),
            clause=clause,
            inputs={
                "target": self.name,
                "priority": self.priority,
                "calendar": self.calendar_code,
                "budget_us": self.budget_us,
                "started_at": self.started_at,
            },
            steps=tuple(
                Step(step.text, {"event_at": step.at, "elapsed_us": step.elapsed_us, **step.params})
                for step in self.steps
            ),
        )
