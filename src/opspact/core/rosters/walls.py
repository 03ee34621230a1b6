"""Wall clocks: the instant at which a zone's clock first shows a minute of a day, and the local days of a span."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opspact.core.errors import UnknownZone
from opspact.core.instants import SECOND, Instant, from_us, to_us

ONE_DAY = timedelta(days=1)


class Wall:
    """The wall clock of an IANA zone. Raises UnknownZone."""

    def __init__(self, zone: str) -> None:
        try:
            self.zone = ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise UnknownZone(zone=zone) from None
        self._at = lru_cache(maxsize=4096)(self._first_showing)

    def at(self, day: date, minute: int = 0) -> Instant:
        """The first instant at which the clock shows `minute` of `day` or later; `minute` may exceed 1440.

        In an hour the clock repeats that is its first time, in an hour it skips the instant after it.
        """
        days, rest = divmod(minute, 24 * 60)
        return self._at(day + days * ONE_DAY, rest)

    def day_of(self, at: Instant) -> date:
        """The date on the wall."""
        return from_us(at).astimezone(self.zone).date()

    def days(self, start: Instant, end: Instant) -> Iterator[tuple[date, Instant, Instant]]:
        """The local days of [start, end), each with its part of it."""
        day = self.day_of(start)
        while start < end:
            stop = min(end, self.at(day + ONE_DAY))
            if start < stop:
                yield day, start, stop
            start, day = max(start, stop), day + ONE_DAY

    def _first_showing(self, day: date, minute: int) -> Instant:
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone)
        found = to_us(wall)
        if from_us(found).astimezone(self.zone) == wall:
            return found
        low = to_us(wall.replace(fold=1))  # before the skipped hour; `found` lies after it
        shown = to_us(wall.replace(tzinfo=UTC))
        while found - low > SECOND:
            middle = (low + found) // 2 // SECOND * SECOND
            offset = from_us(middle).astimezone(self.zone).utcoffset() or timedelta()
            if middle + offset // timedelta(microseconds=1) < shown:
                low = middle
            else:
                found = middle
        return found


@lru_cache(maxsize=64)
def wall_of(zone: str) -> Wall:
    """The wall clock of a zone, made once. Raises UnknownZone."""
    return Wall(zone)
