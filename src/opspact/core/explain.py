"""How an answer came about, for a page to show and an auditor to follow.

Parameter names carry the unit, so that a page formats without guessing: `*_at` are instants (µs), `*_us` durations
(µs), `*_fraction` exact fractions as "a/b", `*_on` ISO dates; `state`, `verdict`, `event` and `unit` are words of an
enum, for the page to name. Everything else is a plain number or text.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Plain: TypeAlias = str | int | bool | None


class Step(NamedTuple):
    """One sentence: an English msgid and the values of its `%(name)s` parameters."""

    text: str
    params: dict[str, Plain]


@dataclass(frozen=True)
class Explanation:
    """The rule (msgid), the clause or standard it rests on, what went in, and the steps in order."""

    rule: str
    clause: str
    inputs: dict[str, Plain] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "inputs": dict(self.inputs),
            "steps": [{"text": step.text, "params": dict(step.params)} for step in self.steps],
        }
