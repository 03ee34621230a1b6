"""The open proposals of facts, made to be those wanted now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from opspact.assets.models import Fact, Proposal
from opspact.kit.actions import Caller

State = Proposal.State
LONGEST = 300
Wanted = Mapping[str, tuple[str, str]]
"""By field ("" the device itself): what the ledger says, what was seen."""


def propose(caller: Caller, contract: Any, facts: Sequence[Fact], wanted: Mapping[int, Wanted]) -> int:
    """Open, refresh or settle proposals by fact; how many were opened.

    What was rejected stays so while the same is seen: by this source of its device, or by any of the same asset.
    """
    waiting = _of(facts).filter(state=State.OPEN).select_for_update().order_by("pk")
    standing = {(row.fact_id, row.field): row for row in waiting}
    rejected = _rejected(contract, facts)
    opened, refreshed = [], []
    for fact in facts:
        for field, (ledger_text, seen_text) in wanted[fact.pk].items():
            ledger_text, seen_text = ledger_text[:LONGEST], seen_text[:LONGEST]
            row = standing.pop((fact.pk, field), None)
            if row is not None:
                row.ledger_text, row.seen_text, row.asset = ledger_text, seen_text, fact.asset
                refreshed.append(row)
            elif not rejected & {("fact", fact.pk, field, seen_text), ("asset", fact.asset_id, field, seen_text)}:
                said = {"ledger_text": ledger_text, "seen_text": seen_text, "opened_at": caller.now}
                opened.append(Proposal(contract=contract, fact=fact, asset=fact.asset, field=field, **said))
    for row in standing.values():
        row.state, row.decided_at = State.SETTLED, caller.now
    Proposal.objects.bulk_update(refreshed, ["ledger_text", "seen_text", "asset"], batch_size=1000)
    Proposal.objects.bulk_update(standing.values(), ["state", "decided_at"], batch_size=1000)
    Proposal.objects.bulk_create(opened, batch_size=1000)
    return len(opened)


def _of(facts: Sequence[Fact]) -> Any:
    return Proposal.objects.filter(fact__in=[fact.pk for fact in facts])


def _rejected(contract: Any, facts: Sequence[Fact]) -> set[tuple[str, int | None, str, str]]:
    assets = [fact.asset_id for fact in facts if fact.asset_id]
    about = Q(fact__in=[fact.pk for fact in facts]) | Q(asset__in=assets)
    rows = Proposal.objects.filter(about, contract=contract, state=State.REJECTED)
    found: set[tuple[str, int | None, str, str]] = set()
    for fact, asset, field, text in rows.values_list("fact_id", "asset_id", "field", "seen_text"):
        found.add(("fact", fact, field, text))
        if asset:
            found.add(("asset", asset, field, text))
    return found
