"""Service clocks, replayed from a ticket's events. `docs/why/clocks.md`."""

from opspact.core.clocks.replaying import replay
from opspact.core.clocks.types import Clock, ClockState, ClockStep, Event, EventKind, ServiceTerms, Target

__all__ = ["Clock", "ClockState", "ClockStep", "Event", "EventKind", "ServiceTerms", "Target", "replay"]
