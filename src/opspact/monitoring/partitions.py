"""The daily partitions of the results (UTC days): which there are, making and dropping them.

The program's role owns no table: the database functions of migration 0002 do it, within their bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection

KEEP_DAYS = 7
AHEAD_DAYS = 3
LATE_DAYS = 40


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def make(days: Iterable[date]) -> list[date]:
    """Make the partitions of those days that have none; which ones were made."""
    made = []
    with connection.cursor() as cursor:
        missing = sorted(set(days) - set(existing()))
        for day in missing:
            cursor.execute("SELECT monitoring_make_partition(%s)", [day])
            if cursor.fetchone()[0]:
                made.append(day)
    return made


def make_ahead(now: datetime) -> list[date]:
    """Today's partition and those of the days to come, so that no result waits for one."""
    return make(day_of(now) + timedelta(days=ahead) for ahead in range(AHEAD_DAYS + 1))


def existing() -> list[date]:
    """The days that have a partition, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'monitoring_result'::regclass ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def expired(now: datetime) -> list[date]:
    """The days whose results are no longer kept whole."""
    return [day for day in existing() if day < day_of(now) - timedelta(days=KEEP_DAYS)]


def drop(day: date) -> None:
    """Raises an error of the database for a day whose results must still be kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT monitoring_drop_partition(%s)", [day])
