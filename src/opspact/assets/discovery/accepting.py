"""Accepted proposals into the ledger: many at once, each refused one told why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Fact, Proposal
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller
from opspact.kit.ledgers import writing
from opspact.kit.ledgers.writing import Pending, RecordRefused

CLASH = N_("somebody else wrote the same value at the same time; accept it again")


@dataclass
class _Due:
    """An asset as it would be written, and the proposals that ask for it."""

    pending: Pending
    rows: list[Proposal] = field(default_factory=list)


def write(caller: Caller, contract: Any, rows: Sequence[Proposal], category: Category | None) -> list[Proposal]:
    """Those that were written. The others carry their `refusal`. Needs a transaction."""
    reader = _Reader(contract, category)
    by_source: dict[str, list[_Due]] = {}
    for due in reader.due(rows):
        by_source.setdefault(due.rows[0].fact.source, []).append(due)
    taken: list[Proposal] = []
    for source, group in by_source.items():
        reason = _("Seen by %(source)s") % {"source": source}
        for due in _written(caller, contract, group, reason):
            taken += due.rows
            for row in due.rows:
                row.refusal, row.asset = [], due.pending.record
    new = [row.fact for row in taken if row.field == ""]
    for fact, row in zip(new, (row for row in taken if row.field == ""), strict=True):
        fact.asset = row.asset
    Fact.objects.bulk_update(new, ["asset"], batch_size=1000)
    return taken


def _written(caller: Caller, contract: Any, group: list[_Due], reason: str) -> list[_Due]:
    """What could be written; whatever is refused is taken out, and the rest tried again."""
    while group:
        try:
            with transaction.atomic():
                writing.write(caller, ASSETS, contract, [due.pending for due in group], reason)
        except RecordRefused as refused:
            wrong = {id(refused.records[at]): found[0][1] for at, found in refused.problems.items() if found}
        except IntegrityError:
            wrong = {id(due.pending.record): Wrong(CLASH) for due in group}
        else:
            return group
        for due in group:
            if (why := wrong.get(id(due.pending.record))) is not None:
                _refuse(due.rows, why)
        group = [due for due in group if id(due.pending.record) not in wrong]
    return []


def _refuse(rows: Sequence[Proposal], why: Wrong) -> None:
    for row in rows:
        row.refusal = [why.msgid, why.params]


class _Reader:
    """Reads what was seen by the ledger's own fields."""

    def __init__(self, contract: Any, category: Category | None) -> None:
        self.contract, self.category = contract, category
        self.fields = ASSETS.bound_fields(contract)
        self.by_name = {each.name: each for each in self.fields}

    def due(self, rows: Sequence[Proposal]) -> list[_Due]:
        known = [row for row in rows if row.asset_id is not None]
        locked = ASSETS.records(self.contract).select_for_update(of=("self",), no_key=True)  # facts may point at them
        assets = {asset.pk: asset for asset in locked.filter(pk__in={row.asset_id for row in known}).order_by("pk")}
        wanted: dict[int, tuple[dict[str, Any], list[Proposal]]] = {}
        for row in known:
            if row.asset_id not in assets:
                _refuse([row], Wrong(N_("this record was taken off the ledger meanwhile")))
                continue
            try:
                value = self.by_name[row.field].parse(row.seen_text)
            except Wrong as wrong:
                _refuse([row], wrong)
                continue
            values, its = wanted.setdefault(row.asset_id, ({}, []))
            values[row.field] = value
            its.append(row)
        found = [_Due(writing.assign(self.fields, assets[pk], values), its) for pk, (values, its) in wanted.items()]
        return found + [self._new(row) for row in rows if row.asset_id is None]

    def _new(self, row: Proposal) -> _Due:
        values: dict[str, Any] = {"name": row.seen_text, "category": self.category}
        for name, text in row.fact.values.items():
            try:
                values[name] = self.by_name[name].parse(text)
            except Wrong:  # what the ledger can't hold yet (a model nobody entered) comes back as a proposal
                continue
        return _Due(writing.assign(self.fields, Asset(contract=self.contract), values), [row])


def told(refusal: Sequence[Any]) -> str:
    """Why the ledger did not take it, in the reader's language; "" when nothing was refused."""
    if not refusal:
        return ""
    msgid, params = refusal
    given: Mapping[str, Any] = params
    return _(msgid) % given
