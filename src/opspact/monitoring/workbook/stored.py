"""The contract's checks as drafts, to compare a workbook with and to write one from."""

from __future__ import annotations

from collections.abc import Mapping

from opspact.contracts.models import Contract
from opspact.monitoring.models import Check, Target
from opspact.monitoring.workbook.drafts import Draft


def stored(contract: Contract) -> tuple[dict[tuple[str, str], Draft], dict[str, Mapping[str, str]]]:
    """Every check by (target code, kind), and what belongs to a target as a whole by its code. Two queries."""
    checks = (
        Check.objects.filter(target__contract=contract)
        .order_by("target__code", "kind")
        .values_list(
            "target__code",
            "target__name",
            "kind",
            "address",
            "target__system__code",
            "target__site__code",
            "interval_s",
            "settings",
        )
    )
    drafts = {
        (code, kind): Draft(code, name, kind, address, system or "", site or "", interval_s, settings)
        for code, name, kind, address, system, site, interval_s, settings in checks
    }
    targets = Target.objects.filter(contract=contract).values_list("code", "name", "system__code", "site__code")
    wholes = {code: {"name": name, "system": system or "", "site": site or ""} for code, name, system, site in targets}
    return drafts, wholes
