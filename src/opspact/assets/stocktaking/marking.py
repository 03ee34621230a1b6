"""What people say of items without a scan: found, missing, open again, a remark; one or many at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.assets.models import Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.stocktaking.counting import COUNT, MOST, Scanned, receive, settle
from opspact.assets.stocktaking.keeping import keep
from opspact.assets.stocktaking.leading import BATCH, Item, State, locked
from opspact.assets.stocktaking.places import Place
from opspact.kit.actions import Caller, action


@dataclass(frozen=True)
class Said:
    """What one row of a list says of an item. `place` None: where the ledger has it."""

    item: StocktakingItem
    to: Item
    place: Place | None = None
    remark: str = ""


@dataclass(frozen=True)
class Beyond:
    """A thing that was found beyond the list: its code, serial number or whatever stands on it."""

    text: str
    place: Place
    remark: str = ""


@action(COUNT)
def mark(
    caller: Caller,
    stocktaking: Stocktaking,
    items: Sequence[StocktakingItem],
    *,
    to: str,
    reason: str,
    place: Place | None = None,
) -> int:
    """Say the same of many expected items: found, missing or open. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError(_("Say why, such as “counted on paper by Li, 12 May”."))
    return _mark(caller, stocktaking, [Said(item, Item(to), place, reason.strip()) for item in items])


@action(COUNT)
def mark_each(caller: Caller, stocktaking: Stocktaking, said: Sequence[Said], beyond: Sequence[Beyond] = ()) -> int:
    """What a filled list says, all of it or nothing; how many items. Bringing it back twice changes nothing more."""
    n = _mark(caller, stocktaking, said)
    for start in range(0, len(beyond), MOST):
        part = beyond[start : start + MOST]
        scans = [
            Scanned(
                uuid5(NAMESPACE_OID, f"{stocktaking.pk}:{each.text.lower()}"), each.text, each.place, caller.now, True
            )
            for each in part
        ]
        for scan, each in zip(receive(caller, stocktaking, scans), part, strict=True):
            if scan.item is not None and each.remark:
                scan.item.remark = each.remark[:300]
                scan.item.save(update_fields=["remark"])
    return n + len(beyond)


@action(COUNT)
def remark(caller: Caller, stocktaking: Stocktaking, item: StocktakingItem, *, text: str) -> None:
    """Describe an item, such as a thing that is on no ledger."""
    locked(stocktaking, State.RUNNING, State.COUNTED)
    item.remark = text.replace("\0", "").strip()[:300]
    item.save(update_fields=["remark"])
    caller.note(item=str(item), remark=item.remark)


def _mark(caller: Caller, stocktaking: Stocktaking, said: Sequence[Said]) -> int:
    found = locked(stocktaking, State.RUNNING)
    due = {each.item.pk: each for each in said}
    items = [item for part in _parts(list(due)) for item in found.items.filter(pk__in=part).select_related("asset")]
    if wrong := next((item for item in items if item.state in (Item.EXTRA, Item.UNKNOWN)), None):
        raise ValidationError(_("“%(item)s” was not expected; it can't be marked like this.") % {"item": wrong})
    scans = [scan for item in items if (scan := _mark_one(caller, found, item, due[item.pk]))]
    keep(items)
    StocktakingScan.objects.bulk_create(scans, batch_size=BATCH)
    caller.note(items=[str(item) for item in items][:50], to=sorted({str(each.to) for each in said}))
    return len(items)


def _parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _mark_one(caller: Caller, stocktaking: Stocktaking, item: StocktakingItem, said: Said) -> StocktakingScan | None:
    """Set what is said of an item, and the scan that shows who said that it was found; neither is saved yet."""
    item.remark = said.remark[:300]
    item.resolution = ""
    if said.to == Item.FOUND:
        place = said.place if said.place is not None else Place.of(item, "expected_")
        item.found_at, item.found_by = caller.now, caller.user
        settle(caller, item, place)
        return _evidence(caller, stocktaking, item, place)
    Place().put(item, "found_")
    item.state, item.confirmed_by, item.confirmed_at = said.to, None, None
    is_open = said.to == Item.OPEN
    item.found_at, item.found_by = (None, None) if is_open else (caller.now, caller.user)
    return None


def _evidence(caller: Caller, stocktaking: Stocktaking, item: StocktakingItem, place: Place) -> StocktakingScan:
    """A finding by hand is kept beside the scans, so that each found item has the row that says who and when."""
    scan = StocktakingScan(
        stocktaking=stocktaking,
        item=item,
        key=uuid4(),
        text=item.asset.code if item.asset else item.text,
        by_hand=True,
        scanned_at=caller.now,
        received_at=caller.now,
        by=caller.user,
    )
    place.put(scan)
    return scan
