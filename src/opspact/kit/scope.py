"""The contract that a page is about. The register of contracts lies above, so it hands its look-up down to here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class ContractLike(Protocol):
    code: str
    name: str
    short_name: str
    simulated: bool


_by_code: Callable[[str], ContractLike | None] | None = None
_by_codes: Callable[[Iterable[str] | None], list[ContractLike]] | None = None


def set_contract_source(
    by_code: Callable[[str], Any | None], by_codes: Callable[[Iterable[str] | None], list[Any]]
) -> None:
    """Called once by the contracts room when it is ready. `by_codes` gives every contract for None."""
    global _by_code, _by_codes
    _by_code, _by_codes = by_code, by_codes


def contract(code: str) -> ContractLike | None:
    return _by_code(code) if _by_code else None


def contracts(codes: Iterable[str]) -> list[ContractLike]:
    """The contracts with these codes, the ones running now first."""
    return _by_codes(codes) if _by_codes else []


def every_contract() -> list[ContractLike]:
    """All contracts of the installation, for those who grant roles in them; nobody else is told of them all."""
    return _by_codes(None) if _by_codes else []
