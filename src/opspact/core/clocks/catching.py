"""Whether a target that the terms did not have would be running by the events that passed meanwhile."""

from collections.abc import Sequence
from enum import Enum

from opspact.core.clocks.run import Aim
from opspact.core.clocks.types import Event, EventKind

_ENDINGS = (EventKind.RESOLVED, EventKind.CLOSED)
_OPENINGS = (EventKind.OPENED, EventKind.REOPENED)


class Found(Enum):
    """What became of the target in these events."""

    NOTHING = "nothing"
    GOES_ON = "goes on"
    STARTED = "started"


def running_by(aim: Aim, events: Sequence[Event], since: int, *, dropped: bool, away: bool) -> Found:
    """Follow the table's words through the events; those before `since` the clock has seen already.

    `dropped`: it ran when the terms stopped having it. `away`: it had ended since another group got the ticket.
    """
    found = Found.GOES_ON if dropped else Found.NOTHING
    returns = Found.GOES_ON if away else Found.STARTED
    is_open, group = False, ""
    for position, event in enumerate(events):
        for kind, party in _signals(event):
            own = not aim.party or not party or party == aim.party
            is_open = is_open or kind in _OPENINGS
            if kind == EventKind.ASSIGNED:
                if party == group:
                    continue
                group = party
            if position >= since:
                if not own and aim.kind.held and kind == EventKind.ASSIGNED and found is not Found.NOTHING:
                    found, returns = Found.NOTHING, found
                if own and kind in aim.kind.ends and found is not Found.NOTHING:
                    found, returns = Found.NOTHING, Found.STARTED
                if found is Found.NOTHING and own and kind in aim.kind.starts and (is_open or aim.kind.outlives):
                    found = returns
                if found is Found.NOTHING and kind == EventKind.REOPENED and aim.kind.reopens:
                    found = Found.GOES_ON if not aim.kind.held or group == aim.party else found
            is_open = is_open and kind not in _ENDINGS
    return found


def _signals(event: Event) -> list[tuple[EventKind, str]]:
    """The event, and what it implies: an opening may assign, and an assignment to a person makes an owner."""
    data, assigning = event.data, event.kind in (EventKind.OPENED, EventKind.ASSIGNED)
    signals: list[tuple[EventKind, str]] = []
    if event.kind != EventKind.ASSIGNED:
        signals.append((event.kind, str(data.get("vendor") or "")))
    if assigning and (group := data.get("group")):
        signals.append((EventKind.ASSIGNED, str(group)))
    if assigning and data.get("person"):
        signals.append((EventKind.OWNED, ""))
    return signals
