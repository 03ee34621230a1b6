"""`opspact calc sla`: every clock of one ticket or many, replayed from the events. Rules: `docs/why/clocks.md`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opspact.calc.kinds.sla.answer import ClockOut, Output, TicketOut, clock_out, summary
from opspact.calc.kinds.sla.document import EventIn, Input, TicketIn
from opspact.calc.kinds.sla.terms import Desk
from opspact.calc.language import Explained, Words
from opspact.calc.running import Context, Finding, Kind, Refused, at
from opspact.calc.values import instant_text
from opspact.core.clocks import Clock, Event, EventKind
from opspact.core.errors import CoreError
from opspact.core.inputs import Wrong
from opspact.core.words import N_

_DATA = ("priority", "reason", "allowed", "group", "person", "vendor", "calendar", "becomes")
_PLACES = {
    "events-out-of-order": "at",
    "unknown-priority": "priority",
    "unknown-reason": "reason",
    "not-called": "vendor",
    "unknown-event": "kind",
    "calendar-not-given": "becomes",
}


def run(document: Input, context: Context) -> Output:
    """The clocks of `events`, or of all `tickets`. Raises Refused, and Wrong for a document with both or neither."""
    if bool(document.events) == bool(document.tickets):
        raise Wrong(N_("give either events or tickets"))
    with at("calendars"):
        calendars = context.calendars(document.calendars)
    desk, words = Desk(document, calendars), context.in_zone(document.zone)
    alone = (TicketIn(code="-", events=document.events),) if document.events else document.tickets
    tickets: list[TicketOut] = []
    explained: list[Explained] = []
    for position, ticket in enumerate(alone):
        path = "events" if document.events else f"tickets[{position}].events"
        events = [_event(event) for event in ticket.events]
        now = document.now if ticket.now is None else ticket.now
        with _named(path, events):
            clocks = desk.replayer(events[0].at).replay(events, now)
            made, about = _told(ticket.code, clocks, document, words)
        read_at = instant_text(max(now, events[-1].at), document.zone)
        tickets.append(TicketOut(code=ticket.code, read_at=read_at, clocks=made))
        explained += about
    return Output(tickets=tickets, summary=summary(tickets), explain=explained)


def _told(code: str, clocks: dict[str, Clock], document: Input, words: Words) -> tuple[list[ClockOut], list[Explained]]:
    made: list[ClockOut] = []
    explained: list[Explained] = []
    for name, clock in clocks.items():
        for each in (*clock.earlier, clock):
            level = document.terms[each.priority]
            kind = level.targets[name].kind or name
            made.append(clock_out(each, kind, document.zone, last=each is clock))
            about = f"{code}: {name}" + (f" [{each.round}]" if clock.earlier else "")
            explained.append(words.explained(each.explain(level.clause), about))
    return made, explained


def _event(event: EventIn) -> Event:
    data: dict[str, Any] = {name: value for name in _DATA if (value := getattr(event, name)) is not None}
    return Event(event.at, EventKind(event.kind), data)


@contextmanager
def _named(path: str, events: Sequence[Event]) -> Iterator[None]:
    """What core refuses about an event is said of the place in the document."""
    try:
        yield
    except CoreError as error:
        position = error.params.get("position")
        place = _PLACES.get(error.code) or (error.params["name"] if error.code == "event-lacks" else "")
        if position is None:
            first = error.code == "not-opened" and events
            raise Refused([Finding(f"{path}[0].kind" if first else path, error.message, error.params)]) from error
        full = f"{path}[{position}]" + (f".{place}" if place else "")
        raise Refused([Finding(full, error.message, error.params)]) from error


KIND = Kind("sla", N_("service clocks: deadlines, pauses, escalations, follow-ups, from events"), Input, Output, run)
