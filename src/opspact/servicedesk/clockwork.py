"""An incident's clocks: its events replayed over its frozen promises, and the columns that lists show.

What is promised per priority becomes core's targets here. A working day (WD) in the terms counts as the working hours
of the calendar's first day of the week that has any: 3 WD on 09:00-18:00 without lunch are 24 h of working time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from opspact.contracts.calendars import WEEK, work_calendars
from opspact.contracts.terms.durations import Duration, Unit
from opspact.contracts.terms.service import Calendar, Goal, ServiceLevel
from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import Clock, ClockState, Event, EventKind, ServiceTerms, Target, replay
from opspact.core.instants import MINUTE, Instant, from_us, to_us
from opspact.servicedesk.models import Incident, IncidentEvent
from opspact.servicedesk.promises import Promises

Kind = IncidentEvent.Kind

MOVES_CLOCKS: dict[Kind, EventKind] = {
    Kind.OPENED: EventKind.OPENED,
    Kind.RESPONDED: EventKind.RESPONDED,
    Kind.ARRIVED: EventKind.ARRIVED,
    Kind.RESTORED: EventKind.RESTORED,
    Kind.RESOLVED: EventKind.RESOLVED,
    Kind.CLOSED: EventKind.CLOSED,
    Kind.REOPENED: EventKind.REOPENED,
    Kind.PAUSED: EventKind.PAUSED,
    Kind.RESUMED: EventKind.RESUMED,
    Kind.PRIORITY_CHANGED: EventKind.PRIORITY,
    Kind.REPORTED: EventKind.REPORTED,
}
WARN_AT = 75
LOOK_AGAIN = timedelta(hours=1)


def clocks_of(incident: Incident, now: datetime) -> dict[str, Clock]:
    """The clocks as read at `now`, by target; none for a cancelled incident, which nobody was owed anything for."""
    if incident.state == Incident.State.CANCELLED:
        return {}
    promises = Promises.thaw(incident.terms)
    calendars = work_calendars(promises.calendars)
    events: list[Event] = []
    for at, kind, data in incident.events.filter(kind__in=MOVES_CLOCKS).values_list("at", "kind", "data"):
        event = Event(to_us(at), _core_kind(Kind(kind), data), data)
        if event not in events:  # an entry sent twice happened once, and what is recorded can't be taken back
            events.append(event)
    targets = targets_by_priority(promises, calendars, to_us(incident.opened_at))
    return replay(events, targets, calendars, to_us(now), percents_of(promises))


def _core_kind(kind: Kind, data: Mapping[str, Any]) -> EventKind:
    if kind is Kind.REPORTED and data["form"] == "written":
        return EventKind.REPORTED_IN_WRITING
    return MOVES_CLOCKS[kind]


def percents_of(promises: Promises) -> tuple[int, ...]:
    """The steps of the escalation, and the one at which a clock turns amber."""
    return tuple(sorted({WARN_AT, *(int(step.percent) for step in promises.escalation.steps)}))


def targets_by_priority(
    promises: Promises, calendars: Mapping[str, WorkCalendar], opened: Instant
) -> dict[str, ServiceTerms]:
    """Core's targets; which arrival is owed depends on whether the incident was opened within working hours."""
    hours = {calendar.code: calendar for calendar in promises.calendars}
    return {
        level.priority: ServiceTerms(
            level.priority, {name: _target(goal, hours) for name, goal in _goals(level, calendars, opened).items()}
        )
        for level in promises.levels
    }


def _goals(level: ServiceLevel, calendars: Mapping[str, WorkCalendar], opened: Instant) -> dict[str, Goal]:
    """By name. A report owed at once ("0 min") has no clock: opening the incident tells everybody."""
    goals = {"response": level.response, "restore": level.restore}
    if level.arrival:
        in_hours = calendars[level.arrival.hours].next_opening(opened).at == opened
        goals["arrival"] = level.arrival.in_hours if in_hours else level.arrival.out_of_hours
    reports = {"report": level.report.first, "written_report": level.report.written}
    return goals | {name: goal for name, goal in reports.items() if goal is not None and goal.within.amount}


def _target(goal: Goal, calendars: Mapping[str, Calendar]) -> Target:
    return Target(microseconds(goal.within, calendars[goal.calendar]), goal.calendar, goal.pausable)


def microseconds(duration: Duration, calendar: Calendar) -> int:
    """The working time a duration of the terms stands for on a calendar; the terms allow min, h and WD here."""
    if duration.unit is Unit.WORKING_DAYS:
        a_day = next(spans for day in WEEK if (spans := calendar.minutes(day)))
        return duration.amount * sum(end - start for start, end in a_day) * MINUTE
    return duration.minutes * MINUTE


def refresh(incident: Incident, now: datetime) -> dict[str, Clock]:
    """Replay and keep what lists and the job need: what is due next, from when it is amber, when to look again."""
    clocks = clocks_of(incident, now)
    due = next_due(clocks)
    incident.next_due_at = from_us(due.deadline) if due else None
    incident.next_due_name = due.name if due else ""
    incident.next_due_warns_at = from_us(due.escalations[WARN_AT]) if due and WARN_AT in due.escalations else None
    incident.next_due_provisional = bool(due and due.provisional_years)
    incident.breached = any(clock.state is ClockState.BREACHED for clock in clocks.values())
    incident.next_look_at = _next_look(clocks, now, is_open=incident.is_open)
    incident.save(update_fields=CACHED)
    return clocks


CACHED = (
    "next_due_at",
    "next_due_name",
    "next_due_warns_at",
    "next_due_provisional",
    "breached",
    "next_look_at",
)


def is_running(clock: Clock) -> bool:
    return clock.stopped_at is None and clock.state is not ClockState.PAUSED


def next_due(clocks: Mapping[str, Clock]) -> Clock | None:
    """The running clock whose deadline comes, or came, first."""
    running = [clock for clock in clocks.values() if is_running(clock) and clock.deadline is not None]
    return min(running, key=lambda clock: clock.deadline or 0, default=None)


def _next_look(clocks: Mapping[str, Clock], now: datetime, *, is_open: bool) -> datetime | None:
    """When a clock next says something new: a step of the escalation, or the first instant past its deadline.

    While the incident is open within the hour in any case, for a calendar may have been amended. None: never again.
    """
    running = [clock for clock in clocks.values() if is_running(clock)]
    steps = [at for clock in running for at in clock.escalations.values()]
    overdue = [clock.deadline + 1 for clock in running if clock.deadline is not None]
    ahead = [from_us(at) for at in (*steps, *overdue) if from_us(at) > now]
    if is_open or ahead:
        ahead.append(now + LOOK_AGAIN)
    return min(ahead, default=None)
