"""What a collector is to run."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q

from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.field.queries import default_collector_id
from opspact.monitoring.models import Check
from opspact.probes.registry import KINDS
from opspact.probes.wire import Assignment, Assignments


def assignments_of(collector: Collector, now: datetime) -> Assignments:
    """Its active checks, and those that name no collector when it is the default; none of a simulated contract.

    The version is a hash of the content, so it is equal exactly when the assignments are.
    """
    mine = Q(collector=collector)
    if default_collector_id() == collector.pk:
        mine |= Q(collector=None)
    rows = (
        Check.objects.filter(mine, is_active=True, target__is_active=True, target__contract__simulated=False)
        .order_by("id")
        .values_list("id", "kind", "address", "settings", "interval_s")
    )
    found = [
        Assignment(
            check=pk,
            kind=kind,
            address=address,
            settings=settings,
            interval_s=interval_s,
            timeout_s=min(KINDS[kind].timeout_s, interval_s) if kind in KINDS else 5.0,
        )
        for pk, kind, address, settings, interval_s in rows
    ]
    digest = hashlib.sha256()
    for each in found:
        digest.update(each.model_dump_json().encode())
    return Assignments(version=digest.hexdigest()[:32], server_time=to_us(now), assignments=found)
