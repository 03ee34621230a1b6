"""Which rules clash: a set that cannot be kept together, made smaller until each of its rules is needed."""

from opspact.core.explain import Explanation, Step
from opspact.core.rosters.generate_program import Program
from opspact.core.rosters.generate_solver import Outcome, Search, consistent
from opspact.core.rosters.generate_types import Clash, Kind, Problem
from opspact.core.words import N_

_FIRST_TO_DOUBT = (
    Kind.EVERYONE,
    Kind.AT_MOST,
    Kind.DAYS,
    Kind.SEQUENCE,
    Kind.HOURS,
    Kind.REST,
    Kind.FIXED,
    Kind.DEMAND,
    Kind.LEAVE,
    Kind.EMPLOYMENT,
)


def find_clash(problem: Problem, program: Program, search: Search) -> Clash:
    """A clash of a program that has no solution (deletion filter).

    The solver names assumptions that suffice for the contradiction. Then each rule is left out in turn: if the others
    still clash it was not needed, and of the others only those named again stay. A rule whose turn ends undecided
    stays, and the clash is not called minimal.
    """
    named = consistent(program, range(len(program.rules)), search)
    kept = named.clashing if named.outcome is Outcome.IMPOSSIBLE else tuple(range(len(program.rules)))
    doubted = sorted(kept, key=lambda rule: (_FIRST_TO_DOUBT.index(program.rules[rule].kind), rule))
    minimal, tried = True, 0
    for rule in doubted:
        if rule not in kept:
            continue
        tried += 1
        without = consistent(program, [other for other in kept if other != rule], search)
        if without.outcome is Outcome.IMPOSSIBLE:
            kept = without.clashing
        elif without.outcome is Outcome.UNDECIDED:
            minimal = False
    rules = tuple(program.rules[rule] for rule in sorted(kept))
    return Clash(rules, minimal, _explain(problem, program, tried, len(rules)))


def _explain(problem: Problem, program: Program, tried: int, left: int) -> Explanation:
    return Explanation(
        rule=N_("Rules that no roster can keep together"),
        clause="",
        inputs={"first_on": problem.first.isoformat(), "until_on": problem.until.isoformat()},
        steps=(
            Step(N_("All %(rules)s rules together admit no roster."), {"rules": len(program.rules)}),
            Step(
                N_("Of those that contradict, each was left out in turn (%(tried)s trials); %(left)s are needed."),
                {"tried": tried, "left": left},
            ),
        ),
    )
