"""What follows for what was found elsewhere, missing or beyond the list. Open until the report goes to the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from opspact.assets.models import Category, Stocktaking, StocktakingItem
from opspact.assets.stocktaking.leading import LEAD, Item, State, locked
from opspact.assets.stocktaking.places import Place
from opspact.kit.actions import Caller, action

Resolution = StocktakingItem.Resolution
CHOICES = {
    Item.MOVED: (Resolution.MOVE, Resolution.KEEP),
    Item.EXTRA: (Resolution.MOVE, Resolution.KEEP),
    Item.MISSING: (Resolution.KEEP, Resolution.IDLE, Resolution.SCRAP),
    Item.UNKNOWN: (Resolution.CREATE, Resolution.DISMISS),
}
"""What may follow. Missing and unknown things need a choice of a person; the others have a usual way, the first."""
ASKED = (Item.MISSING, Item.UNKNOWN)


def stands_as_written(item: StocktakingItem) -> bool:
    """Whether it was found where the ledger has it, as exactly as the finder said; then its rack and unit stay."""
    return Place.of(item, "found_").agrees_with(Place.of(item, "expected_"))


def usual(item: StocktakingItem) -> str:
    """What follows where nobody chose; "" where nothing does, or a person must say."""
    if item.state == Item.EXTRA and stands_as_written(item):
        return str(Resolution.KEEP)
    return "" if item.state in ASKED else str(next(iter(CHOICES.get(Item(item.state), ())), ""))


def undecided(stocktaking: Stocktaking) -> QuerySet[Any]:
    """The items for which a person has still to choose."""
    return stocktaking.items.filter(state__in=ASKED, resolution="")


@action(LEAD)
def choose(
    caller: Caller,
    stocktaking: Stocktaking,
    items: Sequence[StocktakingItem],
    *,
    resolution: str,
    category: Category | None = None,
) -> int:
    """Say what follows for items, before the report goes to the client. Raises ValidationError."""
    found = locked(stocktaking, State.RUNNING, State.COUNTED)
    chosen = Resolution(resolution)
    if chosen == Resolution.CREATE and category is None:
        raise ValidationError(_("Say which category the new asset has."))
    due = list(found.items.select_for_update(of=("self",)).filter(pk__in=[item.pk for item in items]))
    for item in due:
        if chosen not in CHOICES.get(Item(item.state), ()):
            words = {"item": item, "state": item.get_state_display(), "choice": chosen.label}
            raise ValidationError(_("“%(choice)s” can't follow for %(item)s: %(state)s.") % words)
        item.resolution, item.new_category = chosen, category if chosen == Resolution.CREATE else None
    StocktakingItem.objects.bulk_update(due, ["resolution", "new_category"], batch_size=1000)
    caller.note(items=[str(item) for item in due][:50], resolution=str(chosen))
    return len(due)
