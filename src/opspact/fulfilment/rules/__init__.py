"""The rules by which indicators are computed: one file each, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from opspact.fulfilment.rules.base import RULES, Result, Source, SystemLine, compute, rule

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["RULES", "Result", "Source", "SystemLine", "compute", "rule"]
