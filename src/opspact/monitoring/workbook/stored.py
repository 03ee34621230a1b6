"""The contract's checks as drafts, to compare a workbook with and to write one from."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, F, When

from opspact.contracts.models import Contract
from opspact.monitoring.models import Check, Target
from opspact.monitoring.workbook.drafts import WHOLE, Draft


def stored(contract: Contract) -> tuple[dict[tuple[str, str], Draft], dict[str, Mapping[str, str]]]:
    """Every check by (target code, kind), and what belongs to a target as a whole by its code. Two queries."""
    targets = Target.objects.filter(contract=contract).values_list(
        "code", "name", "system__code", "site__code", _on_ledger("asset"), _on_ledger("circuit")
    )
    wholes = {code: dict(zip(WHOLE, (text or "" for text in texts), strict=True)) for code, *texts in targets}
    checks = Check.objects.filter(target__contract=contract).order_by("target__code", "kind")
    own = checks.values_list("target__code", "kind", "address", "interval_s", "settings")
    drafts = {
        (code, kind): Draft(code=code, kind=kind, address=address, interval_s=every, settings=settings, **wholes[code])
        for code, kind, address, every, settings in own
    }
    return drafts, wholes


def _on_ledger(name: str) -> Case:
    """The code of what the target watches; none of a record that was taken off."""
    return Case(When(**{f"{name}__deleted_at": None}, then=F(f"{name}__code")))
