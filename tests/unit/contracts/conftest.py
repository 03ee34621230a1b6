"""Contract files to read and to spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opspact.contracts.terms import Problem, TermsError, load_terms

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="session")
def example() -> str:
    return (EXAMPLES / "beijing-2022" / "contract.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def small() -> str:
    return (EXAMPLES / "self" / "contract.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def problems_in() -> Callable[[str | bytes], list[Problem]]:
    """What the loader says about a file; the empty list when it loads."""

    def _problems(content: str | bytes) -> list[Problem]:
        try:
            load_terms(content, "contract.yaml")
        except TermsError as error:
            return error.problems
        return []

    return _problems


@pytest.fixture(scope="session")
def spoil(example: str, problems_in: Callable[[str], list[Problem]]) -> Callable[..., list[str]]:
    """Replace the first occurrence of each text by its partner in the example, load it, and answer what is said."""

    def _spoil(*pairs: tuple[str, str]) -> list[str]:
        text = example
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        return [str(problem) for problem in problems_in(text)]

    return _spoil
