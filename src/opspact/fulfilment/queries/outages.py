"""What stands behind an outage: the checks that were down, their alerts and the incidents they led to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.availability.outages import Outage
from opspact.core.instants import from_us
from opspact.monitoring.models import Alert, ObservedInterval
from opspact.servicedesk.models import Incident
from opspact.servicedesk.queries import visible_to


@dataclass(frozen=True)
class ShownOutage:
    """An outage as counted, with the ledger's intervals and the incidents behind it. Instants are aware UTC."""

    start: datetime
    end: datetime
    is_open: bool
    down_us: int
    intervals: tuple[ObservedInterval, ...]
    incidents: tuple[Incident, ...]


def outages_with_records(
    user: Any, contract: Contract, system: BusinessSystem, keys: Iterable[str], outages: Sequence[Outage]
) -> list[ShownOutage]:
    """The outages, newest first, with the records `user` may see. `keys` are the checks the system's rules use.

    Three queries, however many outages there are.
    """
    if not outages:
        return []
    first, last = from_us(outages[0].start), from_us(max(outage.end for outage in outages))
    downs = _downs(contract, set(keys), first, last)
    alerts = Alert.objects.filter(
        contract=contract, checked__in={down.checked_id for down in downs}, opened_at__lt=last
    ).filter(Q(resolved_at=None) | Q(resolved_at__gt=first))
    of_alerts = {alert.incident_id: alert for alert in alerts if alert.incident_id}
    rows = visible_to(user, contract).filter(Q(pk__in=of_alerts) | Q(system=system, occurred_at__lt=last))
    incidents = [row for row in rows.order_by("occurred_at", "id") if (row.restored_at or last) >= first]
    return [_shown(outage, downs, incidents) for outage in reversed(outages)]


def _downs(contract: Contract, keys: set[str], start: datetime, end: datetime) -> list[ObservedInterval]:
    rows = ObservedInterval.objects.filter(
        checked__target__contract=contract,
        checked__target__code__in={key.split("/", 1)[0] for key in keys},
        seen="down",
        starts_at__lt=end,
    ).filter(Q(ends_at=None) | Q(ends_at__gt=start))
    found = rows.select_related("checked__target").order_by("starts_at", "id")
    return [row for row in found if row.checked.key in keys]


def _shown(outage: Outage, downs: Sequence[ObservedInterval], incidents: Sequence[Incident]) -> ShownOutage:
    start, end = from_us(outage.start), from_us(outage.end)
    return ShownOutage(
        start,
        end,
        outage.open,
        outage.down_us,
        tuple(row for row in downs if row.starts_at < end and (row.ends_at or end) > start),
        tuple(row for row in incidents if row.occurred_at < end and (row.restored_at or end) > start),
    )
