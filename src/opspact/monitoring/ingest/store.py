"""Results and missed time into their tables, thousands of rows in one statement each.

Arrays and `unnest` instead of COPY into a staging table: fast enough at these sizes (see bench/), and no temporary
table per batch that leaves dead rows in the catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from django.db import connection

from opspact.core.instants import Instant, from_us, to_us
from opspact.field.models import Collector
from opspact.monitoring import partitions
from opspact.monitoring.models import Coverage
from opspact.probes.wire import Missed

Row: TypeAlias = tuple[int, Instant, str, float | None, str]
"""A result as in `probes.wire.ResultRow`."""

_PUT = """
WITH given AS (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::float8[], %s::text[])
        AS g(check_id, at, seen, value, detail)
), put AS (
    INSERT INTO monitoring_result (check_id, at, seen, value, detail)
    SELECT check_id, at, seen, value, detail FROM given
    ON CONFLICT DO NOTHING RETURNING check_id, at
)
SELECT check_id, at FROM given EXCEPT SELECT check_id, at FROM put
"""


def make_room(instants: Iterable[Instant]) -> None:
    """Partitions for results of these instants. In a transaction of its own: it waits for the lock on the table."""
    days = {at // 86_400_000_000: at for at in instants}
    partitions.make(partitions.day_of(from_us(at)) for at in days.values())


def put(rows: Collection[Row]) -> set[tuple[int, Instant]]:
    """Store results; the (check, instant) that were there already and stay as they were."""
    if not rows:
        return set()
    checks, instants, seen, values, details = zip(*rows, strict=True)
    moments = [from_us(at) for at in instants]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [list(checks), moments, list(seen), list(values), list(details)])
        return {(check_id, to_us(at)) for check_id, at in cursor.fetchall()}


def put_missed(collector: Collector, missed: Sequence[Missed], mine: set[int]) -> int:
    """Record when checks were due and not run; how many rows."""
    rows = [
        Coverage(
            checked_id=gap.check,
            collector=collector,
            starts_at=from_us(gap.from_us),
            ends_at=from_us(gap.to_us),
            reason=gap.reason,
        )
        for gap in missed
        if gap.check in mine and gap.from_us < gap.to_us
    ]
    Coverage.objects.bulk_create(rows)
    return len(rows)
