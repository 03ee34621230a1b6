"""People by code, and when they are employed."""

from collections.abc import Iterable

from opspact.core.instants import Instant
from opspact.core.intervals import Interval
from opspact.core.rosters.errors import NamedTwice
from opspact.core.rosters.types import Person


def by_code(people: Iterable[Person]) -> dict[str, Person]:
    """The people by code. Raises NamedTwice."""
    known: dict[str, Person] = {}
    for person in people:
        if person.code in known:
            raise NamedTwice(what="Person", code=person.code)
        known[person.code] = person
    return known


def employment(person: Person, start: Instant, end: Instant) -> list[Interval]:
    """The part of [start, end) in which the person is employed, as a normal list."""
    since = start if person.employed_from is None else max(start, person.employed_from)
    until = end if person.employed_until is None else min(end, person.employed_until)
    return [(since, until)] if since < until else []
