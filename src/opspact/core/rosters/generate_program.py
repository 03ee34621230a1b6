"""The problem as linear rules over whole numbers, before any solver sees it.

Every rule in people's terms owns a number. A constraint holds while all the rules that it names are in force, so that
a set of rules can be tried without the others; one that names none is a matter of fact (nobody is in two places).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import TypeAlias

from opspact.core.rosters.generate_types import Rule

Terms: TypeAlias = Sequence[tuple[int, int]]
"""(coefficient, variable) pairs."""


@dataclass(frozen=True)
class Linear:
    """Σ coefficient·variable ≤ `at_most`, while all `rules` are in force."""

    rules: tuple[int, ...]
    terms: tuple[tuple[int, int], ...]
    at_most: int


@dataclass
class Program:
    """Variables as [low, high] bounds, rules, constraints, and the objective: linear terms and weighted squares."""

    bounds: list[tuple[int, int]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    constraints: list[Linear] = field(default_factory=list)
    costs: list[tuple[int, int]] = field(default_factory=list)
    squares: list[tuple[int, int]] = field(default_factory=list)

    def variable(self, low: int = 0, high: int = 1) -> int:
        self.bounds.append((low, high))
        return len(self.bounds) - 1

    def rule(self, rule: Rule) -> int:
        self.rules.append(rule)
        return len(self.rules) - 1

    def at_most(self, terms: Iterable[tuple[int, int]], limit: int, *rules: int) -> None:
        """Σ ≤ limit; left out where the bounds see to it anyway, in smallest whole numbers otherwise."""
        kept = tuple(term for term in terms if term[0])
        if sum(max(c * low for low in self.bounds[v]) for c, v in kept) <= limit:
            return
        divisor = gcd(*(c for c, _ in kept)) or 1
        self.constraints.append(Linear(rules, tuple((c // divisor, v) for c, v in kept), limit // divisor))

    def at_least(self, terms: Iterable[tuple[int, int]], limit: int, *rules: int) -> None:
        """Σ ≥ limit."""
        self.at_most([(-c, v) for c, v in terms], -limit, *rules)

    def equal(self, terms: Terms, value: int) -> None:
        """Σ = value, always."""
        self.at_most(terms, value)
        self.at_least(terms, value)

    def any_of(self, variables: Sequence[int]) -> int:
        """A 0/1 variable that is 1 if any of these is; it may be 1 without."""
        if len(variables) == 1:
            return variables[0]
        made = self.variable()
        for variable in variables:
            self.at_most([(1, variable), (-1, made)], 0)
        return made

    def under(self, rules: Iterable[int]) -> list[Linear]:
        """The constraints that hold if only these rules are in force."""
        kept = set(rules)
        return [constraint for constraint in self.constraints if kept.issuperset(constraint.rules)]
