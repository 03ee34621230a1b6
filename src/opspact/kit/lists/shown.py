"""A list ready for its template: words and addresses only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opspact.kit.lists import kept
from opspact.kit.lists.asked import Asked
from opspact.kit.lists.columns import Column
from opspact.kit.lists.counting import Count
from opspact.kit.lists.declared import BulkAction
from opspact.kit.lists.keyset import Page
from opspact.kit.models import ListPreference
from opspact.kit.navigation import address
from opspact.kit.permissions import may

if TYPE_CHECKING:
    from opspact.kit.lists.page import ListPage


@dataclass(frozen=True)
class Head:
    """A column's head; `url` sorts by it, `direction` is what aria-sort says."""

    label: str | Promise
    css: str
    url: str
    direction: str


@dataclass(frozen=True)
class ShownTab:
    """`own` is the key of one's own saved filter, which one may take away."""

    label: str | Promise
    url: str
    is_current: bool
    own: int | None = None


@dataclass(frozen=True)
class Choice:
    name: str
    label: str | Promise
    is_on: bool


@dataclass(frozen=True)
class ShownEmpty:
    icon: str
    text: str | Promise
    url: str = ""
    button: str | Promise = ""


@dataclass(frozen=True)
class ShownList:
    title: str | Promise
    heads: list[Head]
    body: SafeString
    count: Count
    sort: str
    query: str
    previous_url: str
    next_url: str
    tabs: list[ShownTab]
    choices: list[Choice]
    sizes: list[tuple[int, bool]]
    bulk_actions: list[BulkAction]
    empty: ShownEmpty | None
    may_share: bool


def shown(
    view: ListPage,
    asked: Asked,
    columns: Sequence[Column],
    found: Page,
    body: SafeString,
    count: Count,
    preference: ListPreference,
    actions: list[BulkAction],
) -> ShownList:
    user, code = view.request.user, view.contract_code
    return ShownList(
        title=view.title,
        heads=[_head(asked, column) for column in columns],
        body=body,
        count=count,
        sort=asked.sort,
        query=asked.filters,
        previous_url=asked.at(before=found.before) if found.before else "",
        next_url=asked.at(after=found.after) if found.after else "",
        tabs=_tabs(view, asked),
        choices=[Choice(column.name, column.label, column in columns) for column in view.columns],
        sizes=[(size, size == preference.page_size) for size in kept.SIZES],
        bulk_actions=actions,
        empty=None if found.rows else _empty(view, asked),
        may_share=may(user, "kit.list.share", code),
    )


def _head(asked: Asked, column: Column) -> Head:
    classes = " ".join(
        filter(None, ["op-num" if column.is_numeric else "", f"op-w-{column.width}" if column.width else ""])
    )
    direction = ""
    if column is asked.column:
        direction = "descending" if asked.is_descending else "ascending"
    return Head(column.label, classes, asked.sorted_by(column) if column.sort else "", direction)


def _tabs(view: ListPage, asked: Asked) -> list[ShownTab]:
    saved = kept.filters_for(view.request.user, view.contract_code, view.name)
    own_pk = view.request.user.pk
    tabs = [(_("All"), "", None), *((tab.label, tab.query, None) for tab in view.tabs)]
    tabs += [(each.name, each.query, each.pk if each.user_id == own_pk else None) for each in saved]
    return [ShownTab(label, f"?{query}", query == asked.filters, own) for label, query, own in tabs]


def _empty(view: ListPage, asked: Asked) -> ShownEmpty:
    """Nothing found is not nothing there."""
    if asked.is_filtered or asked.after or asked.before:
        return ShownEmpty("filter", _("No record matches these filters."), view.request.path, _("Show all"))
    if view.empty is None:
        return ShownEmpty("list", _("There is nothing here yet."))
    empty = view.empty
    url: Any = ""
    if empty.url_name and may(view.request.user, empty.permission or view.permission, view.contract_code):
        url = address(empty.url_name, view.contract_code) or ""
    return ShownEmpty(empty.icon, empty.text, url, empty.button)
