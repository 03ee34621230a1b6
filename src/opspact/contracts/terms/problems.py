"""What is wrong with a contract file: all of it at once, each with line, column, path and a translatable sentence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opspact.core.words import N_

PLACE_AND_PATH = N_("line %(line)s, %(path)s: %(message)s")
PLACE_ONLY = N_("line %(line)s: %(message)s")


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` and `column` count from 1; `path` reads like `payments[1].amount`, or is empty."""

    line: int
    column: int
    path: str
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def message(self, translate: Callable[[str], str] = str) -> str:
        """The sentence without its place; `translate` is gettext, or nothing for English."""
        return translate(self.msgid) % dict(self.params)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its line and path."""
        template = translate(PLACE_AND_PATH if self.path else PLACE_ONLY)
        return template % {"line": self.line, "path": self.path, "message": self.message(translate)}

    def __str__(self) -> str:
        return self.text()


class TermsError(ValueError):
    """A contract file that can't be loaded. `problems` holds every problem found, in the order of the file."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))
