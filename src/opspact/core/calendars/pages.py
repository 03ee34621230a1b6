"""A calendar's columns, widened as questions come."""

from opspact.core.calendars.columns import Columns, columns
from opspact.core.calendars.years import FIRST_YEAR, LAST_YEAR, Hours
from opspact.core.errors import IntervalReversed, OutOfReach
from opspact.core.instants import DAY, Instant

REACH_YEARS = 100
REACH_DAYS = 36_525
REACH = REACH_DAYS * DAY

_YEAR = 31_556_952_000_000


class Pages:
    """Holds the years asked for so far. `columns` is only ever replaced by a finished one, so threads may share it."""

    __slots__ = ("_code", "_hours_on", "_zone", "columns")

    def __init__(self, code: str, zone: str, hours_on: Hours) -> None:
        self._code = code
        self._zone = zone
        self._hours_on = hours_on
        self.columns: Columns | None = None

    def with_instants(self, start: Instant, end: Instant) -> Columns:
        """Columns that hold both instants, `end` not at their very end. Raises IntervalReversed, OutOfReach."""
        held = self.columns
        if held is not None and held.start <= start <= end < held.end:
            return held
        if end < start:
            raise IntervalReversed(position=0, start=start, end=end)
        if end - start > REACH:
            raise self.out_of_reach()
        first, last = (1970 + at // _YEAR for at in (start, end))
        held = self.with_years(first, last)
        if start < held.start or end >= held.end:
            held = self.with_years(first - (start < held.start), last + (end >= held.end))
        return held

    def with_years(self, first: int, last: int) -> Columns:
        """Columns with these years, and those held before unless they are far away. Raises OutOfReach."""
        held = self.columns
        if held is not None and held.first <= first and last <= held.last:
            return held
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise self.out_of_reach()
        if held is None or max(last, held.last) - min(first, held.first) > 3 * REACH_YEARS:
            held = columns(first, last, self._zone, self._hours_on)
        else:
            held = held.widened(first, last, self._zone, self._hours_on)
        self.columns = held
        return held

    def later(self, held: Columns, seen: int) -> Columns:
        """Years after those held, twice as many as the `seen` µs that were searched. Raises OutOfReach."""
        if seen > REACH or held.last >= LAST_YEAR:
            raise self.out_of_reach()
        return self.with_years(held.first, min(LAST_YEAR, held.last + 1 + max(0, seen) // _YEAR))

    def earlier(self, held: Columns, seen: int) -> Columns:
        """Years before those held, likewise. Raises OutOfReach."""
        if seen > REACH or held.first <= FIRST_YEAR:
            raise self.out_of_reach()
        return self.with_years(max(FIRST_YEAR, held.first - 1 - max(0, seen) // _YEAR), held.last)

    def out_of_reach(self) -> OutOfReach:
        return OutOfReach(calendar=self._code, years=REACH_YEARS)
