"""The sweep: a check whose results stopped coming is unknown, not up.

It judges only time in which this server could have received results: after a break of its own it waits a minute, and it
leaves out collectors that say their results still lie in the spool, for ten minutes at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from opspact.core.fold import expire
from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.field.queries import default_collector_id
from opspact.monitoring import alerting, folding, ledger
from opspact.monitoring.models import Sweep

BREAK = timedelta(seconds=90)
"""The sweep itself was away for longer than this: the server was down."""
SETTLE = timedelta(seconds=60)
"""How long after a break collectors have to ship what they kept."""
HEARTBEAT_FRESH = timedelta(seconds=90)
SPOOL_PATIENCE = timedelta(minutes=10)


def swept_until() -> datetime | None:
    """Up to when unknown time has been published."""
    return Sweep.objects.values_list("at", flat=True).first()


@transaction.atomic
def sweep(now: datetime) -> int:
    """Turn silent checks unknown; how many. Any number of these may run at once."""
    if not _settled(now):
        return 0
    silent = folding.lock_silent(now, spooling=_spooling(now), default_collector=default_collector_id())
    expired = []
    for each in silent.values():
        each.state, each.transitions = expire(each.state, to_us(now), each.policy)
        if each.transitions:
            expired.append(each)
    ledger.write(expired)
    folding.save(expired)
    alerting.follow(expired, now)
    alerting.review(now)
    return len(expired)


def _settled(now: datetime) -> bool:
    row, created = Sweep.objects.select_for_update().get_or_create(id=1, defaults={"at": now, "resumed_at": now})
    if not created and now - row.at > BREAK:
        row.resumed_at = now
    row.at = max(row.at, now)
    row.save()
    return now - row.resumed_at >= SETTLE


def _spooling(now: datetime) -> list[int]:
    fresh = Collector.objects.filter(heartbeat_at__gte=now - HEARTBEAT_FRESH).values_list("id", "heartbeat")
    return [
        collector_id
        for collector_id, said in fresh
        if said.get("spool_rows", 0) > 0 and said.get("spooling_since_us", 0) > to_us(now - SPOOL_PATIENCE)
    ]
