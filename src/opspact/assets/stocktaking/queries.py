"""How a stocktaking stands: by state, by room, by person; and its items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking.deciding import usual
from opspact.assets.stocktaking.leading import LEADERS
from opspact.assets.stocktaking.places import Place, Places
from opspact.identity.models import User

Item = StocktakingItem.State
EXPECTED = (Item.OPEN, Item.FOUND, Item.MOVED, Item.MISSING)
_PLACES = ("site", "room", "rack")
RELATED = ("asset", "found_by", *(f"{when}_{place}" for when in ("expected", "found") for place in _PLACES))


@dataclass(frozen=True)
class Standing:
    """How many items have each state; `doubtful` of the moved ones wait for somebody to confirm the place.

    For `undecided` of the missing and unknown ones nobody chose yet what follows.
    """

    open: int = 0
    found: int = 0
    moved: int = 0
    missing: int = 0
    extra: int = 0
    unknown: int = 0
    doubtful: int = 0
    undecided: int = 0

    @property
    def differences(self) -> int:
        return self.moved + self.missing + self.extra + self.unknown

    @property
    def all(self) -> int:
        return self.expected + self.extra + self.unknown

    @property
    def expected(self) -> int:
        return self.open + self.found + self.moved + self.missing

    @property
    def done(self) -> int:
        """Expected items that somebody has said something about."""
        return self.expected - self.open

    @property
    def percent(self) -> int:
        """Cut off, so that 100 means that nothing is open."""
        return 100 * self.done // self.expected if self.expected else 0


@dataclass(frozen=True)
class RoomStanding:
    """The same for the assets that the ledger expected in one room."""

    words: str
    place: Place
    expected: int
    open: int
    moved: int
    missing: int

    @property
    def done(self) -> int:
        return self.expected - self.open

    @property
    def percent(self) -> int:
        return 100 * self.done // self.expected if self.expected else 0


def standing(stocktaking: Stocktaking) -> Standing:
    """One query."""
    states = {str(state): Count("pk", filter=Q(state=state)) for state in Item}
    doubtful = Count("pk", filter=Q(state=Item.MOVED, confirmed_by=None))
    undecided = Count("pk", filter=Q(state__in=(Item.MISSING, Item.UNKNOWN), resolution=""))
    return Standing(**stocktaking.items.order_by().aggregate(**states, doubtful=doubtful, undecided=undecided))


def by_room(stocktaking: Stocktaking, places: Places) -> list[RoomStanding]:
    """The rooms with expected assets, the site for those that stand in no room; those with most open first."""
    wanted = (Item.OPEN, Item.MOVED, Item.MISSING)
    counts = {f"n_{state}": Count("pk", filter=Q(state=state)) for state in wanted}
    rows = stocktaking.items.filter(state__in=EXPECTED).order_by().values("expected_site", "expected_room")
    found = []
    for row in rows.annotate(n=Count("pk"), **counts):
        place = Place(row["expected_site"], row["expected_room"])
        found.append(RoomStanding(places.words(place), place, row["n"], *(row[f"n_{state}"] for state in wanted)))
    return sorted(found, key=lambda row: (-row.open, row.words))


def by_person(stocktaking: Stocktaking) -> list[tuple[str, int]]:
    """Who found how many, unexpected things included; the busiest first."""
    found = stocktaking.items.exclude(state__in=(Item.OPEN, Item.MISSING)).exclude(found_by=None).order_by()
    rows = found.values("found_by__name", "found_by__username").annotate(n=Count("pk"))
    named = [(row["found_by__name"] or row["found_by__username"], row["n"]) for row in rows]
    return sorted(named, key=lambda row: (-row[1], row[0]))


def by_consequence(stocktaking: Stocktaking) -> list[tuple[str, str, int]]:
    """What follows from the differences: the result, the consequence, and for how many items; the usual is said too."""
    rows = stocktaking.items.exclude(state__in=(Item.OPEN, Item.FOUND)).order_by("state", "resolution")
    places = [f"{side}_{kind}_id" for side in ("expected", "found") for kind in ("site", "room", "rack")]
    found: dict[tuple[str, str], int] = {}
    for *alike, n in rows.values_list("state", "resolution", *places).annotate(n=Count("pk")):
        item = StocktakingItem(**dict(zip(("state", "resolution", *places), alike, strict=True)))
        follows = item.resolution or usual(item)
        words = str(StocktakingItem.Resolution(follows).label) if follows else ""
        key = (str(Item(item.state).label), words)
        found[key] = found.get(key, 0) + n
    return [(state, follows, n) for (state, follows), n in found.items()]


def leaders(contract: Any) -> list[User]:
    """Who can start the counting."""
    found = User.objects.filter(grants__contract_code=contract.code, grants__role__in=LEADERS, is_active=True)
    return list(found.distinct().order_by("name", "username"))


def labels(stocktaking: Stocktaking) -> Iterator[tuple[Any, ...]]:
    """Code, serial number, name and key of each expected asset, and the keys of its site, room and rack. One query."""
    asked = ("asset__code", "asset__serial_no", "asset__name", "asset_id")
    where = ("expected_site_id", "expected_room_id", "expected_rack_id")
    return stocktaking.items.filter(state__in=EXPECTED).order_by("pk").values_list(*asked, *where).iterator()


def items(stocktaking: Stocktaking, *states: str) -> QuerySet[Any]:
    """The items with what their rows show, in the order people walk: by site, room, rack, code."""
    return _walked(stocktaking, states).select_related(*RELATED)


def lean(stocktaking: Stocktaking, *states: str) -> QuerySet[Any]:
    """The same for long papers: places by their keys, and of assets and people what identifies them."""
    own = [field.attname for field in StocktakingItem._meta.concrete_fields]
    of_asset = ("asset__code", "asset__name", "asset__serial_no", "asset__u_pos")
    told = ("found_by__name", "found_by__username")
    return _walked(stocktaking, states).select_related("asset", "found_by").only(*own, *of_asset, *told)


def _walked(stocktaking: Stocktaking, states: Sequence[str]) -> QuerySet[Any]:
    found = stocktaking.items.filter(state__in=states) if states else stocktaking.items.all()
    return found.order_by("expected_site__code", "expected_room__code", "expected_rack__code", "asset__code", "pk")
