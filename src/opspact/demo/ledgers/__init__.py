"""The simulated contract's ledgers: one module a subject, each with `make(caller, contract)`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from opspact.kit.actions import Caller

# What others refer to comes first.
SUBJECTS = (
    "places",
    "assets",
    "relations",
    "ipam",
    "circuits",
    "terminals",
    "software",
    "certificates",
    "spares",
    "stocktaking",
)


def build(caller: Caller, contract: Any) -> None:
    """Fill every ledger of a contract, once: a subject that has records already is left alone."""
    for subject in SUBJECTS:
        import_module(f"{__name__}.{subject}").make(caller, contract)
