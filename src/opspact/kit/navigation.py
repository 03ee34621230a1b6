"""The left navigation: ten doors in the order of the day, and the entries that rooms put behind them.

    entry("monitoring", "targets", _("Targets"), "monitoring:targets", "monitoring.target.view", order=20)

A door without an entry that this person may open is not shown. There are no more than these two levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import CLIENT_ROLES
from opspact.kit.permissions import may, roles_of


@dataclass(frozen=True)
class Entry:
    """A page behind a door. `url_name` takes the contract's code only, or nothing for the installation.

    `covers` is where pages of it lie that don't begin with its own address: `target/` for the list `targets/`.
    """

    door: str
    name: str
    label: str | Promise
    url_name: str
    permission: str
    order: int
    covers: str = ""


@dataclass
class Door:
    name: str
    label: str | Promise
    icon: str
    entries: list[Entry] = field(default_factory=list)
    headings: dict[int, str | Promise] = field(default_factory=dict)
    """Words above the entries from an order on."""

    def heading_of(self, entry: Entry) -> str | Promise:
        """The word above the entry; "" where the door has none."""
        begun = [order for order in self.headings if order <= entry.order]
        return self.headings[max(begun)] if begun else ""


@dataclass(frozen=True)
class ShownEntry:
    """`heading` stands above the first entry of its kind."""

    label: str | Promise
    url: str
    is_current: bool
    heading: str | Promise = ""


@dataclass(frozen=True)
class ShownDoor:
    """A door as this person sees it; `url` opens its first entry. Only the current door is open: it has entries."""

    name: str
    label: str | Promise
    icon: str
    url: str
    entries: tuple[ShownEntry, ...] = ()

    @property
    def is_current(self) -> bool:
        return bool(self.entries)


DOORS: dict[str, Door] = {
    door.name: door
    for door in (
        Door("overview", _("Overview"), "layout-dashboard"),
        Door("monitoring", _("Monitoring"), "heartbeat"),
        Door("servicedesk", _("Service desk"), "headset"),
        Door("inspections", _("Inspections"), "clipboard-check"),
        Door("ledgers", _("Ledgers"), "notebook"),
        Door("duty", _("Duty"), "calendar-time"),
        Door("fulfilment", _("Fulfilment"), "scale"),
        Door("reports", _("Reports"), "report-analytics"),
        Door("documents", _("Documents"), "folder"),
        Door("system", _("System"), "settings"),
    )
}


def entry(
    door: str,
    name: str,
    label: str | Promise,
    url_name: str,
    permission: str,
    order: int = 50,
    covers: str = "",
) -> None:
    """Put a page behind a door. Raises KeyError for a door that does not exist."""
    added = Entry(door, name, label, url_name, permission, order, covers)
    DOORS[door].entries = sorted([*DOORS[door].entries, added], key=lambda each: each.order)


def heading(door: str, label: str | Promise, order: int) -> None:
    """Put a word above the door's entries from this order on, where they are too many for one list."""
    DOORS[door].headings[order] = label


@dataclass(frozen=True)
class Personal:
    """A page about the person signed in, in the menu under their name."""

    label: str | Promise
    url_name: str
    order: int

    @property
    def url(self) -> str:
        return reverse(self.url_name)


PERSONAL: list[Personal] = []


def personal(label: str | Promise, url_name: str, order: int = 50) -> None:
    """Put a page into the menu under the person's name; it must need no role."""
    PERSONAL.append(Personal(label, url_name, order))
    PERSONAL.sort(key=lambda each: each.order)


def doors_for(request: HttpRequest, code: str) -> list[ShownDoor]:
    """The doors this person may open in that contract ("": the installation); for the client fulfilment comes first."""
    urlconf = get_urlconf()
    addresses = {
        each: url
        for door in DOORS.values()
        for each in door.entries
        if may(request.user, each.permission, code) and (url := _address(each.url_name, code, urlconf)) is not None
    }
    home = address("kit:contract_home", code) if code else "/"
    covered = (
        url for each, url in addresses.items() if each.covers and request.path.startswith(f"{home}{each.covers}")
    )
    current = current_address(request.path, addresses.values(), home) or next(covered, "")
    shown = [
        _shown(door, addresses, current) for door in DOORS.values() if not addresses.keys().isdisjoint(door.entries)
    ]
    if roles_of(request.user, code) & CLIENT_ROLES:
        shown.sort(key=lambda door: door.name != "fulfilment")
    return shown


def _shown(door: Door, addresses: dict[Entry, str], current: str) -> ShownDoor:
    mine = [(each, addresses[each]) for each in door.entries if each in addresses]
    entries: list[ShownEntry] = []
    above: str | Promise = ""
    for each, url in mine if any(url == current for _each, url in mine) else ():
        word = door.heading_of(each)
        entries.append(ShownEntry(each.label, url, url == current, "" if word is above else word))
        above = word
    return ShownDoor(door.name, door.label, door.icon, mine[0][1], tuple(entries))


def current_address(path: str, addresses: Iterable[str], home: str | None) -> str:
    """Which of the addresses the page belongs to: the longest that its path begins with, "" for none.

    `home` lies above all pages and counts only for itself.
    """
    mine = (url for url in addresses if (path == url if url == home else path.startswith(url)))
    return max(mine, key=len, default="")


def address(url_name: str, code: str) -> str | None:
    """The page's address in this contract, else in the installation; None when it is in neither."""
    return _address(url_name, code, get_urlconf())


@lru_cache(maxsize=4096)
def _address(url_name: str, code: str, urlconf: str | None) -> str | None:
    """Every page asks for some fifty of these, and they never change while the program runs."""
    for kwargs in ({"contract": code}, {}) if code else ({},):
        try:
            return reverse(url_name, urlconf, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return None
