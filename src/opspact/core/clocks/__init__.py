"""Service clocks, replayed from a ticket's events. `docs/why/clocks.md`."""

from opspact.core.clocks.clock import Clock, FollowUps, follow_ups
from opspact.core.clocks.kinds import TARGET_KINDS, TargetKind
from opspact.core.clocks.replaying import ESCALATE_AT, Replayer, replay
from opspact.core.clocks.types import (
    ClockState,
    ClockStep,
    Event,
    EventKind,
    PauseReason,
    Percent,
    Reopening,
    Segment,
    ServiceTerms,
    Target,
)

__all__ = [
    "ESCALATE_AT",
    "TARGET_KINDS",
    "Clock",
    "ClockState",
    "ClockStep",
    "Event",
    "EventKind",
    "FollowUps",
    "PauseReason",
    "Percent",
    "Reopening",
    "Replayer",
    "Segment",
    "ServiceTerms",
    "Target",
    "TargetKind",
    "follow_ups",
    "replay",
]
