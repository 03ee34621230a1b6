"""Which record fulfils which occurrence of a recurring obligation; no record counts twice. `docs/why/deadlines.md`."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from typing import NamedTuple

from opspact.core.calendars.recurring import Occurrence
from opspact.core.calendars.term_errors import RecordOfNothing, RecordTwice
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_


@dataclass(frozen=True)
class Record:
    """Something that was done at an instant; `number` names the occurrence it was done for, where the record says."""

    id: str
    done_at: Instant
    number: int | None = None


class Fulfilment(StrEnum):
    """How an occurrence stands.

    done and late: fulfilled in time, or after its end. missing: over and not fulfilled. due: open and not yet over.
    not_yet: its time has not come.
    """

    DONE = "done"
    LATE = "late"
    MISSING = "missing"
    DUE = "due"
    NOT_YET = "not_yet"


class Matched(NamedTuple):
    """An occurrence, how it stands, and the record that was credited to it."""

    occurrence: Occurrence
    fulfilment: Fulfilment
    record: Record | None

    def explain(self, clause: str = "") -> Explanation:
        """How the due day was found and what fulfilled it."""
        found = self.occurrence.explain(clause)
        return Explanation(found.rule, found.clause, found.inputs, (*found.steps, self._outcome()))

    def _outcome(self) -> Step:
        if self.record:
            text = (
                N_("Record %(record)s of %(done_at)s fulfils it in time.")
                if self.fulfilment is Fulfilment.DONE
                else N_("Record %(record)s of %(done_at)s fulfils it late; it was due by %(due_at)s.")
            )
            done_at, due_at = self.record.done_at, self.occurrence.ends_at
            return Step(text, {"record": self.record.id, "done_at": done_at, "due_at": due_at})
        if self.fulfilment is Fulfilment.MISSING:
            return Step(N_("No record fulfils it; it was due by %(due_at)s."), {"due_at": self.occurrence.ends_at})
        if self.fulfilment is Fulfilment.DUE:
            return Step(N_("It is open until %(due_at)s."), {"due_at": self.occurrence.ends_at})
        return Step(N_("Its time begins at %(opens_at)s."), {"opens_at": self.occurrence.opens_at})


class Matching(NamedTuple):
    """Each occurrence in order, and the records that were credited to none."""

    matched: tuple[Matched, ...]
    unused: tuple[Record, ...]


def match(
    occurrences: Sequence[Occurrence], records: Sequence[Record], now: Instant, *, late_counts: bool = True
) -> Matching:
    """Credit each record known by `now` to at most one occurrence, and say how each occurrence stands at `now`.

    `occurrences` as `recurring.occurrences` gives them. First the records that name their occurrence; then as many
    occurrences as possible in time, the one that ends first before the others; then, with `late_counts`, the earliest
    that were missed, by the earliest record each can have. Raises RecordTwice, RecordOfNothing.
    """
    _check(occurrences, records)
    known = sorted((record for record in records if record.done_at <= now), key=_done_at)
    credited = _named(occurrences, known, late_counts=late_counts)
    free = [record for record in known if record.number is None]
    free = _in_time(occurrences, free, credited)
    if late_counts:
        _late(occurrences, free, credited)
    used = {record.id for record in credited.values()}
    matched = tuple(_stands(each, credited.get(each.number), now) for each in occurrences)
    return Matching(matched, tuple(record for record in records if record.id not in used))


def _check(occurrences: Sequence[Occurrence], records: Sequence[Record]) -> None:
    positions: dict[str, int] = {}
    numbers = {occurrence.number for occurrence in occurrences}
    for position, record in enumerate(records):
        if (other := positions.setdefault(record.id, position)) != position:
            raise RecordTwice(position=position, other=other, id=record.id)
        if record.number is not None and record.number not in numbers:
            raise RecordOfNothing(position=position, number=record.number)


def _named(occurrences: Sequence[Occurrence], records: Sequence[Record], *, late_counts: bool) -> dict[int, Record]:
    """The first record of each occurrence that names it, not before it opens."""
    by_number = {occurrence.number: occurrence for occurrence in occurrences}
    credited: dict[int, Record] = {}
    for record in records:
        if record.number is None:
            continue
        occurrence = by_number[record.number]
        if record.done_at >= occurrence.opens_at and (late_counts or record.done_at < occurrence.ends_at):
            credited.setdefault(record.number, record)
    return credited


def _in_time(occurrences: Sequence[Occurrence], records: Sequence[Record], credited: dict[int, Record]) -> list[Record]:
    """Each record, in order of time, for the open occurrence that ends first: no other way fulfils more of them."""
    coming = [each for each in sorted(occurrences, key=lambda each: each.opens_at) if each.number not in credited]
    coming.reverse()
    open_now: list[tuple[Instant, int]] = []
    left: list[Record] = []
    for record in records:
        while coming and coming[-1].opens_at <= record.done_at:
            occurrence = coming.pop()
            heappush(open_now, (occurrence.ends_at, occurrence.number))
        while open_now and open_now[0][0] <= record.done_at:
            heappop(open_now)
        if open_now:
            credited[heappop(open_now)[1]] = record
        else:
            left.append(record)
    return left


def _late(occurrences: Sequence[Occurrence], records: list[Record], credited: dict[int, Record]) -> None:
    """Each missed occurrence, the one that ended first before the others, takes the earliest record it can have.

    That may be one credited to an occurrence which a later record left over fulfils in time as well: the report that
    came a day late is the missed quarter's, and the next one the running quarter's.
    """
    missed = sorted((each.ends_at, each.number) for each in occurrences if each.number not in credited)
    by_number = {each.number: each for each in occurrences}
    for ends_at, number in missed:
        first = bisect_left(records, ends_at, key=_done_at)
        if first == len(records):
            return
        late = records.pop(first)
        for other in sorted(credited, key=lambda other: credited[other].done_at):
            held = credited[other]
            if held.number is None and ends_at <= held.done_at < late.done_at < by_number[other].ends_at:
                credited[other], late = late, held
                break
        credited[number] = late


def _done_at(record: Record) -> Instant:
    return record.done_at


def _stands(occurrence: Occurrence, record: Record | None, now: Instant) -> Matched:
    if record:
        in_time = record.done_at < occurrence.ends_at
        return Matched(occurrence, Fulfilment.DONE if in_time else Fulfilment.LATE, record)
    if now >= occurrence.ends_at:
        return Matched(occurrence, Fulfilment.MISSING, None)
    return Matched(occurrence, Fulfilment.DUE if now >= occurrence.opens_at else Fulfilment.NOT_YET, None)
