"""How a room shows things on the pages of rooms below it, without those knowing it.

A room fills these in its `AppConfig.ready()`. Everything shown is asked for its permission first; who may not see it
does not learn that it exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

from opspact.identity.roles import Role
from opspact.kit.permissions import may, roles_of

Words = str | Promise


class Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def permission(self) -> str: ...
    @property
    def order(self) -> int: ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """Things by name, kept in their order. Registering a name twice is an error: one of the two would be lost."""

    def __init__(self) -> None:
        self._things: dict[str, T] = {}

    def add(self, thing: T) -> T:
        if thing.name in self._things:
            raise ValueError(f"{thing.name} is registered twice")
        self._things[thing.name] = thing
        return thing

    def all(self) -> list[T]:
        return sorted(self._things.values(), key=lambda thing: (thing.order, thing.name))

    def for_page(self, request: HttpRequest) -> list[T]:
        """What this person may see in the contract of this page."""
        return self.for_code(request, request.contract.code if request.contract else "")

    def for_code(self, request: HttpRequest, code: str) -> list[T]:
        """What this person may see in that contract, "" for the installation."""
        return [thing for thing in self.all() if may(request.user, thing.permission, code)]


@dataclass(frozen=True)
class Panel:
    """A box on the page of a `subject` ("contracts.BusinessSystem"); `context` None: nothing to say there.

    `is_late`: it costs more than the page itself, such as a month of results, and is drawn by a request of its own once
    the page is there; its subject must belong to a contract.
    """

    name: str
    subject: str
    title: Words
    permission: str
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    order: int = 50
    is_late: bool = False


@dataclass(frozen=True)
class HomeCard:
    """A box on the home page of the people who hold one of `roles`; `context` None leaves it out."""

    name: str
    title: Words
    permission: str
    roles: frozenset[Role]
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 50
    is_wide: bool = False


@dataclass(frozen=True)
class Hit:
    """One find of the global search."""

    title: str
    url: str
    detail: Words = ""
    state: str = ""


@dataclass(frozen=True)
class SearchProvider:
    """`find` gets the request (its contract, and whose sight the hits are kept to), the words, how many at most."""

    name: str
    label: Words
    permission: str
    icon: str
    find: Callable[[HttpRequest, str, int], Iterable[Hit]]
    order: int = 50


@dataclass(frozen=True)
class Indicator:
    """A figure in the top bar (alerts, my items, who is on duty): asked every half minute, so keep it cheap."""

    name: str
    label: Words
    permission: str
    icon: str
    url_name: str
    count: Callable[[HttpRequest], int]
    is_alarm: bool = False
    order: int = 50


@dataclass(frozen=True)
class OpenItem:
    """Something unfinished that the next shift must know."""

    title: str
    url: str
    due: datetime | None = None


@dataclass(frozen=True)
class OpenItems:
    """`find` gets the contract and the instant (aware UTC) at which the items must be open."""

    name: str
    label: Words
    permission: str
    find: Callable[[Any, datetime], Iterable[OpenItem]]
    order: int = 50


@dataclass(frozen=True)
class InboxKind:
    """A kind of message (`Message.kind`): its word and its icon."""

    name: str
    label: Words
    permission: str = "kit.inbox.view"
    icon: str = "message"
    order: int = 50


panels: Registry[Panel] = Registry()
home_cards: Registry[HomeCard] = Registry()
search_providers: Registry[SearchProvider] = Registry()
indicators: Registry[Indicator] = Registry()
open_items: Registry[OpenItems] = Registry()
inbox_kinds: Registry[InboxKind] = Registry()


def cards_for(request: HttpRequest) -> list[HomeCard]:
    """The home cards for the roles this person holds in the contract of this page."""
    roles = roles_of(request.user, request.contract.code if request.contract else "")
    return [card for card in home_cards.for_page(request) if card.roles & roles]


def panels_for(request: HttpRequest, subject: Any) -> list[Panel]:
    return [panel for panel in panels.for_page(request) if panel.subject == subject._meta.label]
