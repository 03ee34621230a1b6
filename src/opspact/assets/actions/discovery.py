"""Facts taken in, and what people decide on the proposals that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opspact.assets.discovery.comparing import Matcher, differences
from opspact.assets.discovery.reading import KEY
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Fact, Proposal
from opspact.core.inputs import Wrong
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import actions as ledger_actions
from opspact.kit.ledgers.writing import RecordRefused

State = Proposal.State


@action("assets.discovery.take")
def take_facts(caller: Caller, contract: Any, source: str, facts: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Keep what a source saw and open, refresh or settle proposals; how many devices, known ones, proposals opened."""
    matcher = Matcher(contract, source, facts)
    fields = ASSETS.bound_fields(contract)
    opened = known = 0
    for fact in facts:
        asset = matcher.asset(fact)
        values = {name: text for name, text in fact.items() if name != KEY}
        kept, _new = Fact.objects.update_or_create(
            contract=contract,
            source=source[:60],
            key=fact[KEY][:120],
            defaults={"asset": asset, "values": values, "seen_at": caller.now},
        )
        if asset is None:
            opened += _propose(caller, kept, None, {"": ("", fact.get("name") or fact[KEY])})
        else:
            known += 1
            found = differences(fields, asset, fact)
            opened += _propose(caller, kept, asset, {each.field: (each.ledger_text, each.seen_text) for each in found})
    caller.note(source=source, devices=len(facts), known=known, opened=opened)
    return {"devices": len(facts), "known": known, "opened": opened}


def _propose(caller: Caller, fact: Fact, asset: Asset | None, wanted: Mapping[str, tuple[str, str]]) -> int:
    """Make the open proposals of a fact those wanted now. What was rejected stays so while the same is seen."""
    standing = {row.field: row for row in fact.proposals.filter(state=State.OPEN)}
    rejected = set(fact.proposals.filter(state=State.REJECTED).values_list("field", "seen_text"))
    opened = 0
    for field, (ledger_text, seen_text) in wanted.items():
        row = standing.pop(field, None)
        if row is not None:
            row.ledger_text, row.seen_text, row.asset = ledger_text[:300], seen_text[:300], asset
            row.save(update_fields=["ledger_text", "seen_text", "asset"])
        elif (field, seen_text[:300]) not in rejected:
            Proposal.objects.create(
                contract=fact.contract,
                fact=fact,
                asset=asset,
                field=field,
                ledger_text=ledger_text[:300],
                seen_text=seen_text[:300],
                opened_at=caller.now,
            )
            opened += 1
    for row in standing.values():
        row.state, row.decided_at = State.SETTLED, caller.now
        row.save(update_fields=["state", "decided_at"])
    return opened


@action("assets.discovery.decide")
def accept(
    caller: Caller, contract: Any, proposals: Sequence[Proposal], category: Category | None = None
) -> dict[str, int]:
    """Write what was seen into the ledger; a device not on it becomes an asset of `category`.

    One that the ledger refuses stays open and is counted. Raises ValidationError for new devices without a category.
    """
    rows = list(_open(contract, proposals))
    if category is None and any(row.asset_id is None for row in rows):
        raise ValidationError(_("Choose a category for the devices that are not on the ledger yet."))
    done = refused = 0
    fields = {each.name: each for each in ASSETS.bound_fields(contract)}
    for row in rows:
        try:
            with transaction.atomic():
                _write(caller, contract, row, fields, category)
        except (RecordRefused, Wrong):
            refused += 1
        else:
            _decided(caller, row, State.ACCEPTED)
            done += 1
    caller.note(accepted=done, refused=refused)
    return {"accepted": done, "refused": refused}


def _write(caller: Caller, contract: Any, row: Proposal, fields: Mapping[str, Any], category: Category | None) -> None:
    reason = _("Seen by %(source)s") % {"source": row.fact.source}
    if row.asset is not None:
        value = fields[row.field].parse(row.seen_text)
        ledger_actions.change(caller, ASSETS, row.asset, {row.field: value}, reason)
        return
    values: dict[str, Any] = {"name": row.seen_text, "category": category}
    for name, text in row.fact.values.items():
        try:
            values[name] = fields[name].parse(text)
        except Wrong:  # what the ledger can't hold yet (a model nobody entered) comes back as a proposal
            continue
    asset = ledger_actions.create(caller, ASSETS, contract, values, reason)
    row.asset = row.fact.asset = asset
    row.fact.save(update_fields=["asset"])


@action("assets.discovery.decide")
def reject(caller: Caller, contract: Any, proposals: Sequence[Proposal]) -> int:
    """Leave the ledger as it is; the same is not proposed again while the source says the same."""
    rows = list(_open(contract, proposals))
    for row in rows:
        _decided(caller, row, State.REJECTED)
    caller.note(rejected=len(rows))
    return len(rows)


def _open(contract: Any, proposals: Sequence[Proposal]) -> Any:
    keys = [row.pk for row in proposals]
    found = Proposal.objects.select_for_update(of=("self",)).filter(contract=contract, pk__in=keys, state=State.OPEN)
    return found.select_related("fact", "asset", "asset__contract").order_by("pk")


def _decided(caller: Caller, row: Proposal, state: str) -> None:
    row.state, row.decided_at, row.decided_by = state, caller.now, caller.user
    row.save(update_fields=["state", "decided_at", "decided_by", "asset"])
