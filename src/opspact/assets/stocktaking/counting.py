"""Taking scans. A scan that a device sends twice counts once; whoever comes second is told, never refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from opspact.assets.ledgers import common
from opspact.assets.models import Asset, Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.stocktaking.keeping import keep
from opspact.assets.stocktaking.leading import Item, State, locked
from opspact.assets.stocktaking.places import Place
from opspact.assets.stocktaking.recognising import LONGEST, Label, find, read
from opspact.identity.roles import Role
from opspact.kit.actions import Caller, action
from opspact.kit.permissions import declare

COUNT = "assets.stocktaking.count"
MOST = 500
declare(COUNT, gettext_lazy("Count in stocktakings"), common.EDITORS | {Role.SERVICE_DESK})


@dataclass(frozen=True)
class Scanned:
    """One scan as a device sends it. `key` is the device's own; `at` its clock, aware."""

    key: UUID
    text: str
    place: Place
    at: datetime
    by_hand: bool = False


@dataclass(frozen=True)
class Confirmed:
    """That the asset of a scan stands where it was scanned, or else where the ledger says; `at` as with Scanned."""

    key: UUID
    is_here: bool
    at: datetime


@action(COUNT)
def receive(caller: Caller, stocktaking: Stocktaking, scans: Sequence[Scanned]) -> list[StocktakingScan]:
    """Keep the scans and what they find; one answer each, in their order. Raises ValidationError unless it runs."""
    if len(scans) > MOST:
        raise ValidationError(_("At most %(n)s scans at a time.") % {"n": MOST})
    found = locked(stocktaking, State.RUNNING)
    sent = found.scans.filter(key__in=[scan.key for scan in scans]).select_related("item__asset", "item__found_by")
    kept = {scan.key: scan for scan in sent}
    new = [scan for scan in {scan.key: scan for scan in scans}.values() if scan.key not in kept]
    texts = {scan.key: read(scan.text) for scan in new}
    taking = _Taking(caller, found, find(found.contract, texts.values()))
    for scan in new:
        kept[scan.key] = taking.take(scan, texts[scan.key])
    taking.write()
    caller.note(scans=len(new), repeated=sum(kept[scan.key].is_repeat for scan in new))
    return [kept[scan.key] for scan in scans]


@action(COUNT)
def confirm(caller: Caller, stocktaking: Stocktaking, said: Sequence[Confirmed]) -> list[tuple[StocktakingScan, bool]]:
    """Settle the places of scans, in this order; each scan, and whether it was settled so.

    It was not where somebody settled it later than this was said, or took the finding back (missing, look again): what
    a device kept to itself while it had no network does not undo what others did meanwhile. Scans that nobody knows are
    left out.
    """
    if len(said) > MOST:
        raise ValidationError(_("At most %(n)s scans at a time.") % {"n": MOST})
    found = locked(stocktaking, State.RUNNING)
    kept = found.scans.select_related("item__asset", "item__found_by", "item__confirmed_by").exclude(item=None)
    scans = {scan.key: scan for scan in kept.filter(key__in=[each.key for each in said])}
    items = {scan.item_id: scan.item for scan in scans.values()}
    done = []
    for each in (each for each in said if each.key in scans):
        scan = scans[each.key]
        scan.item = item = items[scan.item_id]
        at = _within(found, each.at, caller.now)
        is_found = item.state not in (Item.OPEN, Item.MISSING)
        is_due = is_found and (item.confirmed_at is None or item.confirmed_at <= at)
        if is_due:
            settle(caller, item, Place.of(scan) if each.is_here else Place.of(item, "expected_"), at=at)
            item.save()
        done.append((scan, is_due))
    caller.note(scans=len(said), settled=sum(is_due for _scan, is_due in done))
    return done


@action(COUNT)
def confirm_all(caller: Caller, stocktaking: Stocktaking, items: Sequence[StocktakingItem], *, is_here: bool) -> int:
    """The same of many assets that were found elsewhere; how many that were."""
    found = locked(stocktaking, State.RUNNING)
    due = list(found.items.filter(pk__in=[item.pk for item in items], state=Item.MOVED, confirmed_by=None))
    for item in due:
        settle(caller, item, Place.of(item, "found_" if is_here else "expected_"))
    keep(due)
    caller.note(items=len(due), is_here=is_here)
    return len(due)


