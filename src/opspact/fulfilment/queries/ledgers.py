"""The ledgers of a contract's systems with the contract's readings, as figures take them. Five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from opspact.contracts.models import BusinessSystem, Contract, ScopeItem
from opspact.core.availability.extracts import Extract
from opspact.core.instants import to_us
from opspact.core.intervals import Interval
from opspact.fulfilment.readings import rules_of, service_time
from opspact.monitoring.queries.ledgers import ledgers_of, service_of


@dataclass(frozen=True)
class Scope:
    """The systems a contract covers, by code; by indicator code the codes it measures; when each was in service."""

    systems: Mapping[str, BusinessSystem]
    by_kpi: Mapping[str, tuple[str, ...]]
    in_service: Mapping[str, tuple[Interval, ...]]


def scope_of(contract: Contract) -> Scope:
    """From the contract's scope items; service time never reaches beyond the term. One query."""
    items = list(ScopeItem.objects.filter(contract=contract).select_related("contract", "system", "kpi").order_by("id"))
    by_kpi: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.kpi and item.system.code not in by_kpi[item.kpi.code]:
            by_kpi[item.kpi.code].append(item.system.code)
    return Scope(
        {item.system.code: item.system for item in items},
        {code: tuple(codes) for code, codes in by_kpi.items()},
        service_of(items),
    )


def extract_of(contract: Contract, scope: Scope, period: Interval, now: datetime) -> Extract:
    """The ledgers of all systems in scope over the period, µs. Four queries, and the calendar's."""
    start, end = period
    return Extract(
        contract=contract.code,
        simulated=contract.simulated,
        start=start,
        end=end,
        now=to_us(now),
        rules=rules_of(contract.terms),
        service_time=service_time(contract, period),
        systems=tuple(ledgers_of(contract, list(scope.systems.values()), scope.in_service, period)),
    )
