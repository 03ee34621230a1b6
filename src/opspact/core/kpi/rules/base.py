"""The register of rules: `Kpi.rule` names one, and each is one file of this package, found by being here."""

from collections.abc import Callable
from typing import Any, TypeVar

from opspact.core.kpi.answers import Answer
from opspact.core.kpi.errors import UnknownRule

C = TypeVar("C", bound=Callable[..., Answer])
RULES: dict[str, Callable[..., Answer]] = {}


def rule(name: str) -> Callable[[C], C]:
    """Register the function under the name that contracts use. Raises ValueError for a name taken already."""

    def register(function: C) -> C:
        if name in RULES:
            raise ValueError(f"two files compute {name}")
        RULES[name] = function
        return function

    return register


def compute(name: str, *records: Any, **parameters: Any) -> Answer:
    """The answer of the rule of that name; its own file says what it takes. Raises UnknownRule."""
    if name not in RULES:
        raise UnknownRule(rule=name)
    return RULES[name](*records, **parameters)
