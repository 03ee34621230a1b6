"""A ticket while its events are replayed: hands each event to the clocks it concerns."""

from collections.abc import Callable
from types import MappingProxyType

from opspact.core.clocks.catching import Found, running_by
from opspact.core.clocks.errors import CalendarNotGiven, EventLacks, NotCalled, UnknownReason
from opspact.core.clocks.plan import Plan, Terms
from opspact.core.clocks.run import Aim, ClockRun
from opspact.core.clocks.types import ClockStep, Event, EventKind
from opspact.core.clocks.waits import Waits
from opspact.core.errors import OpenedTwice, UnknownEvent
from opspact.core.instants import Instant
from opspact.core.words import N_

_ASSIGNED, _OWNED, _PRIORITY = EventKind.ASSIGNED, EventKind.OWNED, EventKind.PRIORITY
_GOES_ON = N_("Reopened: the clock goes on from the elapsed time.")


class Ticket:
    """`runs` are the clocks by target, `earlier` the ended rounds of those that started again.

    `noted` None replays without a word; else it receives the steps of each round of each target.
    """

    __slots__ = (
        "called", "earlier", "ended_at", "events", "group", "is_open", "lacking", "moved", "noted", "plan", "runs",
        "terms", "waits",
    )  # fmt: skip

    terms: Terms

    def __init__(self, plan: Plan, events: tuple[Event, ...], noted: dict[str, list[list[ClockStep]]] | None) -> None:
        self.plan = plan
        self.events = events
        self.noted = noted
        self.runs: dict[str, ClockRun] = {}
        self.earlier: dict[str, tuple[ClockRun, ...]] = {}
        self.lacking: dict[str, int] = {}
        self.waits = Waits()
        self.moved: dict[str, str] = {}
        self.called: set[str] = set()
        self.group = ""
        self.is_open = False
        self.ended_at: Instant | None = None

    def take(self, position: int, event: Event) -> None:
        """What the event does to each clock. Raises what `replay` names."""
        if self.waits.limit is not None:
            self.lapse(event.at)
        handler = HANDLERS.get(event.kind)
        if handler is None:
            raise UnknownEvent(position=position, kind=str(event.kind))
        handler(self, position, event)

    def lapse(self, until: Instant) -> None:
        """End the waits that have reached their limit by `until`, each when it did."""
        while self.waits.limit is not None and (at := self.waits.limit) <= until:
            for reason in self.waits.over_by(at):
                self.waits.end(reason)
                self._remark(at, N_("The wait has reached its limit (%(reason)s)."), reason)
            self._go_on(at)

    def mark(self, position: int, event: Event) -> None:
        """Most events: they end some clocks and start others."""
        self._signal(event.at, event.kind)

    def open(self, position: int, event: Event) -> None:
        if position:
            raise OpenedTwice(position=position)
        self.terms = self.plan.terms(position, str(event.data.get("priority", "")))
        self.is_open = True
        self._signal(event.at, event.kind)
        if "group" in event.data or "person" in event.data:
            self.assign(position, event)

    def end(self, position: int, event: Event) -> None:
        """Resolved or closed; whatever it waited for, it waits no longer."""
        self._signal(event.at, event.kind)
        self.waits.clear()
        self._go_on(event.at)
        self.is_open, self.ended_at = False, event.at

    def assign(self, position: int, event: Event) -> None:
        """To a group, whose own clocks then count and no other group's; to a person, who owns it from then on."""
        at, group, person = event.at, str(event.data.get("group") or ""), event.data.get("person")
        if not group and not person:
            raise EventLacks(position=position, kind=str(event.kind), name="group")
        if group and group != self.group:
            self.group = group
            for run in self.runs.values():
                if run.aim.kind.held and run.aim.party != group and run.stopped is None:
                    run.finish(at, needed=False, because=str(_ASSIGNED))
            self._signal(at, _ASSIGNED, group)
        if person:
            self._signal(at, _OWNED)

    def third_party(self, position: int, event: Event) -> None:
        if not (vendor := str(event.data.get("vendor") or "")):
            raise EventLacks(position=position, kind=str(event.kind), name="vendor")
        if event.kind == EventKind.THIRD_PARTY_CALLED:
            self.called.add(vendor)
        elif vendor not in self.called:
            raise NotCalled(position=position, vendor=vendor)
        self._signal(event.at, event.kind, vendor)

    def pause(self, position: int, event: Event) -> None:
        reason, ends = str(event.data.get("reason") or "-"), None
        allowed = bool(event.data.get("allowed", False))
        if (rules := self.terms.given.pauses) is not None:
            if (rule := rules.get(reason)) is None:
                raise UnknownReason(position=position, reason=reason)
            allowed = rule.allowed and bool(event.data.get("allowed", True))
            if rule.max_us is not None:
                ends = self.plan.until(reason, rule.calendar_code, event.at, rule.max_us)
        if not allowed:
            self._remark(event.at, N_("Not a reason to pause (%(reason)s); the clock runs on."), reason)
        elif reason not in self.waits:
            self.waits.add(reason, ends)
            for run in self.runs.values():
                run.pause(event.at, reason)

    def resume(self, position: int, event: Event) -> None:
        if not (reason := event.data.get("reason")):
            self.waits.clear()
        else:
            if (rules := self.terms.given.pauses) is not None and reason not in rules:
                raise UnknownReason(position=position, reason=str(reason))
            self.waits.end(str(reason))
        self._go_on(event.at)

    def reopen(self, position: int, event: Event) -> None:
        """Within the window clocks go on from their elapsed time; after it the opening's targets start anew."""
        at = event.at
        anew = self._window_is_over(at)
        self.waits.clear()
        self._go_on(at)
        self.is_open, self.ended_at = True, None
        for name, run in list(self.runs.items()):
            if run.stopped is None:
                continue
            aim = self.terms.aims.get(name)
            if aim is None or (aim.kind.held and aim.party != self.group):
                continue
            if anew and (aim.kind.reopens or EventKind.OPENED in aim.kind.starts):
                self._start(aim, at)
            elif aim.kind.reopens:
                run.reopen(at, aim, waiting=False, text=_GOES_ON)
        self._signal(at, event.kind)

    def change_priority(self, position: int, event: Event) -> None:
        """Running clocks keep their elapsed time; what the new terms lack ends, what the old ones lacked may begin."""
        at, before = event.at, self.terms
        self.terms = self.plan.terms(position, str(event.data.get("priority", "")), self.moved)
        text, priority = N_("The priority becomes %(priority)s; elapsed time is kept."), self.terms.given.priority
        waiting = bool(self.waits)
        for name, run in self.runs.items():
            if run.stopped is not None:
                continue
            if (aim := self.terms.aims.get(name)) is None:
                run.finish(at, needed=False, because=str(_PRIORITY))
            else:
                run.retarget(at, aim, waiting=waiting, text=text, priority=priority)
        if before.aims.keys() != self.terms.aims.keys():
            self.lacking |= dict.fromkeys(before.aims.keys() - self.terms.aims.keys(), position)
            for name, aim in self.terms.aims.items():
                if name not in before.aims:
                    self._catch_up(aim, position, at)

    def change_calendar(self, position: int, event: Event) -> None:
        """From now on, what counts on one calendar counts on another."""
        code, becomes = (str(event.data.get(name) or "") for name in ("calendar", "becomes"))
        if not code or not becomes:
            raise EventLacks(position=position, kind=str(event.kind), name="becomes" if code else "calendar")
        for name in (code, becomes):
            if name not in self.plan.calendars:
                raise CalendarNotGiven(position=position, calendar=name)
        self.moved = {given: becomes if now == code else now for given, now in self.moved.items()} | {code: becomes}
        self.terms = self.plan.terms(position, self.terms.given.priority, self.moved)
        text = N_("The calendar becomes %(calendar)s; elapsed time is kept.")
        for name, run in self.runs.items():
            aim = self.terms.aims.get(name)
            if run.stopped is None and aim is not None and aim.calendar_code != run.aim.calendar_code:
                run.retarget(event.at, aim, waiting=bool(self.waits), text=text, calendar=becomes)

    def _signal(self, at: Instant, kind: EventKind, party: str = "") -> None:
        if self.waits:
            self._end_waits(at, kind)
        for run in self.runs.values():
            needed = run.aim.kind.ends.get(kind)
            if needed is None or run.stopped is not None or (party and run.aim.party and party != run.aim.party):
                continue
            run.finish(at, needed=needed, because=kind)
        for aim in self.terms.starts.get(kind, ()):
            if (not aim.party or aim.party == party) and (self.is_open or aim.kind.outlives):
                self._begin(aim, at)

    def _begin(self, aim: Aim, at: Instant) -> None:
        """A clock, a new round of one that has ended, or the group's own again; one that runs is left alone."""
        run = self.runs.get(aim.name)
        if run is None or (run.stopped is not None and not (aim.kind.held and run.because == _ASSIGNED)):
            self._start(aim, at)
        elif run.stopped is not None:
            text = N_("The ticket is with %(party)s again: the clock goes on from the elapsed time.")
            run.reopen(at, aim, waiting=bool(self.waits), text=text, party=aim.party)

    def _start(self, aim: Aim, at: Instant) -> None:
        if (ended := self.runs.get(aim.name)) is not None:
            self.earlier[aim.name] = (*self.earlier.get(aim.name, ()), ended)
        number = len(self.earlier.get(aim.name, ()))
        notes: list[ClockStep] | None = None
        if self.noted is not None:
            notes = []
            self.noted.setdefault(aim.name, []).append(notes)
        run = self.runs[aim.name] = ClockRun(aim, at, number=number, notes=notes)
        if self.waits:
            run.pause(at, self.waits.reasons[0])

    def _catch_up(self, aim: Aim, position: int, at: Instant) -> None:
        """A target that the terms did not have until now counts if, by the events, it would be running."""
        run = self.runs.get(aim.name)
        since = self.lacking.get(aim.name, 0) if run is not None else 0
        because = "" if run is None else run.because
        events = self.events[:position]
        found = running_by(aim, events, since, dropped=because == _PRIORITY, away=because == _ASSIGNED)
        if found is Found.GOES_ON and run is not None:
            text = N_("The terms have this target again: the clock goes on from the elapsed time.")
            run.reopen(at, aim, waiting=bool(self.waits), text=text)
        elif found is not Found.NOTHING:
            self._start(aim, at)

    def _go_on(self, at: Instant) -> None:
        if self.waits:
            self._remark(at, N_("Still waiting (%(reason)s)."), self.waits.reasons[0])
            return
        for run in self.runs.values():
            if run.waiting:
                run.resume(at)

    def _end_waits(self, at: Instant, kind: EventKind) -> None:
        rules = self.terms.given.pauses or {}
        over = [reason for reason in self.waits.reasons if reason in rules and kind in rules[reason].ended_by]
        for reason in over:
            self.waits.end(reason)
        if over:
            self._go_on(at)

    def _window_is_over(self, at: Instant) -> bool:
        rule = self.terms.given.reopening
        if rule is None or self.ended_at is None:
            return False
        return at > self.plan.until("reopening", rule.calendar_code, self.ended_at, rule.within_us)

    def _remark(self, at: Instant, text: str, reason: str) -> None:
        if self.noted is not None:
            for run in self.runs.values():
                run.remark(at, text, reason=reason)


Handler = Callable[[Ticket, int, Event], None]

HANDLERS: MappingProxyType[str, Handler] = MappingProxyType(
    dict.fromkeys(EventKind, Ticket.mark)
    | {
        EventKind.OPENED: Ticket.open,
        EventKind.RESOLVED: Ticket.end,
        EventKind.CLOSED: Ticket.end,
        EventKind.REOPENED: Ticket.reopen,
        EventKind.PAUSED: Ticket.pause,
        EventKind.RESUMED: Ticket.resume,
        EventKind.PRIORITY: Ticket.change_priority,
        EventKind.CALENDAR: Ticket.change_calendar,
        EventKind.ASSIGNED: Ticket.assign,
        EventKind.THIRD_PARTY_CALLED: Ticket.third_party,
        EventKind.THIRD_PARTY_ARRIVED: Ticket.third_party,
        EventKind.THIRD_PARTY_DONE: Ticket.third_party,
    }
)
