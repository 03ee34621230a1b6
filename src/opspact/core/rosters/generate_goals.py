"""Fairness and wishes as the objective: the sum of the squares of burdens is least when they are even.

A burden's square is weighed by (the period ÷ the time the person is there), so that who is away half the month carries
half of each burden. All factors are whole numbers.
"""

from collections.abc import Callable
from math import gcd

from opspact.core.instants import HOUR
from opspact.core.intervals import total
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_slots import Board, Slot
from opspact.core.rosters.generate_types import Tally
from opspact.core.rosters.types import Person

SCALE = 100
_AT_MOST = 10


def add_goals(board: Board, program: Program) -> dict[str, int]:
    """Add the objective; gives back the variable "refused" of each wish by its code."""
    goals = board.problem.goals
    for person in board.problem.people:
        weight = _weight(board, person)
        carried = board.problem.carried.get(person.code, Tally())
        _hours(board, program, person, weight * goals.hours, carried.worked_us)
        _count(board, program, person, weight * goals.nights, carried.nights, lambda slot: slot.night)
        _count(board, program, person, weight * goals.weekends, carried.weekends, lambda slot: slot.weekend)
        _count(board, program, person, weight * goals.holidays, carried.holidays, lambda slot: slot.holiday)
    return _wishes(board, program)


def _weight(board: Board, person: Person) -> int:
    """SCALE for who is there all the time, in proportion more for who is there less, at most ten times."""
    there = total(board.present(person))
    return min(SCALE * (board.end - board.start) // there, _AT_MOST * SCALE) if there else 0


def _count(
    board: Board, program: Program, person: Person, weight: int, carried: int, counts: Callable[[Slot], bool]
) -> None:
    """The square of the number of shifts that count, with those carried."""
    variables = [variable for _, slot, variable in board.open_to(person.code) if counts(slot)]
    if weight and variables:
        number = program.variable(carried, carried + len(variables))
        program.equal([*((1, variable) for variable in variables), (-1, number)], -carried)
        program.squares.append((weight, number))


def _hours(board: Board, program: Program, person: Person, weight: int, carried_us: int) -> None:
    """The square of the time at work with what is carried, in hours, rounded up."""
    places = board.at_work(person.code)
    if not (weight and places):
        return
    unit = gcd(HOUR, *(slot.us for slot, _ in places))
    carried = carried_us // unit
    terms = [(slot.us // unit, variable) for slot, variable in places]
    per_hour = HOUR // unit
    most = carried + sum(us for us, _ in terms)
    hours = program.variable(carried // per_hour, most // per_hour + 1)
    program.at_least([(per_hour, hours), *((-us, variable) for us, variable in terms)], carried)
    program.squares.append((weight, hours))


def _wishes(board: Board, program: Program) -> dict[str, int]:
    refused: dict[str, int] = {}
    for wish in board.problem.wishes:
        hit = [
            variable
            for _, slot, variable in board.open_to(wish.person)
            if slot.day == wish.day and wish.shift in ("", slot.shift.code)
        ]
        made = refused[wish.code] = program.variable()
        if wish.serves:
            program.at_least([*((1, variable) for variable in hit), (1, made)], 1)
        else:
            for variable in hit:
                program.at_most([(1, variable), (-1, made)], 0)
        program.costs.append((SCALE * wish.weight * board.problem.goals.wishes, made))
    return refused
