"""The rules by which the indicators of annex 2 are computed: one file each, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from opspact.core.kpi.rules.base import RULES, compute, rule

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["RULES", "compute", "rule"]
