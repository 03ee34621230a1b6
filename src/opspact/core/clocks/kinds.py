"""The kinds of targets as a table: what starts, meets and ends each. A new kind is one entry here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from opspact.core.clocks.types import EventKind

_OPENED, _REOPENED = EventKind.OPENED, EventKind.REOPENED
_RESPONDED, _ARRIVED, _RESTORED = EventKind.RESPONDED, EventKind.ARRIVED, EventKind.RESTORED
_RESOLVED, _CLOSED = EventKind.RESOLVED, EventKind.CLOSED
_REPORTED, _IN_WRITING, _UPDATED = EventKind.REPORTED, EventKind.REPORTED_IN_WRITING, EventKind.UPDATED
_OWNED, _ACCEPTED, _ASSIGNED = EventKind.OWNED, EventKind.ACCEPTED, EventKind.ASSIGNED
_CALLED, _CAME, _DONE = EventKind.THIRD_PARTY_CALLED, EventKind.THIRD_PARTY_ARRIVED, EventKind.THIRD_PARTY_DONE


@dataclass(frozen=True)
class TargetKind:
    """When a target of this kind starts and what becomes of it.

    `starts`: begins a clock, or a new round of one that has ended; one that runs is left alone. `met_by`: ends it as
    met. `moot_by`: ends it as not needed any more. `reopens`: reopening the ticket continues it from its elapsed time.
    `outlives`: owed also after the ticket is resolved or closed. `party`: the target belongs to one "group" or
    "vendor", and events that name another one are not its own. `held`: counts only while that group has the ticket.
    `every`: due again whenever its duration has run, until it ends.
    """

    starts: frozenset[EventKind]
    met_by: frozenset[EventKind]
    moot_by: frozenset[EventKind] = frozenset()
    reopens: bool = False
    outlives: bool = False
    party: str = ""
    held: bool = False
    every: bool = False
    ends: dict[EventKind, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.ends.update(dict.fromkeys(self.moot_by, False) | dict.fromkeys(self.met_by, True))


def _kind(
    starts: Iterable[EventKind], met_by: Iterable[EventKind], moot_by: Iterable[EventKind] = (), **rest: Any
) -> TargetKind:
    return TargetKind(frozenset(starts), frozenset(met_by), frozenset(moot_by), **rest)


# A machine's recovery answers nobody, so restoring does not meet a response; what needs no visit any more was not late.
TARGET_KINDS: dict[str, TargetKind] = {
    "response": _kind([_OPENED], [_RESPONDED, _ARRIVED, _RESOLVED, _CLOSED]),
    "own": _kind([_OPENED], [_OWNED], [_RESOLVED, _CLOSED]),
    "arrival": _kind([_OPENED], [_ARRIVED], [_RESTORED, _RESOLVED, _CLOSED]),
    "restore": _kind([_OPENED], [_RESTORED, _RESOLVED, _CLOSED], reopens=True),
    "resolve": _kind([_OPENED], [_RESOLVED, _CLOSED], reopens=True),
    "report": _kind([_OPENED], [_REPORTED, _IN_WRITING], outlives=True),
    "written_report": _kind([_OPENED], [_IN_WRITING], outlives=True),
    "update": _kind(
        [_OPENED, _REOPENED, _UPDATED, _REPORTED, _IN_WRITING],
        [_UPDATED, _REPORTED, _IN_WRITING],
        [_RESOLVED, _CLOSED],
        every=True,
    ),
    "next_reply": _kind(
        [EventKind.REQUESTER_MESSAGE],
        [_RESPONDED, _ARRIVED, _UPDATED, _REPORTED, _IN_WRITING, _RESOLVED, _CLOSED],
    ),
    "accept": _kind([_ASSIGNED], [_ACCEPTED, _OWNED], [_RESOLVED, _CLOSED], party="group", held=True),
    "handle": _kind([_ASSIGNED], [_RESTORED, _RESOLVED, _CLOSED], reopens=True, party="group", held=True),
    "third_party_arrival": _kind([_CALLED], [_CAME], [_DONE, _CLOSED], party="vendor"),
    "third_party_done": _kind([_CALLED], [_DONE], [_CLOSED], party="vendor"),
}
