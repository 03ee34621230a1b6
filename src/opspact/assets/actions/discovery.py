"""Facts taken in, and what people decide on the proposals that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from opspact.assets.discovery import accepting
from opspact.assets.discovery.comparing import Matcher, differences
from opspact.assets.discovery.proposing import propose
from opspact.assets.discovery.reading import KEY
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Category, Fact, Proposal
from opspact.core.words import N_
from opspact.kit.actions import Caller, action

State = Proposal.State
AT_A_TIME = 1_000
Told = Callable[[int], None]
"""Told how many are done."""
Shown = Mapping[int, str]
"""What proposals said (`Proposal.said`) on the page of who decides, by their keys."""
NOT_SHOWN: Shown = MappingProxyType({})
NEWER = N_("something else was seen meanwhile; please look again")


def _nobody(done: int) -> None:
    """Nobody waits."""


@action("assets.discovery.take")
def take_facts(
    caller: Caller, contract: Any, source: str, facts: Sequence[Mapping[str, str]], told: Told = _nobody
) -> dict[str, int]:
    """Keep what a source saw and open, refresh or settle proposals; how many devices, known ones, proposals opened.

    Of a device that is named twice the last word counts.
    """
    by_key = {fact[KEY][:120]: fact for fact in facts}
    each_once = [by_key[key] for key in sorted(by_key)]  # two who bring in the same lock it in the same order
    fields = ASSETS.bound_fields(contract)
    opened = known = 0
    for start in range(0, len(each_once), AT_A_TIME):
        part = each_once[start : start + AT_A_TIME]
        matcher = Matcher(contract, source, part)
        kept = _keep(caller, contract, source, part, matcher)
        wanted: dict[int, Mapping[str, tuple[str, str]]] = {}
        for fact, row in zip(part, kept, strict=True):
            asset = matcher.asset(fact)
            if asset is None:
                wanted[row.pk] = {"": ("", fact.get("name") or fact[KEY])}
            else:
                known += 1
                found = differences(fields, asset, fact)
                wanted[row.pk] = {each.field: (each.ledger_text, each.seen_text) for each in found}
        opened += propose(caller, contract, kept, wanted)
        told(start + len(part))
    caller.note(source=source, devices=len(each_once), known=known, opened=opened)
    return {"devices": len(each_once), "known": known, "opened": opened}


def _keep(
    caller: Caller, contract: Any, source: str, facts: Sequence[Mapping[str, str]], matcher: Matcher
) -> list[Fact]:
    rows = [
        Fact(
            contract=contract,
            source=source[:60],
            key=fact[KEY][:120],
            asset=matcher.asset(fact),
            values={name: text for name, text in fact.items() if name != KEY},
            seen_at=caller.now,
        )
        for fact in facts
    ]
    return Fact.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["contract", "source", "key"],
        update_fields=["asset", "values", "seen_at"],
    )


@action("assets.discovery.decide")
def accept(
    caller: Caller,
    contract: Any,
    proposals: Sequence[int],
    category: Category | None = None,
    reason: str = "",
    told: Told = _nobody,
    shown: Shown = NOT_SHOWN,
) -> dict[str, int]:
    """Write what was seen into the ledger; a device not on it becomes an asset of `category`.

    `proposals` are their keys. One that the ledger refuses, or that says something else than was `shown`, stays open,
    says why, and is counted. Raises ValidationError for new devices without a category.
    """
    done = refused = newer = 0
    for rows in _open(contract, proposals):
        due = _as_shown(rows, shown)
        if category is None and any(row.asset_id is None for row in due):
            raise ValidationError(_("Choose a category for the devices that are not on the ledger yet."))
        write = action(ASSETS.permission("edit"))(accepting.write)
        taken = write(caller, contract, due, category)
        for row in taken:
            _decided(caller, row, State.ACCEPTED, reason)
        Proposal.objects.bulk_update(rows, ["state", "decided_at", "decided_by", "reason", "refusal", "asset"])
        done, refused, newer = done + len(taken), refused + len(due) - len(taken), newer + len(rows) - len(due)
        told(done + refused + newer)
    caller.note(accepted=done, refused=refused)
    return {"accepted": done, "refused": refused} | ({"newer": newer} if newer else {})


@action("assets.discovery.decide")
def reject(
    caller: Caller,
    contract: Any,
    proposals: Sequence[int],
    reason: str = "",
    told: Told = _nobody,
    shown: Shown = NOT_SHOWN,
) -> dict[str, int]:
    """Leave the ledger as it is; the same is not proposed again while the same is seen. `proposals` are their keys.

    One that says something else than was `shown` stays open, says why, and is counted.
    """
    done = newer = 0
    for rows in _open(contract, proposals):
        due = _as_shown(rows, shown)
        for row in due:
            _decided(caller, row, State.REJECTED, reason)
        Proposal.objects.bulk_update(rows, ["state", "decided_at", "decided_by", "reason", "refusal"])
        done, newer = done + len(due), newer + len(rows) - len(due)
        told(done + newer)
    caller.note(rejected=done, reason=reason)
    return {"rejected": done} | ({"newer": newer} if newer else {})


def _as_shown(rows: Sequence[Proposal], shown: Shown) -> list[Proposal]:
    """Those that still say what the person saw; the others carry their `refusal`."""
    due = []
    for row in rows:
        if row.pk in shown and shown[row.pk] != row.said:
            row.refusal = [NEWER, {}]
        else:
            due.append(row)
    return due


def _open(contract: Any, keys: Sequence[int]) -> Iterator[list[Proposal]]:
    """Those still open, some at a time, each locked after its fact, and facts by their key, as `take_facts` does."""
    by_key = Collate("fact__key", "C")
    found = Proposal.objects.filter(contract=contract, pk__in=keys, state=State.OPEN)
    in_order = list(found.order_by(by_key, "fact_id", "pk").values_list("pk", "fact_id"))
    for start in range(0, len(in_order), AT_A_TIME):
        part = in_order[start : start + AT_A_TIME]
        facts = Fact.objects.select_for_update().filter(pk__in={fact for _pk, fact in part})
        by_pk = {fact.pk: fact for fact in facts.order_by(Collate("key", "C"), "pk")}
        rows = list(found.select_for_update().filter(pk__in=[pk for pk, _fact in part]).order_by("pk"))
        for row in rows:
            row.fact = by_pk[row.fact_id]
        yield rows


def _decided(caller: Caller, row: Proposal, state: str, reason: str) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = state, caller.now, caller.user, reason[:300]
