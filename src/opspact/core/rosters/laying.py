"""Rotations laid out into duties."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from opspact.core.calendars import WorkCalendar
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise
from opspact.core.rosters.rotations import REST, Lineup, PatternRotation, Rotation
from opspact.core.rosters.types import Assignment, Days, Restriction
from opspact.core.rosters.walls import ONE_DAY, Wall, wall_of


def lay_out(
    rotation: Rotation | PatternRotation, calendar: WorkCalendar, start: Instant, end: Instant
) -> list[Assignment]:
    """The duties of [start, end), clipped to it and in order. The zone is the calendar's.

    `calendar` also says which days are working days and when office hours are. A duty clipped at the start keeps in
    `shift_at` when it began. Linear in the days since the rotation's first. Raises OutOfReach.
    """
    wall = wall_of(calendar.zone)
    if isinstance(rotation, PatternRotation):
        laid = _pattern_duties(rotation, wall, start, end)
    else:
        laid = _turn_duties(rotation, calendar, wall, start, end)
    clipped = [_clipped(duty, start, end) for duty in laid if max(duty.start, start) < min(duty.end, end)]
    return sorted(clipped, key=lambda duty: (duty.start, duty.end, duty.person))


def allowed(restrictions: Sequence[Restriction], calendar: WorkCalendar, day: date, wall: Wall) -> list[Interval]:
    """The spans the restrictions admit that start on the local day, as a normal list."""
    return normalise(
        (wall.at(day, r.start_minute), wall.at(day, r.end_minute))
        for r in restrictions
        if day.weekday() in r.weekdays and admits(r.days, calendar, day)
    )


def admits(days: Days, calendar: WorkCalendar, day: date) -> bool:
    """Whether the local day is one of `days`."""
    return days is Days.ANY or calendar.is_working_day(day) is (days is Days.WORKING)


def _clipped(duty: Assignment, start: Instant, end: Instant) -> Assignment:
    shift_at = duty.start if duty.shift_at is None and duty.start < start else duty.shift_at
    return replace(duty, start=max(duty.start, start), end=min(duty.end, end), shift_at=shift_at)


def _turn_duties(
    rotation: Rotation, calendar: WorkCalendar, wall: Wall, start: Instant, end: Instant
) -> Iterator[Assignment]:
    for turn_start, turn_end, crew in _turns(rotation, calendar, wall, end):
        if turn_end <= start:
            continue
        began_on: dict[date, Instant] = {}
        for a, b in _cut(rotation, calendar, wall, (turn_start, turn_end)):
            # Parts that begin on one day, before and after lunch, are one shift.
            began = began_on.setdefault(wall.day_of(a), a)
            for person in crew:
                yield Assignment(
                    person,
                    rotation.role,
                    a,
                    b,
                    level=rotation.level,
                    standby=rotation.standby,
                    by=rotation.code,
                    shift_at=None if began == a else began,
                )


def _turns(
    rotation: Rotation, calendar: WorkCalendar, wall: Wall, end: Instant
) -> Iterator[tuple[Instant, Instant, tuple[str, ...]]]:
    """Each turn before `end` with its crew; days without a turn cut it in two."""
    starts: dict[int, int] = {}  # the turn in which each lineup took over
    days: list[tuple[date, int, int]] = []
    day, counted = rotation.first_on, 0
    while wall.at(day, rotation.handover_minute) < end and day < (rotation.until_on or date.max):
        if admits(rotation.counted, calendar, day):
            lineup = _in_force(rotation.lineups, day)
            turn = counted // rotation.turn_days
            if lineup >= 0:
                starts.setdefault(lineup, turn)
                days.append((day, turn, lineup))
            counted += 1
        day += ONE_DAY
    runs = groupby(enumerate(days), key=lambda item: (item[1][0].toordinal() - item[0], item[1][1:]))
    for (_, (turn, lineup)), run in runs:
        own = [item[1][0] for item in run]
        crews = rotation.lineups[lineup]
        crew = crews.crews[(turn - starts[lineup] + crews.start_at) % len(crews.crews)]
        first, last = own[0], own[-1] + ONE_DAY
        yield wall.at(first, rotation.handover_minute), wall.at(last, rotation.handover_minute), crew


def _cut(rotation: Rotation, calendar: WorkCalendar, wall: Wall, turn: Interval) -> list[Interval]:
    """The parts of a turn that restrictions and office hours leave."""
    parts = [turn] if turn[0] < turn[1] else []
    if rotation.restrictions and parts:
        day, last = wall.day_of(turn[0]) - 2 * ONE_DAY, wall.day_of(turn[1])
        spans: list[Interval] = []
        while day <= last:
            spans += allowed(rotation.restrictions, calendar, day, wall)
            day += ONE_DAY
        parts = intersect(parts, normalise(spans))
    if rotation.office_hours:
        parts = intersect(parts, calendar.working_intervals(*turn))
    return parts


def _pattern_duties(rotation: PatternRotation, wall: Wall, start: Instant, end: Instant) -> Iterator[Assignment]:
    shifts = {shift.code: shift for shift in rotation.shifts}
    day = max(rotation.first_on, wall.day_of(start) - 3 * ONE_DAY)  # no shift is longer than two days
    while wall.at(day) < end and day < (rotation.until_on or date.max):
        if (position := _in_force(rotation.lineups, day)) >= 0:
            lineup = rotation.lineups[position]
            for crew, step in zip(lineup.crews, steps_on(rotation, lineup, day), strict=True):
                if step == REST:
                    continue
                shift = shifts[step]
                a, b = wall.at(day, shift.start_minute), wall.at(day, shift.end_minute)
                for person in crew if a < b else ():
                    yield Assignment(person, rotation.role, a, b, step, rotation.level, shift.standby, by=rotation.code)
        day += ONE_DAY


def steps_on(rotation: PatternRotation, lineup: Lineup, day: date) -> list[str]:
    """The step of each crew on a day: a shift code, or "" for rest."""
    length, crews = len(rotation.pattern), len(lineup.crews)
    offsets = lineup.offsets or tuple(i * length // crews for i in range(crews))
    passed = (day - rotation.first_on).days + lineup.start_at
    return [rotation.pattern[(passed + offset) % length] for offset in offsets]


def _in_force(lineups: Sequence[Lineup], day: date) -> int:
    """The position of the lineup that serves on a day, -1 before the first."""
    return bisect_right([lineup.from_on for lineup in lineups], day) - 1
