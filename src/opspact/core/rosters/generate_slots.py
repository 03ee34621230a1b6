"""The shifts that a staffing or a fixed duty names, as instants, and who may be put on which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from opspact.core.instants import Instant
from opspact.core.intervals import Interval, clip, normalise, subtract
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_types import Problem, Staffing
from opspact.core.rosters.people import employment
from opspact.core.rosters.types import Need, Person, ShiftType
from opspact.core.rosters.walls import Wall, wall_of
from opspact.core.rosters.worked import night_us

SATURDAY = 5


@dataclass(frozen=True)
class Slot:
    """The shift type held once, from the local date `day`; `weekend` leaves public holidays out."""

    shift: ShiftType
    day: date
    start: Instant
    end: Instant
    night: bool
    weekend: bool
    holiday: bool

    @property
    def us(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Board:
    """All slots in order of start, and a 0/1 variable of the program for each (person, slot) that is possible."""

    problem: Problem
    slots: tuple[Slot, ...]
    place: dict[tuple[str, int], int]

    @cached_property
    def start(self) -> Instant:
        return self.problem.calendar.day_start(self.problem.first)

    @cached_property
    def end(self) -> Instant:
        return self.problem.calendar.day_start(self.problem.until)

    @cached_property
    def _open_to(self) -> dict[str, list[tuple[int, Slot, int]]]:
        found: dict[str, list[tuple[int, Slot, int]]] = {person.code: [] for person in self.problem.people}
        for (person, number), variable in self.place.items():
            found[person].append((number, self.slots[number], variable))
        return {person: sorted(places, key=lambda place: place[0]) for person, places in found.items()}

    def open_to(self, person: str) -> list[tuple[int, Slot, int]]:
        """(number of the slot, slot, variable) of all that the person may be put on."""
        return self._open_to[person]

    def at_work(self, person: str) -> list[tuple[Slot, int]]:
        """The same, only what the rules on working time count."""
        counted = self.problem.rules.count_standby
        return [(slot, variable) for _, slot, variable in self.open_to(person) if counted or not slot.shift.standby]

    def present(self, person: Person) -> list[Interval]:
        """When in the period the person is employed and not on leave."""
        away = normalise((leave.start, leave.end) for leave in self.problem.leave if leave.person == person.code)
        return subtract(employment(person, self.start, self.end), away)


def meets(person: Person, need: Need) -> bool:
    """Whether the person counts for the need."""
    return not need.roles or bool(need.roles & person.roles)


def needs_of(problem: Problem, staffing: Staffing) -> tuple[Need, ...]:
    """What one shift of the staffing needs."""
    if staffing.needs is not None:
        return staffing.needs
    return next(shift.needs for shift in problem.shifts if shift.code == staffing.shift)


def build_board(problem: Problem, program: Program) -> Board:
    """Lay out the slots and make the variables."""
    shifts = {shift.code: shift for shift in problem.shifts}
    named = {(day, staffing.shift) for staffing in problem.staffings for day in staffing.days}
    named |= {(fixed.day, fixed.shift) for fixed in problem.fixed if fixed.serves}
    wall = wall_of(problem.calendar.zone)
    slots = [_slot(problem, wall, shifts[code], day) for day, code in named]
    slots.sort(key=lambda slot: (slot.start, slot.end, slot.shift.code))
    number_of = {(slot.day, slot.shift.code): number for number, slot in enumerate(slots)}
    place: dict[tuple[str, int], int] = {}
    for person in problem.people:
        possible = {number for number, slot in enumerate(slots) if _is_wanted(problem, person, slot)}
        possible |= {
            number_of[fixed.day, fixed.shift] for fixed in problem.fixed if fixed.serves and fixed.person == person.code
        }
        for number in sorted(possible):
            place[person.code, number] = program.variable()
    return Board(problem, tuple(slots), place)


def _slot(problem: Problem, wall: Wall, shift: ShiftType, day: date) -> Slot:
    span = (wall.at(day, shift.start_minute), wall.at(day, shift.end_minute))
    night = (
        shift.night
        if shift.night is not None
        else night_us([span], wall, problem.rules.night) >= problem.rules.night.at_least_us
    )
    holiday = day in problem.calendar.holidays
    weekend = day.weekday() >= SATURDAY and not holiday and day not in problem.calendar.workdays
    return Slot(shift, day, *span, night=night, weekend=weekend, holiday=holiday)


def _is_wanted(problem: Problem, person: Person, slot: Slot) -> bool:
    return any(meets(person, need) for need in _needs_met_by(problem, slot))


def _needs_met_by(problem: Problem, slot: Slot) -> Iterator[Need]:
    """Everything asked for that someone on this slot may serve."""
    for staffing in problem.staffings:
        if staffing.shift == slot.shift.code and slot.day in staffing.days:
            yield from needs_of(problem, staffing)
    for demand in problem.demands:
        if (demand.standby or not slot.shift.standby) and clip(demand.times, slot.start, slot.end):
            yield from demand.needs
    for period in problem.special:
        if (period.standby or not slot.shift.standby) and period.start < slot.end and slot.start < period.end:
            yield from period.needs
            if period.at_least_us:
                yield Need(1, period.everyone_of)
