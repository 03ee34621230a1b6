"""What a service clock is made from: events, targets, terms; and the words for its state."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from opspact.core.explain import Plain
from opspact.core.instants import Instant

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Percent: TypeAlias = int | Fraction | Decimal


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
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    OWNED = "owned"
    UPDATED = "updated"
    REQUESTER_MESSAGE = "requester_message"
    THIRD_PARTY_CALLED = "third_party_called"
    THIRD_PARTY_ARRIVED = "third_party_arrived"
    THIRD_PARTY_DONE = "third_party_done"
    CALENDAR = "calendar"


class Event(NamedTuple):
    """Something that happened at an instant (µs UTC). `data` by kind:

    opened: `priority`, and `group`, `person` if it has them already. priority: `priority`. assigned: `group`, `person`
    or both (a person owns it). paused: `reason`, and `allowed` (absent: not allowed, or as the terms' pauses say).
    resumed: `reason`, absent for all. third_party_*: `vendor`. calendar: what counts on `calendar` counts on `becomes`.
    """

    at: Instant
    kind: EventKind
    data: Mapping[str, Any] = _NOTHING


@dataclass(frozen=True)
class Target:
    """`duration_us` of working time on the calendar `calendar_code`; a target that is not `pausable` ignores pauses.

    `kind` is a name of `TARGET_KINDS`, by default the target's own; `party` the group or vendor whose target it is.
    """

    duration_us: int
    calendar_code: str
    pausable: bool = True
    kind: str = ""
    party: str = ""


@dataclass(frozen=True)
class PauseReason:
    """Whether one may wait for this, for how long at a time, and which events end the wait by themselves.

    `max_us` is working time on `calendar_code`, or plain time when that is empty; None: no limit.
    """

    allowed: bool = True
    max_us: int | None = None
    calendar_code: str = ""
    ended_by: frozenset[EventKind] = frozenset()


@dataclass(frozen=True)
class Reopening:
    """Up to `within_us` after the resolution (or the closing) a reopened ticket goes on, later it starts anew.

    Working time on `calendar_code`, or plain time when that is empty; exactly `within_us` is within.
    """

    within_us: int
    calendar_code: str = ""


@dataclass(frozen=True)
class ServiceTerms:
    """What a priority promises: targets by name; reasons for a pause by code; the window for reopening.

    `pauses` None: the event itself says whether it is allowed. `reopening` None: however late, it goes on.
    """

    priority: str
    targets: Mapping[str, Target]
    pauses: Mapping[str, PauseReason] | None = None
    reopening: Reopening | None = None


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


class Segment(NamedTuple):
    """[start_at, end_at) gave `counted_us` of working time on a calendar, to the elapsed time or the pauses."""

    start_at: Instant
    end_at: Instant
    counted_us: int
    calendar_code: str
    paused: bool
