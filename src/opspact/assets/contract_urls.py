"""Pages of the ledgers, under /c/<contract>/: those of every module of `routes`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from opspact.assets import routes

app_name = "assets"
urlpatterns = [
    pattern
    for module in sorted(found.name for found in iter_modules(routes.__path__))
    for pattern in import_module(f"{routes.__name__}.{module}").urlpatterns
]
