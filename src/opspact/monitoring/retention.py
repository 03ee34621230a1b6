"""Every night: what proves an outage is kept for good, the rest goes after seven days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from opspact.monitoring import partitions
from opspact.monitoring.models import ResultBatch

AROUND = 10
"""Intervals of its check on each side of a change of state within which results are kept."""

# No value of a person is in these texts: what is filled in here are numbers of ours.
_AROUND_CHANGES = f"""
SELECT DISTINCT r.check_id, r.at, r.value, r.seen, r.detail
FROM monitoring_observedinterval o
JOIN monitoring_check c ON c.id = o.check_id
JOIN monitoring_result r ON r.check_id = o.check_id
    AND r.at BETWEEN o.starts_at - c.interval_s * interval '{AROUND} seconds'
                 AND o.starts_at + c.interval_s * interval '{AROUND} seconds'
    AND r.at >= %(start)s AND r.at < %(end)s
WHERE o.starts_at >= %(start)s - interval '{AROUND} days' AND o.starts_at < %(end)s + interval '{AROUND} days'
"""  # noqa: S608
_KEEP = f"""
INSERT INTO monitoring_keptresult (check_id, at, value, seen, detail) {_AROUND_CHANGES} ON CONFLICT DO NOTHING
"""
_LOST = f"""
SELECT count(*) FROM ({_AROUND_CHANGES}) r
WHERE NOT EXISTS (SELECT 1 FROM monitoring_keptresult k WHERE k.check_id = r.check_id AND k.at = r.at)
"""  # noqa: S608


class NotKept(RuntimeError):
    """Results that must be kept for good are not there: the day is not dropped."""


def nightly(now: datetime) -> dict[str, int]:
    """Make partitions ahead, then drop each expired day once what must be kept is copied; counts for the log."""
    made = partitions.make_ahead(now)
    kept = dropped = 0
    for day in partitions.expired(now):
        with transaction.atomic():
            kept += keep(day)
            partitions.drop(day)
        dropped += 1
    forgotten = forget_batches(now)
    return {"made": len(made), "kept": kept, "dropped": dropped, "forgotten": forgotten}


def keep(day: date) -> int:
    """Copy the results of a UTC day around changes of state; how many were new. Raises NotKept when any is missing."""
    start = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    span = {"start": start, "end": start + timedelta(days=1)}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, span)
        copied = cursor.rowcount
        cursor.execute(_LOST, span)
        lost = cursor.fetchone()[0]
    if lost:
        raise NotKept(f"{lost} results of {day}")
    return copied


def forget_batches(now: datetime) -> int:
    """Forget batches so old that every row of theirs would be refused anyway; those of a revision stay."""
    old = ResultBatch.objects.filter(received_at__lt=now - timedelta(days=partitions.LATE_DAYS + 1), revisions=None)
    return old.delete()[0]
