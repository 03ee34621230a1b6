"""Which years' holidays were published, and what may still change. Rules: `docs/why/calendars.md`."""

from collections.abc import Set as AbstractSet
from datetime import date

from opspact.core.calendars.years import FIRST_YEAR, LAST_YEAR, day_start
from opspact.core.instants import Instant

NOTICE_FROM = (12, 25)
"""From this month and day on, the notice for the next year may change a date: that for 2023 made 2022-12-31 free."""

_NEVER, _EVER = -(1 << 80), 1 << 80


def unpublished(first: date, last: date, published: AbstractSet[int] | None) -> tuple[int, ...]:
    """The years not in `published` whose notice may change a date from `first` to `last`, both included."""
    if published is None or last < first:
        return ()
    years = range(first.year, last.year + 1 + ((last.month, last.day) >= NOTICE_FROM))
    return tuple(year for year in years if year not in published)


def settled_span(zone: str, published: AbstractSet[int] | None) -> tuple[Instant, Instant]:
    """A span of instants over which nothing is provisional: the last published years in a row, without their edges."""
    if published is None:
        return _NEVER, _EVER
    years = [year for year in published if FIRST_YEAR <= year <= LAST_YEAR]
    if not years:
        return 0, 0
    last = first = max(years)
    while first - 1 in years:
        first -= 1
    return day_start(zone, date(first, 1, 2)), day_start(zone, date(last, *NOTICE_FROM))
