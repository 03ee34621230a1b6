"""The ribbon: a state over time as a strip of exact intervals, never buckets that could hide a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opspact.core.instants import Instant, from_us
from opspact.core.states import State
from opspact.core.timelines import cut, joined
from opspact.kit.shown import formats
from opspact.kit.shown.states import STATE_WORDS

Piece = tuple[Instant, Instant, str]

# Later ones are drawn over earlier ones, and what is bad has a line of one pixel around it: a minute in a month is
# narrower than a pixel and must still be seen.
_ORDER = [State.UP, State.MAINTENANCE, State.EXCUSED, State.UNKNOWN, State.DEGRADED, State.DOWN]


def ribbon(
    timeline: Iterable[Piece],
    start: Instant,
    end: Instant,
    link: Callable[[Piece], str] | None = None,
    css: str = "",
) -> SafeString:
    """An SVG strip for [start, end), µs. What the timeline leaves open is drawn as nothing: it was not in service.

    `link` gives the address of an interval's records; hovering names state, start, end and duration.
    """
    pieces = joined(cut(timeline, start, end))
    drawn = sorted(pieces, key=lambda piece: _ORDER.index(State(piece[2])))
    inside = format_html_join("", "{}", ((_piece(piece, start, end, link),) for piece in drawn))
    return format_html(
        '<svg class="op-ribbon{}" role="img" shape-rendering="crispEdges" aria-label="{}">{}</svg>',
        f" {css}" if css else "",
        summary(pieces),
        inside,
    )


def _piece(piece: Piece, start: Instant, end: Instant, link: Callable[[Piece], str] | None) -> SafeString:
    begin, finish, state = piece
    hatch = SafeString(' fill="url(#op-hatch)"') if state == State.UNKNOWN else ""
    rect = format_html(
        '<rect x="{}%" width="{}%" height="100%" class="op-fill-{}"{}><title>{} {} – {} ({})</title></rect>',
        _share(begin - start, end - start),
        _share(finish - begin, end - start),
        State(state),
        hatch,
        STATE_WORDS[state],
        formats.exact(from_us(begin)),
        formats.exact(from_us(finish)),
        formats.duration(finish - begin),
    )
    return format_html('<a href="{}">{}</a>', link(piece), rect) if link else rect


def _share(part: int, whole: int) -> str:
    """Per cent with five decimals: 0.3 s of a month."""
    return f"{100 * part / whole:.5f}" if whole > 0 else "0"


def summary(timeline: Iterable[Piece]) -> str:
    """The strip in words for who can't see it: each state with its total, the longest first."""
    totals: dict[str, int] = {}
    for start, end, state in timeline:
        totals[state] = totals.get(state, 0) + end - start
    if not totals:
        return _("No data")
    longest_first = sorted(totals.items(), key=lambda item: -item[1])
    return ", ".join(f"{STATE_WORDS[state]} {formats.duration(us)}" for state, us in longest_first)
