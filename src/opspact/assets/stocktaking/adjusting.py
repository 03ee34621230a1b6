"""Bringing the ledger to what was found, once the client approved: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from opspact.assets.actions import lifecycle
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Lifecycle, Stocktaking, StocktakingItem
from opspact.assets.stocktaking.leading import LEAD, LEADERS, Item, State, locked, turn
from opspact.assets.stocktaking.places import Place, Places
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import actions as ledger
from opspact.kit.permissions import declare

ADJUST = "assets.stocktaking.adjust"
declare(ADJUST, gettext_lazy("Adjust the ledger to a stocktaking"), LEADERS)

Resolution = StocktakingItem.Resolution
CHOICES = {
    Item.MOVED: (Resolution.MOVE, Resolution.KEEP),
    Item.EXTRA: (Resolution.MOVE, Resolution.KEEP),
    Item.MISSING: (Resolution.KEEP, Resolution.IDLE, Resolution.SCRAP),
    Item.UNKNOWN: (Resolution.CREATE, Resolution.DISMISS),
}
"""What may follow. Missing and unknown things need a choice of a person; the others have a usual way, the first."""


@dataclass(frozen=True)
class Adjusted:
    """How many assets were seen and dated, moved, set idle, proposed to be scrapped, and newly put on the ledger."""

    dated: int = 0
    moved: int = 0
    idle: int = 0
    proposed: int = 0
    created: int = 0


@action(LEAD)
def choose(
    caller: Caller,
    stocktaking: Stocktaking,
    items: Sequence[StocktakingItem],
    *,
    resolution: str,
    category: Category | None = None,
) -> int:
    """Say what follows for items. Once the client approved, only where nothing was chosen: what was approved stays."""
    found = locked(stocktaking, State.RUNNING, State.COUNTED, State.APPROVED)
    chosen = Resolution(resolution)
    if chosen == Resolution.CREATE and category is None:
        raise ValidationError(_("Say which category the new asset has."))
    due = list(found.items.select_for_update(of=("self",)).filter(pk__in=[item.pk for item in items]))
    for item in due:
        if chosen not in CHOICES.get(Item(item.state), ()):
            words = {"item": item, "state": item.get_state_display(), "choice": chosen.label}
            raise ValidationError(_("“%(choice)s” can't follow for %(item)s: %(state)s.") % words)
        if found.state == State.APPROVED and item.resolution:
            raise ValidationError(_("What follows for %(item)s was approved and stays.") % {"item": item})
        item.resolution, item.new_category = chosen, category if chosen == Resolution.CREATE else None
    StocktakingItem.objects.bulk_update(due, ["resolution", "new_category"], batch_size=1000)
    caller.note(items=[str(item) for item in due][:50], resolution=str(chosen))
    return len(due)


@action(ADJUST)
def adjust(caller: Caller, stocktaking: Stocktaking) -> Adjusted:
    """Write what follows into the ledger. Raises ValidationError while a choice is missing, and RecordRefused."""
    found = locked(stocktaking, State.APPROVED)
    items = list(found.items.select_related("asset").order_by("pk"))
    asked = (Item.MISSING, Item.UNKNOWN)
    if unsaid := sum(item.state in asked and not item.resolution for item in items):
        raise ValidationError(_("For %(n)s items nobody chose yet what follows.") % {"n": unsaid})
    done = _Adjusting(caller, found, items).run()
    found.adjusted_at = caller.now
    turn(caller, found, State.ADJUSTED, "")
    caller.note(**done.__dict__)
    return done


class _Adjusting:
    """The writes of one adjustment; every one through the ledger's own actions, with the stocktaking as its reason."""

    def __init__(self, caller: Caller, stocktaking: Stocktaking, items: Sequence[StocktakingItem]) -> None:
        self.caller, self.contract, self.items = caller, stocktaking.contract, items
        self.day: date = localtime(stocktaking.counted_at or caller.now).date()
        with override(settings.LANGUAGE_CODE):
            self.reason = _("Stocktaking %(code)s") % {"code": stocktaking.code}
        self.places = Places(self.contract)

    def run(self) -> Adjusted:
        by = defaultdict(list)
        for item in self.items:
            usual = CHOICES[Item(item.state)][0] if item.state in (Item.MOVED, Item.EXTRA) else ""
            by[item.resolution or usual].append(item)
        stays = [item for item in self.items if item.state == Item.FOUND]
        stays += [item for item in by[Resolution.KEEP] if item.state != Item.MISSING]
        moves = [item for item in by[Resolution.MOVE] if Place.of(item, "found_").is_known]
        stays += [item for item in by[Resolution.MOVE] if not Place.of(item, "found_").is_known]
        return Adjusted(
            dated=self._write(stays, {"last_audit": self.day}),
            moved=self._move(moves),
            idle=self._lead(by[Resolution.IDLE], Lifecycle.IDLE).changed,
            proposed=self._lead(by[Resolution.SCRAP], Lifecycle.SCRAPPED).asked,
            created=sum(self._create(item) for item in by[Resolution.CREATE]),
        )

    def _write(self, items: Iterable[StocktakingItem], values: dict[str, Any]) -> int:
        assets = _assets(items)
        if assets:
            ledger.change_many(self.caller, ASSETS, self.contract, assets, values, self.reason)
        return len(assets)

    def _move(self, items: Sequence[StocktakingItem]) -> int:
        """By place, so that each is one write; the units of the old rack are given up."""
        by_place = defaultdict(list)
        for item in items:
            by_place[Place.of(item, "found_")].append(item)
        return sum(
            self._write(members, {**self._at(place), "u_pos": None, "last_audit": self.day})
            for place, members in by_place.items()
        )

    def _at(self, place: Place) -> dict[str, Any]:
        return {
            "site": self.places.sites.get(place.site or 0),
            "room": self.places.rooms.get(place.room or 0),
            "rack": self.places.racks.get(place.rack or 0),
        }

    def _lead(self, items: Sequence[StocktakingItem], to: Lifecycle) -> lifecycle.Done:
        assets = [asset for asset in _assets(items) if asset.lifecycle != to]
        if not assets:
            return lifecycle.Done()
        return lifecycle.take(self.caller, self.contract, assets=assets, to=to, reason=self.reason)

    def _create(self, item: StocktakingItem) -> int:
        """A draft in store: its name from the remark, what was scanned as its serial number."""
        values = {
            "name": (item.remark or item.text)[:120],
            "category": item.new_category,
            "serial_no": item.text[:100],
            "lifecycle": str(Lifecycle.IN_STORE),
            "remark": self.reason,
            "last_audit": self.day,
            **self._at(Place.of(item, "found_")),
        }
        item.asset = ledger.create(self.caller, ASSETS, self.contract, values, self.reason)
        item.save(update_fields=["asset"])
        return 1


def _assets(items: Iterable[StocktakingItem]) -> list[Asset]:
    """Those still on the ledger: what was taken off meanwhile needs no adjusting."""
    return [item.asset for item in items if item.asset is not None and item.asset.deleted_at is None]
