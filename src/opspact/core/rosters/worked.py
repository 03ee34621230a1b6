"""What a person has worked: shifts put together from their parts, and time by local day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from opspact.core.instants import Instant
from opspact.core.intervals import Interval, clip, normalise, total
from opspact.core.rosters.types import Assignment, NightWindow, ShiftType
from opspact.core.rosters.walls import ONE_DAY, Wall


@dataclass(frozen=True)
class WorkedShift:
    """The parts of one shift that one person serves, in order; `starts_on` is the local day it begins on."""

    code: str
    parts: tuple[Assignment, ...]
    start: Instant
    end: Instant
    starts_on: date
    at_night: bool


def shifts_by_person(
    duties: Iterable[Assignment],
    wall: Wall,
    night: NightWindow,
    shift_types: Mapping[str, ShiftType],
    *,
    standby: bool,
) -> dict[str, list[WorkedShift]]:
    """Each person's shifts by their starts; `standby` True: those on call too."""
    parts: dict[tuple[str, Instant, str, bool], list[Assignment]] = defaultdict(list)
    for duty in duties:
        if standby or not duty.standby:
            began = duty.start if duty.shift_at is None else duty.shift_at
            parts[duty.person, began, duty.shift, duty.standby].append(duty)
    shifts: dict[str, list[WorkedShift]] = defaultdict(list)
    for (person, _, code, _), own in parts.items():
        own.sort(key=lambda duty: (duty.start, duty.end))
        start, end = own[0].start, max(duty.end for duty in own)
        spans = normalise((duty.start, duty.end) for duty in own)
        said = shift_types[code].night if code in shift_types else None
        at_night = night_us(spans, wall, night) >= night.at_least_us if said is None else said
        shifts[person].append(WorkedShift(code, tuple(own), start, end, wall.day_of(start), at_night))
    for found in shifts.values():
        found.sort(key=lambda shift: (shift.start, shift.end))
    return dict(shifts)


def night_us(spans: list[Interval], wall: Wall, night: NightWindow) -> int:
    """How much of the spans, a normal list, lies in the night window, µs."""
    if not spans:
        return 0
    found, day, last = 0, wall.day_of(spans[0][0]) - ONE_DAY, wall.day_of(spans[-1][1])
    while day <= last:
        found += total(clip(spans, wall.at(day, night.start_minute), wall.at(day, night.end_minute)))
        day += ONE_DAY
    return found


def us_by_day(spans: Iterable[Interval], wall: Wall) -> dict[date, int]:
    """The time of the spans, a normal list, on each local day, µs."""
    days: dict[date, int] = defaultdict(int)
    for start, end in spans:
        for day, a, b in wall.days(start, end):
            days[day] += b - a
    return dict(days)
