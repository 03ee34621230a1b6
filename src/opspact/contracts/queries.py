"""Look-ups in the register."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Now

from opspact.contracts.models import Contract


def contract_by_code(code: str) -> Contract | None:
    return Contract.objects.filter(code=code).first()


def contracts_by_codes(codes: Iterable[str] | None) -> list[Contract]:
    """Those of the contracts that exist (None: all of them), the ones whose term is running first."""
    running = Case(
        When(starts_at__lte=Now(), ends_at__gt=Now(), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found = Contract.objects.all() if codes is None else Contract.objects.filter(code__in=list(codes))
    return list(found.order_by(running, "-starts_at", "code"))
