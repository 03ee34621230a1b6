"""Look-ups in the register."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from opspact.contracts.models import Contract


def contract_by_code(code: str) -> Contract | None:
    return Contract.objects.filter(code=code).first()


def contracts_by_codes(codes: Iterable[str] | None) -> list[Contract]:
    """Those of the contracts that exist (None: all of them), the ones whose term is running first."""
    found = Contract.objects.all() if codes is None else Contract.objects.filter(code__in=list(codes))
    now = timezone.now()
    return sorted(found.order_by("-starts_at", "code"), key=lambda it: not it.starts_at <= now < it.ends_at)
