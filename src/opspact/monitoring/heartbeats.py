"""A collector says that it lives; at the same time silent checks are swept."""

from __future__ import annotations

from datetime import datetime

from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.monitoring.sweep import sweep
from opspact.probes.wire import Heartbeat


def beat(collector: Collector, said: Heartbeat, now: datetime) -> None:
    """Keep the newest heartbeat, and run the sweep: heartbeats come every few seconds, jobs only every minute.

    `spooling_since_us` is added to what was said: since when more results wait than two rounds of all its checks.
    """
    before = collector.heartbeat.get("spooling_since_us", 0)
    behind = said.spool_rows > 2 * said.checks
    kept = said.model_dump(mode="json") | {"spooling_since_us": (before or to_us(now)) if behind else 0}
    Collector.objects.filter(pk=collector.pk).update(heartbeat_at=now, heartbeat=kept)
    sweep(now)
