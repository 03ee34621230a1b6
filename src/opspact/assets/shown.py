"""Imports every module of `shows`, which declare and register on import."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from opspact.assets import shows

for module in sorted(found.name for found in iter_modules(shows.__path__)):
    import_module(f"{shows.__name__}.{module}")
