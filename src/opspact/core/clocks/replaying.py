"""Service clocks, replayed from a ticket's events. Rules and a worked table: `docs/why/clocks.md`."""

from collections.abc import Mapping, Sequence

from opspact.core.calendars.work import WorkCalendar
from opspact.core.clocks.run import ClockRun
from opspact.core.clocks.types import Clock, Event, EventKind, ServiceTerms, Target
from opspact.core.errors import (
    EventsOutOfOrder,
    NotOpened,
    OpenedTwice,
    UnknownCalendar,
    UnknownEvent,
    UnknownPriority,
    UnknownTarget,
)
from opspact.core.instants import Instant

ESCALATE_AT = (50, 75, 100)

_RESPONDED, _ARRIVED, _RESTORED = EventKind.RESPONDED, EventKind.ARRIVED, EventKind.RESTORED
_RESOLVED, _CLOSED = EventKind.RESOLVED, EventKind.CLOSED
_REPORTED, _IN_WRITING = EventKind.REPORTED, EventKind.REPORTED_IN_WRITING
_ENDINGS = {_RESPONDED, _ARRIVED, _RESTORED, _RESOLVED, _CLOSED, _REPORTED, _IN_WRITING}

# A machine's recovery answers nobody, so restoring does not meet a response; what needs no visit any more was not late.
MET_BY = {
    "response": {_RESPONDED, _ARRIVED, _RESOLVED, _CLOSED},
    "arrival": {_ARRIVED},
    "restore": {_RESTORED, _RESOLVED, _CLOSED},
    "resolve": {_RESOLVED, _CLOSED},
    "report": {_REPORTED, _IN_WRITING},
    "written_report": {_IN_WRITING},
}
MOOT_BY = {"arrival": {_RESTORED, _RESOLVED, _CLOSED}}
REOPENS = {"restore", "resolve"}


def replay(
    events: Sequence[Event],
    terms_by_priority: Mapping[str, ServiceTerms],
    calendars: Mapping[str, WorkCalendar],
    now: Instant,
    percents: Sequence[int] = ESCALATE_AT,
) -> dict[str, Clock]:
    """Each target's clock as read at `now` (at the last event, should that be later), by target name.

    Events are in order of time, those of one instant in the order they count. Raises NotOpened, OpenedTwice,
    EventsOutOfOrder, UnknownEvent, UnknownPriority, UnknownTarget, UnknownCalendar, naming the element.
    """
    if not events or events[0].kind != EventKind.OPENED:
        raise NotOpened(found=str(events[0].kind) if events else "-")
    ticket = _Ticket(terms_by_priority, calendars, percents)
    last = events[0].at
    for position, event in enumerate(events):
        if event.at < last:
            raise EventsOutOfOrder(position=position)
        last = event.at
        ticket.take(position, event)
    return {name: run.read(max(now, last)) for name, run in ticket.runs.items()}


class _Ticket:
    """Hands each event to the clocks it concerns."""

    terms: ServiceTerms

    def __init__(
        self,
        terms_by_priority: Mapping[str, ServiceTerms],
        calendars: Mapping[str, WorkCalendar],
        percents: Sequence[int],
    ) -> None:
        self.terms_by_priority = terms_by_priority
        self.calendars = calendars
        self.percents = percents
        self.runs: dict[str, ClockRun] = {}
        self.waiting = ""

    def take(self, position: int, event: Event) -> None:
        try:
            kind = EventKind(event.kind)
        except ValueError:
            raise UnknownEvent(position=position, kind=str(event.kind)) from None
        if kind is EventKind.OPENED:
            self._open(position, event)
        elif kind is EventKind.PRIORITY:
            self._change_terms(position, event)
        elif kind in _ENDINGS:
            self._end(event.at, kind)
        elif kind is EventKind.PAUSED:
            self._pause(event)
        elif kind is EventKind.RESUMED:
            self._resume(event.at)
        else:
            self._reopen(event.at)

    def _open(self, position: int, event: Event) -> None:
        if position:
            raise OpenedTwice(position=position)
        self.terms = self._terms(position, event)
        for name in self.terms.targets:
            self._start(name, event.at)

    def _change_terms(self, position: int, event: Event) -> None:
        self.terms = self._terms(position, event)
        for name, run in self.runs.items():
            if run.ended:
                continue
            if (target := self.terms.targets.get(name)) is None:
                run.finish(event.at, needed=False, because=str(event.kind))
                continue
            calendar = self._calendar(name, target)
            run.retarget(event.at, self.terms.priority, target, calendar, waiting=bool(self.waiting))
        for name in self.terms.targets:
            if name not in self.runs:
                self._start(name, event.at)

    def _end(self, at: Instant, kind: EventKind) -> None:
        for name, run in self.runs.items():
            if kind in MET_BY[name] or kind in MOOT_BY.get(name, ()):
                run.finish(at, needed=kind in MET_BY[name], because=str(kind))
        if kind in (_RESOLVED, _CLOSED):
            self.waiting = ""

    def _pause(self, event: Event) -> None:
        reason = str(event.data.get("reason") or "-")
        allowed = bool(event.data.get("allowed", False))
        for run in self.runs.values():
            if allowed:
                run.pause(event.at, reason)
            else:
                run.ignore_pause(event.at, reason)
        if allowed:
            self.waiting = reason

    def _resume(self, at: Instant) -> None:
        self.waiting = ""
        for run in self.runs.values():
            run.resume(at)

    def _reopen(self, at: Instant) -> None:
        self._resume(at)
        for name in REOPENS & self.runs.keys():
            run = self.runs[name]
            if run.ended and (target := self.terms.targets.get(name)) is not None:
                run.reopen(at, self.terms.priority, target, self._calendar(name, target))

    def _start(self, name: str, at: Instant) -> None:
        if name not in MET_BY:
            raise UnknownTarget(target=name)
        target = self.terms.targets[name]
        run = ClockRun(name, self.terms.priority, target, self._calendar(name, target), at, self.percents)
        self.runs[name] = run
        if self.waiting:
            run.pause(at, self.waiting)

    def _terms(self, position: int, event: Event) -> ServiceTerms:
        priority = str(event.data.get("priority", ""))
        try:
            return self.terms_by_priority[priority]
        except KeyError:
            raise UnknownPriority(position=position, priority=priority) from None

    def _calendar(self, name: str, target: Target) -> WorkCalendar:
        try:
            return self.calendars[target.calendar_code]
        except KeyError:
            raise UnknownCalendar(target=name, calendar=target.calendar_code) from None
