"""Walking a file's plain data by patterns such as `payments[].preconditions[].event`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from opspact.core.inputs import Loc

_STEP = re.compile(r"\[\]|\{\}|[^.\[\]{}]+")


def walk(data: Any, pattern: str) -> Iterator[tuple[Loc, Any]]:
    """Every value at the pattern, with its place. What is absent or of another shape is passed over.

    `name` steps to a key, `[]` to each item of a list, `{}` to each value of a mapping, `@` to each key of a mapping.
    """
    return _walk(data, _STEP.findall(pattern), ())


def _walk(data: Any, steps: Sequence[str], loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if not steps:
        yield loc, data
        return
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(data, list):
        for index, item in enumerate(data):
            yield from _walk(item, rest, (*loc, index))
    elif isinstance(data, dict):
        if step == "{}":
            for key, item in data.items():
                yield from _walk(item, rest, (*loc, key))
        elif step == "@":
            yield from (((*loc, key), key) for key in data)
        elif step in data:
            yield from _walk(data[step], rest, (*loc, step))
