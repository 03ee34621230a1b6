"""The kinds of calculation: each module (or package) here has one, named KIND."""

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from opspact.calc.running import Kind


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The kinds there are, in alphabetical order; nothing is imported."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def kind(name: str) -> Kind[Any, Any]:
    """The kind of that name. Raises KeyError."""
    if name not in names():
        raise KeyError(name)
    found: Kind[Any, Any] = import_module(f"{__name__}.{name}").KIND
    return found
