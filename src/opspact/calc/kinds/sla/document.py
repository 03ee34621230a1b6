"""What `opspact calc sla` takes."""

import re
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from opspact.calc.calendars import SHANGHAI, CalendarRef
from opspact.calc.values import Duration, Instant, Name, Number, Part, Zone, read_duration
from opspact.core.clocks import EventKind
from opspact.core.inputs import Wrong
from opspact.core.words import N_

_WORKING_DAYS = re.compile(r"(\d{1,4}) ?WD", re.ASCII)


class WorkingDays(int):
    """So many working days, before it is known on which calendar."""


def read_within(value: Any) -> int:
    """µs, or `WorkingDays`, from `4 h`, `30 min`, `3 WD`."""
    if isinstance(value, str) and (match := _WORKING_DAYS.fullmatch(value.strip())):
        return WorkingDays(match[1])
    try:
        return read_duration(value)
    except Wrong as error:
        if "found" not in error.params or "finer" in error.msgid:
            raise
        raise Wrong(N_("expected a time such as 4 h, 30 min or 3 WD, found %(found)s"), **error.params) from None


Within: TypeAlias = Annotated[
    int, PlainValidator(read_within), WithJsonSchema({"type": "string", "examples": ["4 h", "30 min", "3 WD"]})
]


class OutOfHours(Part):
    """What is owed instead for a ticket opened outside the working hours of a calendar."""

    hours: Name
    """The calendar whose working hours decide."""
    within: Within
    calendar: Name | None = None
    """What it counts on; the target's own if absent."""


class TargetIn(Part):
    """A time to keep."""

    within: Within
    """Working time: `4 h`, `30 min`; `3 WD` is three times the hours of the calendar's first working weekday."""
    calendar: Name = "24x7"
    """The calendar it counts on."""
    pausable: bool = True
    """Whether an allowed pause stops it."""
    kind: Name | None = None
    """What starts and ends it (see `docs/why/clocks.md`); the target's own name if absent."""
    party: Name | None = None
    """The group (accept, handle) or vendor (third_party_arrival, third_party_done) whose target it is."""
    out_of_hours: OutOfHours | None = None


class PauseIn(Part):
    """A reason one may wait for."""

    allowed: bool = True
    at_most: Duration | None = None
    """A longer pause ends by itself."""
    calendar: Name | None = None
    """`at_most` is working time on it; plain time if absent."""
    ended_by: tuple[EventKind, ...] = ()
    """Events that end the wait, such as `requester_message`."""


class ReopeningIn(Part):
    """Until when a reopened ticket goes on with its clocks; later they start anew."""

    within: Duration
    calendar: Name | None = None
    """`within` is working time on it; plain time if absent."""


class LevelIn(Part):
    """What a priority promises."""

    targets: dict[Name, TargetIn]
    """By name: response, own, arrival, restore, resolve, report, written_report, update, next_reply, or with a kind."""
    pauses: dict[Name, PauseIn] | None = None
    """By code; absent: each pause says itself whether it is allowed."""
    reopening: ReopeningIn | None = None
    """Absent: however late, a reopened ticket goes on."""
    clause: str = ""
    """The clause it rests on, for the explanations."""


class EventIn(Part):
    """What happened to the ticket. Events stand in order of time; those of one instant in the order they count."""

    at: Instant
    kind: EventKind
    priority: Name | None = None
    """Of `opened` and `priority`."""
    reason: Name | None = None
    """Of `paused`; of `resumed`, absent for all reasons."""
    allowed: bool | None = None
    """Of `paused`: whether the terms allow it."""
    group: Name | None = None
    """Of `assigned` and `opened`."""
    person: Name | None = None
    """Of `assigned` and `opened`: who owns it from then on."""
    vendor: Name | None = None
    """Of `third_party_called`, `third_party_arrived`, `third_party_done`."""
    calendar: Name | None = None
    """Of `calendar`: what counts on it …"""
    becomes: Name | None = None
    """… counts on this one from now on."""


class TicketIn(Part):
    """A ticket and its events."""

    code: Name
    events: tuple[EventIn, ...] = Field(min_length=1)
    now: Instant | None = None
    """When its clocks are read; the document's `now` if absent."""


class Input(Part):
    """Terms, and one ticket (`events`) or several (`tickets`)."""

    zone: Zone = SHANGHAI
    """On whose wall the answer writes instants."""
    calendars: dict[Name, CalendarRef] = {}
    """`cn` and `24x7` are always there."""
    percents: tuple[Number, ...] = (Decimal(50), Decimal(75), Decimal(100))
    """Shares of the time at which a clock escalates, exact, also above 100."""
    terms: dict[Name, LevelIn] = Field(min_length=1)
    """By priority."""
    events: tuple[EventIn, ...] = ()
    tickets: tuple[TicketIn, ...] = ()
    now: Instant
    """When the clocks are read; at the last event, should that be later."""
