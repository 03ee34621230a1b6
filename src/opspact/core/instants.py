"""Instants are integers: microseconds since 1970-01-01T00:00:00Z. Aware datetimes stay at the edge."""

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from opspact.core.errors import NaiveDatetime

Instant: TypeAlias = int

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> Instant:
    """The instant of an aware datetime, exact. Raises NaiveDatetime."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveDatetime(value=moment.isoformat())
    return (moment - _EPOCH) // _MICROSECOND


def from_us(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant, exact."""
    return _EPOCH + timedelta(microseconds=instant)
