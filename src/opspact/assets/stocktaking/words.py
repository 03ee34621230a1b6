"""What pages say of a stocktaking and of a scan, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opspact.assets.models import Stocktaking, StocktakingItem, StocktakingScan
from opspact.assets.stocktaking.places import Place, Places
from opspact.assets.stocktaking.queries import Standing
from opspact.core.words import N_

Item = StocktakingItem.State
State = Stocktaking.State
TONES = {
    Item.FOUND: "good",
    Item.MOVED: "warn",
    Item.MISSING: "bad",
    Item.EXTRA: "warn",
    Item.UNKNOWN: "bad",
    Item.OPEN: "",
}


_ANSWERS = {
    State.PLANNED: N_("The counting has not started."),
    State.RUNNING: N_("%(done)s of %(expected)s are counted, %(open)s are to be found."),
    State.COUNTED: N_(
        "The counting is over: %(missing)s missing, %(moved)s found elsewhere, %(beyond)s found beyond the list."
    ),
    State.SUBMITTED: N_("The report is with the client; until they decide, nothing of it changes."),
    State.APPROVED: N_("The client approved the report; the ledger can be adjusted to it."),
    State.ADJUSTING: N_("The ledger is being adjusted: %(n)s of %(total)s items. This page may be closed meanwhile."),
    State.ADJUSTED: N_("The ledger is adjusted."),
    State.CANCELLED: N_("The stocktaking was cancelled; the ledger stayed as it was."),
}


def answer(stocktaking: Stocktaking, standing: Standing) -> str:
    """How it stands and what is to be done next, in a sentence or two."""
    about = {
        "done": standing.done,
        "expected": standing.expected,
        "open": standing.open,
        "moved": standing.moved,
        "missing": standing.missing,
        "beyond": standing.extra + standing.unknown,
        "n": stocktaking.done,
        "total": standing.all,
    }
    said = [_(_ANSWERS[State(stocktaking.state)]) % about, *_further(stocktaking, standing)]
    return " ".join(said)


def _further(stocktaking: Stocktaking, standing: Standing) -> Iterator[str]:
    if stocktaking.state == State.RUNNING and standing.doubtful:
        n = standing.doubtful
        yield ngettext("%(n)s place is to be confirmed.", "%(n)s places are to be confirmed.", n) % {"n": n}
    if stocktaking.state == State.COUNTED and standing.undecided:
        n = standing.undecided
        text = ngettext(
            "For %(n)s item it is to be chosen what follows.", "For %(n)s items it is to be chosen what follows.", n
        )
        yield text % {"n": n}
    elif stocktaking.state == State.COUNTED:
        yield _("The report can be submitted.")
    if failure := stocktaking.adjusting.get("failure"):
        yield _("The last attempt wrote nothing: %(reason)s") % {"reason": failure}
    if stocktaking.state == State.ADJUSTED and stocktaking.adjusting:
        yield _adjusted(stocktaking.adjusting)


def _adjusted(done: Mapping[str, int]) -> str:
    text = _(
        "%(dated)s confirmed, %(moved)s moved, %(idle)s set to idle, %(proposed)s proposed to be scrapped, "
        "%(created)s new."
    )
    left = _(" %(left)s were left because the ledger was changed after the counting.") if done.get("left") else ""
    return (text + left) % done


def told(
    stocktaking: Stocktaking, scan: StocktakingScan, places: Places, *, is_overruled: bool = False
) -> dict[str, Any]:
    """One answer: `status` for programs; `title`, `state`, `text` for people; what may be done next.

    `is_overruled`: what was said of its place came after somebody else had said otherwise.

    `status` is found, moved (confirmed), mismatch (to be confirmed), repeat, extra, unknown or empty.
    """
    item = scan.item
    if item is None:
        nothing = {"status": "empty", "tone": "bad", "state": _("Nothing readable"), "text": ""}
        return {"key": str(scan.key), "title": scan.text, **nothing}
    is_doubtful = item.state == Item.MOVED and item.confirmed_by_id is None
    here = Place.of(scan)
    stands_here = Place.of(item, "found_") == here
    asks = is_doubtful or (scan.is_repeat and item.state != Item.UNKNOWN and here.is_known and not stands_here)
    status = "repeat" if scan.is_repeat else "mismatch" if is_doubtful else str(item.state)
    return {
        "key": str(scan.key),
        "status": status,
        "tone": "warn" if scan.is_repeat else TONES[Item(item.state)],
        "title": str(item),
        "state": _("Scanned before") if scan.is_repeat else str(item.get_state_display()),
        "text": " ".join((*_overruled(item, is_overruled), *_lines(scan, item, places, is_doubtful=is_doubtful))),
        "asks": asks,
        "here": places.words(here),
        "ledger": places.words(Place.of(item, "expected_")),
        "url": reverse(
            "assets:stocktaking_item",
            kwargs={"contract": stocktaking.contract.code, "pk": stocktaking.pk, "item": item.pk},
        ),
    }


def _overruled(item: StocktakingItem, is_overruled: bool) -> Iterator[str]:
    if is_overruled and item.confirmed_at:
        who = {"who": item.confirmed_by or "—", "at": timezone.localtime(item.confirmed_at).strftime("%m-%d %H:%M")}
        yield _("%(who)s confirmed another place at %(at)s, after you; that stays.") % who


def _lines(scan: StocktakingScan, item: StocktakingItem, places: Places, *, is_doubtful: bool) -> list[str]:
    where = {
        "ledger": places.words(Place.of(item, "expected_")),
        "found": places.words(Place.of(item, "found_")),
    }
    lines = []
    if scan.is_repeat and item.found_at:
        who = {"who": item.found_by or "—", "at": timezone.localtime(item.found_at).strftime("%m-%d %H:%M")}
        is_placed = Place.of(item, "found_") != Place()
        words = _("%(who)s found it at %(at)s, %(found)s.") if is_placed else _("%(who)s found it at %(at)s.")
        lines.append(words % {**who, **where})
    if is_doubtful or item.state == Item.MOVED:
        lines.append(_("The ledger says %(ledger)s, found in %(found)s.") % where)
    if item.state == Item.EXTRA:
        lines.append(_("On the ledger, but not in this stocktaking: %(ledger)s.") % where)
    if item.state == Item.UNKNOWN:
        lines.append(_("Not on the ledger; kept as a finding. Describe it and add a photo."))
    return lines or [where["found"]]
