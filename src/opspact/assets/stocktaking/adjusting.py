"""Bringing the ledger to what the client approved: all of it in one transaction, or nothing.

The work is a job's (`assets.jobs`): asked for on the page, it begins again by itself after whatever killed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from procrastinate.contrib.django import app

from opspact.assets.actions import lifecycle
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Lifecycle, Stocktaking, StocktakingItem
from opspact.assets.stocktaking.deciding import Resolution, stands_as_written, usual
from opspact.assets.stocktaking.leading import LEADERS, Item, State, locked, turn
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.reporting import refuse_another
from opspact.core.words import N_
from opspact.identity.models import User
from opspact.kit import inbox
from opspact.kit.actions import Caller, action
from opspact.kit.ledgers import actions as ledger
from opspact.kit.ledgers.progress import Progress
from opspact.kit.permissions import declare

ADJUST = JOB = "assets.stocktaking.adjust"
MESSAGE = "assets.stocktaking"
AT_A_TIME = 2000
declare(ADJUST, gettext_lazy("Adjust the ledger to a stocktaking"), LEADERS)

Outcome = StocktakingItem.Outcome


@dataclass(frozen=True)
class Adjusted:
    """How many assets were seen and dated, moved, set idle, proposed to be scrapped, newly put on the ledger, and how
    many were left because the ledger was changed after the counting."""

    dated: int = 0
    moved: int = 0
    idle: int = 0
    proposed: int = 0
    created: int = 0
    left: int = 0


@action(ADJUST)
def ask(caller: Caller, stocktaking: Stocktaking) -> None:
    """Have the approved report written into the ledger; a job does it. Raises ValidationError."""
    found = locked(stocktaking, State.APPROVED)
    refuse_another(found)
    found.adjusting, found.done = {"by": caller.user.pk if caller.user else None}, 0
    turn(caller, found, State.ADJUSTING, "")
    app.configure_task(JOB).defer(stocktaking=found.pk)


def is_alone(stocktaking: Stocktaking) -> bool:
    """Whether nobody else is adjusting to it; they can't begin before this transaction ends.

    The row stays untouched until the end, for `Progress` writes there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('assets.stocktaking.adjust'), %s)", [stocktaking.pk])
        return bool(cursor.fetchone()[0])


@action(ADJUST)
def adjust(caller: Caller, stocktaking: Stocktaking) -> Adjusted | None:
    """Write what was approved into the ledger; None when it is done already, or another is at it.

    Raises ValidationError when it is not what was approved, and RecordRefused; then nothing was written.
    """
    if not is_alone(stocktaking):
        return None
    found = Stocktaking.objects.select_related("contract").get(pk=stocktaking.pk)
    if found.state != State.ADJUSTING:
        return None
    refuse_another(found)
    items = list(found.items.order_by("pk"))
    _lock_assets(items)
    with Progress(found) as progress:
        done = _Adjusting(caller, found, items, progress).run()
    for outcome in Outcome:
        for part in _parts(item for item in items if item.outcome == outcome):
            StocktakingItem.objects.filter(pk__in=[item.pk for item in part]).update(outcome=outcome)
    found.adjusted_at, found.adjusting, found.done = caller.now, asdict(done), len(items)
    turn(caller, found, State.ADJUSTED, "")
    _tell(caller, caller.user, found, N_("The ledger is adjusted to stocktaking %(stocktaking)s."))
    caller.note(**asdict(done))
    return done


@action(ADJUST)
def give_up(caller: Caller, stocktaking: Stocktaking, *, reason: str) -> None:
    """Nothing was written, and why; once the cause is mended the same report can be adjusted to again."""
    found = locked(stocktaking, State.ADJUSTING)
    asked = User.objects.filter(pk=found.adjusting["by"]).first()
    found.adjusting = {"failure": reason[:2000]}
    turn(caller, found, State.APPROVED, reason[:300])
    text = N_("The ledger could not be adjusted to stocktaking %(stocktaking)s; nothing was written.")
    _tell(caller, asked, found, text)


def _tell(caller: Caller, asked: User | None, stocktaking: Stocktaking, text: str) -> None:
    if asked is not None:
        url, code = stocktaking.get_absolute_url(), stocktaking.contract.code
        inbox.send(
            [asked],
            kind=MESSAGE,
            text=text,
            at=caller.now,
            contract_code=code,
            url=url,
            stocktaking=str(stocktaking),
        )


