"""Is OpsPact itself well? One answer for /healthz and /metrics, from what the parts leave in the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from opspact.field.models import Collector
from opspact.monitoring.queries import last_live_result_at

# A worker writes its heartbeat every 10 s, a collector as well: three missed ones are no accident.
SILENT_AFTER = dt.timedelta(seconds=35)


@dataclass
class Health:
    """`status` is ok, degraded (something other than the database is silent) or down (no database)."""

    now: dt.datetime
    parts: dict[str, dict[str, object]] = field(default_factory=dict)
    last_live_result: dt.datetime | None = None

    @property
    def status(self) -> str:
        states = {name: part["status"] for name, part in self.parts.items()}
        if states.get("database") != "ok":
            return "down"
        return "ok" if all(state == "ok" for state in states.values()) else "degraded"

    def as_json(self) -> dict[str, object]:
        last = self.last_live_result
        return {
            "status": self.status,
            "now": self.now.isoformat(),
            "parts": self.parts,
            "last_live_result": last.isoformat() if last else None,
            "last_live_result_unix": last.timestamp() if last else None,
        }


def health(now: dt.datetime) -> Health:
    """Asks the database; never raises, since its absence is an answer as well."""
    found = Health(now, {"web": {"status": "ok"}})
    try:
        worker_at = _worker_heartbeat()
        found.parts["database"] = {"status": "ok"}
        found.parts["worker"] = _by_heartbeat(worker_at, now)
        for collector in Collector.objects.filter(is_active=True):
            name = "collector" if collector.code == "local" else f"collector:{collector.code}"
            found.parts[name] = _by_heartbeat(collector.heartbeat_at, now)
        found.last_live_result = last_live_result_at()
    except DatabaseError:
        found.parts["database"] = {"status": "down"}
    return found


def _by_heartbeat(at: dt.datetime | None, now: dt.datetime) -> dict[str, object]:
    silent = at is None or now - at > SILENT_AFTER
    return {"status": "silent" if silent else "ok", "heartbeat": at.isoformat() if at else None}


def _worker_heartbeat() -> dt.datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        return cursor.fetchone()[0]
