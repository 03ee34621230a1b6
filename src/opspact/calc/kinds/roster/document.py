"""The document of `opspact calc roster`."""

from __future__ import annotations

from typing import Literal

from opspact.calc.calendars import CalendarRef
from opspact.calc.kinds.roster.changes import DutyIn, LeaveIn, OverrideIn, RotationIn, SwapIn
from opspact.calc.kinds.roster.people import (
    DemandIn,
    Filled,
    GenerateIn,
    PersonIn,
    RulesIn,
    ShiftIn,
    SpanIn,
    SpecialIn,
)
from opspact.calc.values import Instant, Name, Part

Question = Literal["coverage", "on_duty", "violations", "fairness", "schedule"]


class Input(Part):
    """People and their duties, from rotations, a list, or generated; what changes them; and what they must meet."""

    period: SpanIn
    calendar: Name = "cn"
    """Its zone is the roster's; its days are working days, holidays and make-up days, its hours office hours."""
    calendars: dict[str, CalendarRef] = {}
    people: Filled[PersonIn]
    shifts: tuple[ShiftIn, ...] = ()
    rotations: tuple[RotationIn, ...] = ()
    duties: tuple[DutyIn, ...] = ()
    """Duties given one by one, beside the rotations."""
    swaps: tuple[SwapIn, ...] = ()
    leave: tuple[LeaveIn, ...] = ()
    overrides: tuple[OverrideIn, ...] = ()
    attendance: tuple[DutyIn, ...] | None = None
    """Who was really there; coverage is then proven of it too."""
    demands: tuple[DemandIn, ...] = ()
    special_periods: tuple[SpecialIn, ...] = ()
    rules: RulesIn = RulesIn()
    generate: GenerateIn | None = None
    """Make a roster first (needs the extra for it); then everything else is asked of that roster."""
    at: tuple[Instant, ...] = ()
    """Instants for `on_duty`."""
    ask: tuple[Question, ...] = ("coverage", "on_duty", "violations", "fairness", "schedule")