class _Adjusting:
    """The writes of one adjustment; every one through the ledger's own actions, with the stocktaking as its reason."""

    def __init__(
        self, caller: Caller, stocktaking: Stocktaking, items: Sequence[StocktakingItem], progress: Progress
    ) -> None:
        self.caller, self.contract, self.items, self.progress = caller, stocktaking.contract, items, progress
        self.day: date = localtime(stocktaking.counted_at or caller.now).date()
        with override(settings.LANGUAGE_CODE):
            self.reason = _("Stocktaking %(code)s") % {"code": stocktaking.code}
        self.places = Places(self.contract)
        self.n_done = 0

    def run(self) -> Adjusted:
        by = defaultdict(list)
        for item in self.items:
            item.outcome = _standing_against(item)
            if not item.outcome:
                by[item.resolution or usual(item)].append(item)
        stays = [item for item in by[""] if item.state == Item.FOUND]
        stays += [item for item in by[Resolution.KEEP] if item.state != Item.MISSING]
        moves = [item for item in by[Resolution.MOVE] if not stands_as_written(item)]
        stays += [item for item in by[Resolution.MOVE] if stands_as_written(item)]
        return Adjusted(
            dated=self._write(stays, {"last_audit": self.day}),
            moved=self._move(moves),
            idle=self._lead(by[Resolution.IDLE], Lifecycle.IDLE),
            proposed=self._lead(by[Resolution.SCRAP], Lifecycle.SCRAPPED),
            created=sum(self._create(item) for item in by[Resolution.CREATE]),
            left=sum(item.outcome in (Outcome.NEWER, Outcome.GONE) for item in self.items),
        )

    def _write(self, items: Iterable[StocktakingItem], values: dict[str, Any]) -> int:
        n = 0
        for part in _parts(items):
            assets = [item.asset for item in part if item.asset is not None]
            ledger.change_many(self.caller, ASSETS, self.contract, assets, values, self.reason)
            self._did(part, Outcome.DONE)
            n += len(part)
        return n

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

    def _lead(self, items: Sequence[StocktakingItem], to: Lifecycle) -> int:
        """What is led there already, or asked about already, stays as it is."""
        n = 0
        for part in _parts(items):
            assets = [item.asset for item in part if item.asset is not None]
            asked = lifecycle.open_questions(assets)
            due = [asset for asset in assets if asset.lifecycle != to and asset.pk not in asked]
            done = lifecycle.take(self.caller, self.contract, assets=due, to=to, reason=self.reason)
            self._did(part, Outcome.ASKED if to == Lifecycle.SCRAPPED else Outcome.DONE)
            n += done.changed + done.asked
        return n

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
        self._did([item], Outcome.DONE)
        return 1

    def _did(self, items: Sequence[StocktakingItem], outcome: Outcome) -> None:
        for item in items:
            item.outcome = outcome
        self.n_done += len(items)
        self.progress.at(self.n_done)


def _parts(items: Iterable[StocktakingItem]) -> Iterator[list[StocktakingItem]]:
    rest = iter(items)
    while part := list(islice(rest, AT_A_TIME)):
        yield part


def _lock_assets(items: Sequence[StocktakingItem]) -> None:
    """Give the items their assets as they stand, kept from others until the end: what is judged is what is written to.

    In the ledger's own order, so that two who write never wait for each other.
    """
    keys = sorted({item.asset_id for item in items if item.asset_id is not None})
    assets: dict[int, Asset] = {}
    for start in range(0, len(keys), AT_A_TIME):
        part = Asset.objects.select_for_update().filter(pk__in=keys[start : start + AT_A_TIME])
        assets |= {asset.pk: asset for asset in part.order_by("pk")}
    for item in items:
        if item.asset_id is not None:
            item.asset = assets[item.asset_id]


def _standing_against(item: StocktakingItem) -> str:
    """Why an item is left as it is: the ledger knows something newer than the counting."""
    asset = item.asset
    if asset is None:
        return ""
    if asset.deleted_at is not None:
        return Outcome.GONE
    if item.resolution == Resolution.KEEP:
        return ""
    if item.state == Item.MISSING:
        return Outcome.NEWER if asset.lifecycle == Lifecycle.SCRAPPED else ""
    return Outcome.NEWER if _was_moved_since(asset, item) else ""


def _was_moved_since(asset: Asset, item: StocktakingItem) -> bool:
    is_elsewhere = Place.of(asset) not in (Place.of(item, "expected_"), Place.of(item, "found_"))
    return is_elsewhere and item.found_at is not None and asset.updated_at > item.found_at
