"""Service clocks, replayed from a ticket's events. Rules and a worked table: `docs/why/clocks.md`."""

from collections.abc import Mapping, Sequence

from opspact.core.calendars.work import WorkCalendar
from opspact.core.clocks.clock import Clock
from opspact.core.clocks.errors import EventTwice
from opspact.core.clocks.marks import marks
from opspact.core.clocks.plan import Plan
from opspact.core.clocks.run import ClockRun
from opspact.core.clocks.ticket import Ticket
from opspact.core.clocks.types import ClockStep, Event, EventKind, Percent, ServiceTerms
from opspact.core.errors import EventsOutOfOrder, NotOpened
from opspact.core.instants import Instant

ESCALATE_AT: tuple[Percent, ...] = (50, 75, 100)


class Replayer:
    """Terms and calendars laid out once, for replaying many tickets.

    Percentages are whole numbers, Fractions or Decimals above 0, also above 100. Raises BadPercent.
    """

    __slots__ = ("marks", "plan")

    def __init__(
        self,
        terms_by_priority: Mapping[str, ServiceTerms],
        calendars: Mapping[str, WorkCalendar],
        percents: Sequence[Percent] = ESCALATE_AT,
    ) -> None:
        self.plan = Plan(terms_by_priority, calendars)
        self.marks = marks(percents)

    def replay(self, events: Sequence[Event], now: Instant) -> dict[str, Clock]:
        """Each target's clock as read at `now`, as `replay` does."""
        if not events or events[0].kind != EventKind.OPENED:
            raise NotOpened(found=str(events[0].kind) if events else "-")
        story = _Replay(self, tuple(events), now)
        ticket = story.run(None)
        return {name: _clock(run, story, ticket.earlier.get(name, ())) for name, run in ticket.runs.items()}


def replay(
    events: Sequence[Event],
    terms_by_priority: Mapping[str, ServiceTerms],
    calendars: Mapping[str, WorkCalendar],
    now: Instant,
    percents: Sequence[Percent] = ESCALATE_AT,
) -> dict[str, Clock]:
    """Each target's clock as read at `now` (at the last event, should that be later), by target name.

    Events are in order of time, those of one instant in the order they count. A target whose start has not happened
    (a vendor not called, a group without the ticket) has no clock.

    Raises NotOpened, OpenedTwice, EventsOutOfOrder, EventTwice, UnknownEvent, EventLacks, UnknownReason, NotCalled,
    UnknownPriority, CalendarNotGiven with the event's position; NoTargets, UnknownTarget, TargetLacksParty,
    BadDuration, UnknownCalendar, UnknownRuleCalendar, BadPercent with the element of the terms.
    """
    return Replayer(terms_by_priority, calendars, percents).replay(events, now)


class _Replay:
    """One ticket's events and how they are counted; kept by its clocks, which may be asked for their steps."""

    __slots__ = ("_noted", "_replayer", "events", "marks", "now")

    def __init__(self, replayer: Replayer, events: tuple[Event, ...], now: Instant) -> None:
        self._replayer = replayer
        self.events = events
        self.now = now
        self.marks = replayer.marks
        self._noted: dict[str, list[list[ClockStep]]] | None = None

    def run(self, noted: dict[str, list[list[ClockStep]]] | None) -> Ticket:
        """Replay, and read every clock."""
        ticket = Ticket(self._replayer.plan, self.events, noted)
        last = self.events[0].at
        for position, event in enumerate(self.events):
            if event.at <= last and position:
                self._check(position, event, last)
            last = event.at
            ticket.take(position, event)
        until = max(self.now, last)
        ticket.lapse(until)
        for run in ticket.runs.values():
            run.read(until)
        return ticket

    def steps_of(self, name: str, number: int) -> tuple[ClockStep, ...]:
        if self._noted is None:
            self._noted = {}
            self.run(self._noted)
        return tuple(self._noted[name][number])

    def _check(self, position: int, event: Event, last: Instant) -> None:
        if event.at < last:
            raise EventsOutOfOrder(position=position)
        other = position - 1
        while other >= 0 and self.events[other].at == event.at:
            if self.events[other] == event:
                raise EventTwice(position=position, other=other)
            other -= 1


def _clock(run: ClockRun, story: _Replay, earlier: tuple[ClockRun, ...]) -> Clock:
    aim = run.aim
    return Clock(
        aim.name,
        run.verdict,
        aim.priority,
        aim.calendar_code,
        run.due,
        run.started,
        run.stopped,
        run.elapsed,
        run.paused,
        aim.budget,
        run.round,
        tuple(_clock(each, story, ()) for each in earlier) if earlier else (),
        run,
        story,
    )
