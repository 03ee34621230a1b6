"""What the report of a stocktaking says, in one reading; Word and Excel show the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from opspact.assets.models import Stocktaking, StocktakingItem
from opspact.assets.stocktaking import queries
from opspact.assets.stocktaking.deciding import usual
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.scope import ScopeKind
from opspact.kit.shown import formats

Item = StocktakingItem.State


@dataclass(frozen=True)
class Part:
    """One list of the report: its title, its columns and its rows of texts."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str


@dataclass(frozen=True)
class Facts:
    title: str
    is_draft: bool
    is_simulated: bool
    head: Sequence[tuple[str, str]]
    summary: Part
    parts: Sequence[Part]
    signatures: Sequence[str]


def facts(stocktaking: Stocktaking) -> Facts:
    """As it stands now; a draft until it is submitted."""
    contract = stocktaking.contract
    places, standing = Places(contract), queries.standing(stocktaking)
    people = "、".join(f"{name} {n}" for name, n in queries.by_person(stocktaking))
    head = (
        (_("Contract"), contract.name),
        (_("Code"), stocktaking.code),
        (_("Scope"), ScopeKind().bound(contract).text(stocktaking.scope)),
        (_("Counting began"), formats.exact(stocktaking.started_at)),
        (_("Counting ended"), formats.exact(stocktaking.counted_at)),
        (_("Counted by"), people or formats.NOTHING),
        (_("State"), str(stocktaking.get_state_display())),
    )
    if stocktaking.report_digest:
        submitted = formats.exact(stocktaking.submitted_at)
        head = (*head, (_("Submitted"), submitted), (_("Check value of the report"), stocktaking.report_digest))
    states = Stocktaking.State
    return Facts(
        title=_("Stocktaking report: %(name)s") % {"name": stocktaking.name},
        is_draft=stocktaking.state not in (states.SUBMITTED, states.APPROVED, states.ADJUSTING, states.ADJUSTED),
        is_simulated=contract.simulated,
        head=head,
        summary=_summary(stocktaking, standing, places),
        parts=_parts(stocktaking, places),
        signatures=(
            _("Counted by (signature): ____________    Date: ____________"),
            _("Service manager (signature): ____________    Date: ____________"),
            _("Client's asset manager (signature): ____________    Date: ____________"),
        ),
    )


def _summary(stocktaking: Stocktaking, standing: queries.Standing, places: Places) -> Part:
    columns = (_("Place"), _("Expected"), _("Found in place"), _("Found elsewhere"), _("Missing"), _("Not found yet"))
    rows = [
        (row.words, row.expected, row.done - row.moved - row.missing, row.moved, row.missing, row.open)
        for row in sorted(queries.by_room(stocktaking, places), key=lambda row: row.words)
    ]
    total = (_("Total"), standing.expected, standing.found, standing.moved, standing.missing, standing.open)
    return Part(_("Summary"), columns, [tuple(map(str, row)) for row in (*rows, total)], "")


def _parts(stocktaking: Stocktaking, places: Places) -> list[Part]:
    asset, found = ("code", "name", "serial"), ("found", "by", "at")
    wanted: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
        (Item.MISSING, _("Missing"), (*asset, "ledger", "remark", "follows")),
        (Item.MOVED, _("Found elsewhere"), (*asset, "ledger", *found, "remark", "follows")),
        (Item.UNKNOWN, _("Found, not on the ledger"), ("scanned", *found, "remark", "follows")),
        (Item.EXTRA, _("Found, not expected here"), (*asset, "ledger", *found, "remark", "follows")),
        (Item.OPEN, _("Not found yet"), (*asset, "ledger")),
    )
    titles, made = _titles(), _Rows(places)
    parts: list[Part] = []
    more = ("outcome",) if stocktaking.state == Stocktaking.State.ADJUSTED else ()
    for state, title, columns in wanted:
        names = (*columns, *more)
        rows = [made.row(item, names) for item in queries.lean(stocktaking, state)]
        if rows or state != Item.OPEN:
            parts.append(Part(f"{title} ({len(rows)})", [titles[name] for name in names], rows, _("None.")))
    return parts


def every_row(stocktaking: Stocktaking) -> Part:
    """All items, for the last sheet of the workbook."""
    made, titles = _Rows(Places(stocktaking.contract)), _titles()
    rows = [made.row(item, list(titles)) for item in queries.lean(stocktaking)]
    return Part(_("All items"), list(titles.values()), rows, "")


def follows(item: StocktakingItem) -> str:
    """What was chosen, or the usual where nobody needs to choose."""
    if item.resolution:
        return str(item.get_resolution_display())
    if follows := usual(item):
        return str(StocktakingItem.Resolution(follows).label)
    return "" if item.state in (Item.FOUND, Item.OPEN) else _("To be chosen")


def _titles() -> dict[str, str]:
    return {
        "code": _("Asset code"),
        "name": _("Name"),
        "serial": _("Serial number"),
        "scanned": _("As scanned"),
        "result": _("Result"),
        "ledger": _("Place on the ledger"),
        "found": _("Found in"),
        "by": _("Found by"),
        "at": _("Time found"),
        "remark": _("Remark"),
        "follows": _("What follows"),
        "outcome": _("Outcome"),
    }


class _Rows:
    """Rows of texts; what is the same for many of them is looked up once."""

    def __init__(self, places: Places) -> None:
        self.places: Callable[[Place], str] = cache(places.words)
        self.results = {state.value: str(state.label) for state in Item}
        self.outcomes = {"": "", **{each.value: str(each.label) for each in StocktakingItem.Outcome}}
        self.follows: dict[tuple[str, str], str] = {}

    def row(self, item: StocktakingItem, names: Sequence[str]) -> tuple[str, ...]:
        asset = item.asset
        is_found = item.state not in (Item.OPEN, Item.MISSING)
        case = (item.state, item.resolution)
        if case not in self.follows:
            self.follows[case] = follows(item)
        said = {
            "code": asset.code if asset else "",
            "name": asset.name if asset else "",
            "serial": asset.serial_no if asset else "",
            "scanned": item.text,
            "result": self.results[item.state],
            "ledger": self.places(Place.of(item, "expected_")),
            "found": self.places(Place.of(item, "found_")) if is_found else "",
            "by": str(item.found_by or "") if is_found else "",
            "at": formats.exact(item.found_at) if is_found and item.found_at else "",
            "remark": item.remark,
            "follows": self.follows[case],
            "outcome": self.outcomes[item.outcome],
        }
        return tuple(said[name] for name in names)
