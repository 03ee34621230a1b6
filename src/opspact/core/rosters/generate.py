"""Makes a fair roster that keeps every rule, or says which rules clash. `docs/why/roster-generator.md`."""

from opspact.core.explain import Explanation, Step
from opspact.core.rosters.generate_clash import find_clash
from opspact.core.rosters.generate_demands import Demands
from opspact.core.rosters.generate_errors import OutOfTime
from opspact.core.rosters.generate_goals import SCALE, add_goals
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_rules import Limits
from opspact.core.rosters.generate_slots import Board, build_board
from opspact.core.rosters.generate_solver import Outcome, Search, Solution, best_solution
from opspact.core.rosters.generate_types import (
    Clash,
    Fixed,
    Goals,
    Kind,
    Problem,
    Roster,
    Rule,
    Staffing,
    Tally,
    Wish,
)
from opspact.core.rosters.types import Assignment
from opspact.core.words import N_

__all__ = [
    "Clash",
    "Fixed",
    "Goals",
    "Kind",
    "Problem",
    "Roster",
    "Rule",
    "Staffing",
    "Tally",
    "Wish",
    "generate",
]


def generate(problem: Problem, *, seconds: int, seed: int, workers: int = 1) -> Roster | Clash:
    """The fairest roster found in `seconds`, or a smallest set of rules that no roster can keep.

    The same problem, seconds and seed give the same answer on every machine with the same release of the solver:
    `seconds` are those of one core, counted in steps of the search and never by the clock. Raises
    SolverMissing without the extra `roster`, OutOfTime if neither answer was found, BadSearch.
    """
    search = Search(seconds, seed, workers)
    program = Program()
    board = build_board(problem, program)
    Demands(board, program).add()
    for person in problem.people:
        Limits(board, program, person).add()
    refused = add_goals(board, program)
    solution = best_solution(program, search)
    if solution.outcome is Outcome.UNDECIDED:
        raise OutOfTime(seconds=seconds)
    if solution.outcome is Outcome.IMPOSSIBLE:
        return find_clash(problem, program, search)
    return _roster(board, solution, refused)


def _roster(board: Board, solution: Solution, refused: dict[str, int]) -> Roster:
    duties: list[Assignment] = []
    for (person, number), variable in board.place.items():
        if solution.values[variable]:
            slot = board.slots[number]
            shift = slot.shift
            duties.append(
                Assignment(
                    person, "", slot.start, slot.end, shift=shift.code, standby=shift.standby, by=board.problem.code
                )
            )
    duties.sort(key=lambda duty: (duty.start, duty.end, duty.person))
    tallies = {person.code: _tally(board, solution, person.code) for person in board.problem.people}
    return Roster(
        assignments=tuple(duties),
        tallies=tallies,
        refused_wishes=tuple(code for code, variable in refused.items() if solution.values[variable]),
        best=solution.outcome is Outcome.BEST,
        cost=solution.cost,
        bound=solution.bound,
        explanation=_explain(board, solution, tallies),
    )


def _tally(board: Board, solution: Solution, person: str) -> Tally:
    slots = [slot for _, slot, variable in board.open_to(person) if solution.values[variable]]
    return Tally(
        sum(slot.us for slot, variable in board.at_work(person) if solution.values[variable]),
        sum(slot.night for slot in slots),
        sum(slot.weekend for slot in slots),
        sum(slot.holiday for slot in slots),
    )


def _explain(board: Board, solution: Solution, tallies: dict[str, Tally]) -> Explanation:
    found = (
        Step(N_("No roster that keeps the rules weighs less: %(cost)s."), {"cost": solution.cost})
        if solution.outcome is Outcome.BEST
        else Step(
            N_("The search stopped at a weight of %(cost)s; none can weigh less than %(bound)s."),
            {"cost": solution.cost, "bound": solution.bound},
        )
    )
    burdens = [
        Step(
            N_("%(person)s: %(worked_us)s at work, %(nights)s nights, %(weekends)s weekends, %(holidays)s holidays."),
            {"person": person, **vars(tally)},
        )
        for person, tally in tallies.items()
    ]
    return Explanation(
        rule=N_("A roster that keeps every rule, its burdens as even as could be found"),
        clause="",
        inputs={"from_at": board.start, "until_at": board.end, "scale": SCALE, **vars(board.problem.goals)},
        steps=(found, *burdens),
    )
