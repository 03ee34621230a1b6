"""Cells and rows as HTML, made in Python: a template tag per cell would cost more than the query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from opspact.kit.lists.columns import Column
from opspact.kit.shown import formats, states
from opspact.kit.shown.money import money

_DRAW: dict[str, Callable[[Any, datetime], str]] = {
    "text": lambda value, now: str(value),
    "link": lambda value, now: str(value),
    "html": lambda value, now: value,
    "number": lambda value, now: formats.figure(value),
    "percent": lambda value, now: formats.percent(value),
    "datetime": formats.when,
    "date": lambda value, now: formats.day(value),
    "duration": lambda value, now: formats.duration(value),
    "state": lambda value, now: states.state_badge(value),
    "verdict": lambda value, now: states.verdict_badge(value),
    "money": lambda value, now: money(value),
    "bool": lambda value, now: _("yes") if value else _("no"),
}
_FIT = frozenset({"datetime", "date", "state", "verdict", "bool"})
_CUT = frozenset({"text", "link"})
"""Kinds whose words can be long: where a list keeps its rows on one line, these give way to the others."""


def cell(column: Column, value: Any, now: datetime) -> SafeString:
    """The inside of a cell; nothing known is a dash."""
    return mark_safe(_drawn(_DRAW[column.kind], value, now))  # noqa: S308 - escaped there


def _drawn(draw: Callable[[Any, datetime], str], value: Any, now: datetime) -> str:
    """Escaped by the standard library: a list has five hundred cells, and Django weighs each for being lazy."""
    if value is None or value == "":
        return formats.NOTHING
    drawn = draw(value, now)
    return drawn if isinstance(drawn, SafeString) else escape(drawn)


def css(column: Column, on_phone: Sequence[Column]) -> str:
    """The classes of the column's cells; `on_phone` are those of the card on a phone, its heading first."""
    classes = []
    if column.is_numeric:
        classes.append("op-num")
    elif column.kind in _FIT or column.width == "fit":
        classes.append("op-fit")
    if column.phone:
        classes.append("op-phone")
    if on_phone and column is on_phone[0]:
        classes.append("op-phone-first")
    elif on_phone and column is on_phone[-1]:
        classes.append("op-phone-last")
    return " ".join(classes)


def body(
    records: Iterable[Any],
    columns: Sequence[Column],
    *,
    url_of: Callable[[Any], str],
    said_of: Callable[[Any], str],
    now: datetime,
    is_pickable: bool,
) -> SafeString:
    """All rows. The row's address is on its first link column and on the row itself, for the mouse and the key o."""
    on_phone = [column for column in columns if column.phone]
    plan = [(each.read, *_around(each, on_phone), _DRAW[each.kind], each.kind == "link") for each in columns]
    pick = _("Pick this row")
    parts: list[str] = []
    for record in records:
        url = conditional_escape(url_of(record))
        parts.append(f'<tr data-href="{url}">' if url else "<tr>")
        if is_pickable:
            said = said_of(record)
            parts.append(format_html(_PICK, record.pk, pick, format_html(_SAID, record.pk, said) if said else ""))
        for read, opening, closing, draw, is_link in plan:
            inside = _drawn(draw, read(record), now)
            parts.append(
                f'{opening}<a href="{url}">{inside}</a>{closing}' if is_link and url else f"{opening}{inside}{closing}"
            )
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


_PICK = (
    '<td class="op-pick"><input type="checkbox" class="form-check-input" name="pk" value="{}" form="op-bulk"'
    ' aria-label="{}">{}</td>'
)
_SAID = '<input type="hidden" name="shown" value="{}:{}" form="op-bulk">'


def _around(column: Column, on_phone: Sequence[Column]) -> tuple[str, str]:
    """What stands before and behind the inside of a cell. Only a box inside a cell can be cut to one line."""
    classes = css(column, on_phone)
    opening = f'<td class="{classes}">' if classes else "<td>"
    is_cut = column.kind in _CUT and column.width != "fit"
    return (f'{opening}<div class="op-cut">', "</div></td>") if is_cut else (opening, "</td>")
