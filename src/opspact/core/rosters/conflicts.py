"""What does not fit together in a roster, named instead of being filled in silently."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from opspact.core.instants import Instant
from opspact.core.intervals import gaps
from opspact.core.rosters.people import employment
from opspact.core.rosters.types import Assignment, Person


class ConflictKind(StrEnum):
    """What does not fit together."""

    SWAP_OF_NO_DUTY = "swap_of_no_duty"
    OVERRIDE_OF_NOBODY = "override_of_nobody"
    LEAVE_WITHOUT_SUBSTITUTE = "leave_without_substitute"
    SUBSTITUTE_ON_LEAVE = "substitute_on_leave"
    ROLE_NOT_HELD = "role_not_held"
    NOT_EMPLOYED = "not_employed"
    TWO_DUTIES_AT_ONCE = "two_duties_at_once"


class Conflict(NamedTuple):
    """In [start, end) `person` is concerned by a conflict that the swap, leave or override `code` brought about."""

    kind: ConflictKind
    code: str
    person: str
    start: Instant
    end: Instant


def misfits(duties: Sequence[Assignment], known: Mapping[str, Person]) -> Iterator[Conflict]:
    """Duties in a role not held, outside employment, or two at once at work (standby beside work is usual).

    `duties` are in order of their starts, and every person is among `known`.
    """
    busy: dict[str, Assignment] = {}
    for duty in duties:
        person = known[duty.person]
        if duty.role and duty.role not in person.roles:
            yield Conflict(ConflictKind.ROLE_NOT_HELD, duty.by, duty.person, duty.start, duty.end)
        for start, end in gaps(employment(person, duty.start, duty.end), duty.start, duty.end):
            yield Conflict(ConflictKind.NOT_EMPLOYED, duty.by, duty.person, start, end)
        if duty.standby:
            continue
        before = busy.get(duty.person)
        if before is not None and duty.start < before.end:
            until = min(duty.end, before.end)
            yield Conflict(ConflictKind.TWO_DUTIES_AT_ONCE, duty.by, duty.person, duty.start, until)
        if before is None or duty.end > before.end:
            busy[duty.person] = duty
