"""A program handed to OR-tools CP-SAT, which is imported only here and only when asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opspact.core.rosters.generate_errors import BadSearch, SolverMissing
from opspact.core.rosters.generate_program import Linear, Program

_STEPS = 4


@dataclass(frozen=True)
class Search:
    """How long and how. Raises BadSearch.

    `seconds` are counted in steps of the algorithm (CP-SAT's deterministic time, of which a second of one core does
    about a quarter) and not by the clock, so that a search stops at the same place on every machine, with the same
    release of the solver. More workers search otherwise than one, and as repeatably.
    """

    seconds: int
    seed: int
    workers: int = 1

    def __post_init__(self) -> None:
        for name, value, least in (("seconds", self.seconds, 1), ("seed", self.seed, 0), ("workers", self.workers, 1)):
            if not least <= value < 2**31:
                raise BadSearch(field=name, value=value)


class Outcome(StrEnum):
    BEST = "best"
    FOUND = "found"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Solution:
    """The values of the variables if a solution was found, else none; `clashing` rules if it is impossible."""

    outcome: Outcome
    values: tuple[int, ...] = ()
    cost: int = 0
    bound: int = 0
    clashing: tuple[int, ...] = ()


def best_solution(program: Program, search: Search) -> Solution:
    """All rules in force, at the least cost that the search finds."""
    cp_model = _cp_model()
    model = cp_model.CpModel()
    variables = _variables(model, program)
    for constraint in program.constraints:
        _constrain(cp_model, model, variables, constraint)
    costs = [(factor, variables[number]) for factor, number in program.costs]
    for factor, number in program.squares:
        low, high = program.bounds[number]
        square = model.new_int_var(0, max(low * low, high * high), "")
        model.add_multiplication_equality(square, [variables[number], variables[number]])
        costs.append((factor, square))
    if costs:
        model.minimize(cp_model.LinearExpr.weighted_sum([v for _, v in costs], [factor for factor, _ in costs]))
    solver = _solver(cp_model, search)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Solution(Outcome.IMPOSSIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solution(Outcome.UNDECIDED)
    values = tuple(solver.value(variable) for variable in variables)
    outcome = Outcome.BEST if status == cp_model.OPTIMAL else Outcome.FOUND
    return Solution(outcome, values, round(solver.objective_value), round(solver.best_objective_bound))


def consistent(program: Program, rules: Sequence[int], search: Search) -> Solution:
    """Whether anything keeps these rules; if not, some of them that cannot be kept together."""
    cp_model = _cp_model()
    model = cp_model.CpModel()
    variables = _variables(model, program)
    in_force = {rule: model.new_bool_var("") for rule in rules}
    for constraint in program.under(rules):
        _constrain(cp_model, model, variables, constraint, [in_force[rule] for rule in constraint.rules])
    model.add_assumptions(list(in_force.values()))
    solver = _solver(cp_model, search)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        named = set(solver.sufficient_assumptions_for_infeasibility())
        found = tuple(rule for rule, literal in in_force.items() if literal.index in named)
        return Solution(Outcome.IMPOSSIBLE, clashing=found or tuple(rules))
    return Solution(Outcome.FOUND if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else Outcome.UNDECIDED)


def _cp_model() -> Any:
    """OR-tools, which has no complete types and belongs to an extra of the package. Raises SolverMissing."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise SolverMissing(extra="roster", package="ortools") from None
    return cp_model


def _variables(model: Any, program: Program) -> list[Any]:
    return [model.new_int_var(low, high, "") for low, high in program.bounds]


def _constrain(
    cp_model: Any, model: Any, variables: Sequence[Any], linear: Linear, only_if: Iterable[Any] = ()
) -> None:
    terms = cp_model.LinearExpr.weighted_sum([variables[v] for _, v in linear.terms], [c for c, _ in linear.terms])
    constraint = model.add_linear_constraint(terms, -(2**62), linear.at_most)
    if enforced := list(only_if):
        constraint.only_enforce_if(enforced)


def _solver(cp_model: Any, search: Search) -> Any:
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = search.seconds / _STEPS
    solver.parameters.random_seed = search.seed
    solver.parameters.num_workers = search.workers
    solver.parameters.interleave_search = search.workers > 1
    solver.parameters.linearization_level = 2  # the squares need it: without, a month is far from the best for minutes
    return solver
