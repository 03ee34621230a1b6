"""The granted ledger as core reads it, and whether an instant lies within approved maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from opspact.core.availability import Granted
from opspact.core.instants import Instant, from_us, to_us
from opspact.monitoring.models import Check, GrantedInterval

EFFECTIVE = Q(approved_at__isnull=False, withdrawn_at=None)


def of_check(check: Check, start: Instant, end: Instant) -> list[Granted]:
    """Approved time of a check in [start, end): its own, its target's and its system's."""
    mine = Q(checked=check) | Q(target=check.target_id)
    if check.target.system_id:
        mine |= Q(system=check.target.system_id, contract=check.target.contract_id)
    rows = _overlapping(GrantedInterval.objects.filter(EFFECTIVE & mine), start, end)
    return [read_grant(row) for row in rows.order_by("starts_at")]


def in_maintenance(moments: Sequence[tuple[Check, datetime]]) -> set[tuple[int, datetime]]:
    """Those (check id, instant) that lie within approved maintenance of the check, its target or its system."""
    if not moments:
        return set()
    contracts = {check.target.contract_id for check, _at in moments}
    rows = list(
        GrantedInterval.objects.filter(
            EFFECTIVE,
            contract__in=contracts,
            kind=GrantedInterval.Kind.MAINTENANCE,
            starts_at__lte=max(at for _check, at in moments),
            ends_at__gt=min(at for _check, at in moments),
        )
    )
    return {(check.pk, at) for check, at in moments if any(_covers(row, check, at) for row in rows)}


def _covers(row: GrantedInterval, check: Check, at: datetime) -> bool:
    if row.contract_id != check.target.contract_id or not row.starts_at <= at < row.ends_at:
        return False
    if row.checked_id or row.target_id:
        return row.checked_id == check.pk or row.target_id == check.target_id
    return row.system_id == check.target.system_id


def _overlapping(rows: QuerySet[GrantedInterval], start: Instant, end: Instant) -> QuerySet[GrantedInterval]:
    return rows.filter(starts_at__lt=from_us(end), ends_at__gt=from_us(start))


def read_grant(row: GrantedInterval) -> Granted:
    """A row of the granted ledger as core takes it."""
    approved = None if row.approved_at is None else to_us(row.approved_at)
    return Granted(
        "maintenance" if row.kind == "maintenance" else "excused", to_us(row.starts_at), to_us(row.ends_at), approved
    )
