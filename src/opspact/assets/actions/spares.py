"""Spare parts in and out: the movement and the stock in one transaction, the part's row locked, never below nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from opspact.assets import shortages
from opspact.assets.ledgers import common
from opspact.assets.ledgers.spares import SPARES
from opspact.assets.models import Asset, SpareMovement, SparePart
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers.writing import RecordRefused, remember
from opspact.kit.models import Change
from opspact.kit.permissions import declare

MOVERS = common.EDITORS
declare("assets.sparepart.receive", _("Receive spare parts"), MOVERS)
declare("assets.sparepart.use", _("Use spare parts on a repair"), MOVERS)
declare("assets.sparepart.return", _("Return spare parts to stock"), MOVERS)
declare("assets.sparepart.count", _("Correct a stock by count"), MOVERS)

Kind = SpareMovement.Kind
MOST = 1_000_000


@action("assets.sparepart.receive")
def receive(caller: Caller, part: SparePart, *, amount: int, reference: str = "") -> SpareMovement:
    """So many pieces came in. Raises RecordRefused."""
    return _move(caller, part, Kind.IN, _positive(amount), reference)


@action("assets.sparepart.use")
def use(
    caller: Caller, part: SparePart, *, amount: int, asset: Asset | None = None, reference: str = ""
) -> SpareMovement:
    """So many pieces went into a repair: name the asset, the repair's number, or both. Raises RecordRefused."""
    if asset is None and not reference.strip():
        raise RecordRefused({0: [("asset", Wrong(N_("say on which asset or for which repair")))]})
    return _move(caller, part, Kind.USED, -_positive(amount), reference, asset)


@action("assets.sparepart.return")
def give_back(
    caller: Caller, part: SparePart, *, amount: int, asset: Asset | None = None, reference: str = ""
) -> SpareMovement:
    """So many pieces that had been taken came back. Raises RecordRefused."""
    return _move(caller, part, Kind.RETURNED, _positive(amount), reference, asset)


@action("assets.sparepart.count")
def count(caller: Caller, part: SparePart, *, counted: int, reference: str) -> SpareMovement | None:
    """So many pieces were found; None when that is what the ledger says. Raises RecordRefused."""
    if not 0 <= counted <= MOST:
        raise RecordRefused({0: [("amount", Wrong(N_("a count is a number from 0 to %(most)s"), most=MOST))]})
    locked = _lock(part)
    if counted == locked.stock:
        caller.note(counted=counted)
        return None
    return _move(caller, part, Kind.CORRECTED, counted - locked.stock, reference)


def _positive(amount: int) -> int:
    if not 1 <= amount <= MOST:
        raise RecordRefused({0: [("amount", Wrong(N_("an amount is a number from 1 to %(most)s"), most=MOST))]})
    return amount


def _lock(part: SparePart) -> SparePart:
    return SPARES.records(part.contract).select_for_update(of=("self",)).get(pk=part.pk)


def _move(
    caller: Caller, part: SparePart, kind: Kind, amount: int, reference: str, asset: Asset | None = None
) -> SpareMovement:
    locked = _lock(part)
    before, after = locked.stock, locked.stock + amount
    if after < 0:
        words = N_("only %(stock)s %(unit)s are in stock; %(amount)s can't be taken")
        wrong = Wrong(words, stock=before, unit=locked.unit, amount=-amount)
        raise RecordRefused({0: [("amount", wrong)]})
    locked.stock, locked.updated_at = after, caller.now
    locked.version += 1
    locked.save(update_fields=["stock", "updated_at", "version"])
    movement = SpareMovement.objects.create(
        part=locked,
        kind=kind,
        amount=amount,
        stock_after=after,
        price=locked.price,
        asset=asset,
        reference=reference.strip()[:120],
        at=caller.now,
        by=caller.user,
    )
    texts: dict[str, Any] = {"stock": [str(before), str(after)]}
    remember(caller, locked.contract, [(locked, Change.Verb.CHANGED, texts)], movement.reference)
    caller.note(kind=kind.value, amount=amount, stock=after, asset=asset.code if asset else "", reference=reference)
    if shortages.fell(locked, before, locked.minimum):
        shortages.tell(caller, locked.contract, [locked])
    part.stock, part.version = after, locked.version
    return movement