def settle(caller: Caller, item: StocktakingItem, place: Place, *, at: datetime | None = None) -> None:
    """An asset was found at this place, and a person stands for it; `at` where they said so earlier. Not yet saved."""
    place.put(item, "found_")
    if item.state not in (Item.EXTRA, Item.UNKNOWN):
        item.state = Item.FOUND if place.agrees_with(Place.of(item, "expected_")) else Item.MOVED
    item.confirmed_by, item.confirmed_at = caller.user, at or caller.now
    item.resolution = ""


class _Taking:
    """One delivery of scans, in the lock of its stocktaking."""

    def __init__(self, caller: Caller, stocktaking: Stocktaking, assets: Mapping[Label, Asset]) -> None:
        self.caller, self.stocktaking, self.assets = caller, stocktaking, assets
        items = stocktaking.items.select_related("asset", "found_by")
        by_asset = items.filter(asset__in={asset.pk for asset in assets.values()})
        self.by_asset = {item.asset_id: item for item in by_asset}
        self.unknown = {item.text.lower(): item for item in items.filter(state=Item.UNKNOWN)}
        self.touched: list[StocktakingItem] = []
        self.scans: list[StocktakingScan] = []

    def take(self, scanned: Scanned, label: Label) -> StocktakingScan:
        """One scan and what it says of its item; `write` keeps it."""
        asset = self.assets.get(label)
        if asset is not None and asset.deleted_at is None:
            item, is_repeat = self._known(asset, scanned)
        elif label.text:
            item, is_repeat = self._unknown(scanned, label, asset)
        else:
            item, is_repeat = None, False
        scan = StocktakingScan(
            stocktaking=self.stocktaking,
            item=item,
            key=scanned.key,
            text=scanned.text.replace("\0", "")[:LONGEST],
            by_hand=scanned.by_hand,
            scanned_at=self._when(scanned),
            received_at=self.caller.now,
            by=self.caller.user,
            is_repeat=is_repeat,
        )
        scanned.place.put(scan)
        self.scans.append(scan)
        return scan

    def write(self) -> None:
        """Items before their scans, each kind in one go."""
        new = [item for item in self.touched if item.pk is None]
        keep([item for item in self.touched if item.pk is not None])
        StocktakingItem.objects.bulk_create(new)
        StocktakingScan.objects.bulk_create(self.scans)

    def _known(self, asset: Asset, scanned: Scanned) -> tuple[StocktakingItem, bool]:
        item = self.by_asset.get(asset.pk)
        if item is None:
            item = StocktakingItem(stocktaking=self.stocktaking, asset=asset, state=Item.EXTRA, text=asset.code)
            Place.of(asset).put(item, "expected_")
            self.by_asset[asset.pk] = item
        elif item.state not in (Item.OPEN, Item.MISSING):
            return item, True
        else:
            is_there = scanned.place.agrees_with(Place.of(item, "expected_"))
            item.state = Item.FOUND if is_there else Item.MOVED
            item.remark = ""
        self._found(item, scanned)
        return item, False

    def _unknown(self, scanned: Scanned, label: Label, deleted: Asset | None) -> tuple[StocktakingItem, bool]:
        text = label.text
        if not label.is_of(self.stocktaking.contract):
            text = f"{label.contract}:{text}"
        if item := self.unknown.get(text.lower()):
            return item, True
        item = StocktakingItem(stocktaking=self.stocktaking, state=Item.UNKNOWN, text=text[:LONGEST])
        if deleted is not None:
            with override(settings.LANGUAGE_CODE):
                item.remark = _("Was taken off the ledger: %(asset)s") % {"asset": str(deleted)[:200]}
        self.unknown[text.lower()] = item
        self._found(item, scanned)
        return item, False

    def _found(self, item: StocktakingItem, scanned: Scanned) -> None:
        scanned.place.put(item, "found_")
        item.found_at, item.found_by = self._when(scanned), self.caller.user
        item.confirmed_by, item.confirmed_at, item.resolution = None, None, ""
        self.touched.append(item)

    def _when(self, scanned: Scanned) -> datetime:
        return _within(self.stocktaking, scanned.at, self.caller.now)


def _within(stocktaking: Stocktaking, at: datetime, now: datetime) -> datetime:
    """A device's clock, as far as it can be true: not before the counting began, not later than now."""
    return min(max(at, stocktaking.started_at or now), now)
