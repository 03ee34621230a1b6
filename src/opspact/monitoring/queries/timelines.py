"""The six states of checks and systems over a period, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from opspact.contracts.models import BusinessSystem, Contract, ScopeItem
from opspact.core.availability import measure
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.instants import Instant, to_us
from opspact.core.timelines import StateTimeline
from opspact.monitoring.models import Check
from opspact.monitoring.queries.granted import of_check
from opspact.monitoring.queries.ledgers import ledgers_of, observed, service_of


def of_checks(checks: Sequence[Check], start: Instant, end: Instant, now: datetime) -> dict[int, StateTimeline]:
    """The six states of some checks of a page (target selected), by check id, from when each was made."""
    seen = observed({check.pk: str(check.pk) for check in checks}, (start, end))
    return {
        check.pk: measure(
            seen[str(check.pk)],
            of_check(check, start, end),
            period=(start, end),
            in_service=[(max(start, to_us(check.created_at)), end)],
            now=to_us(now),
        ).timeline
        for check in checks
    }


def of_systems(
    contract: Contract, systems: Sequence[BusinessSystem], start: Instant, end: Instant, now: datetime
) -> dict[int, StateTimeline]:
    """The six states of systems in [start, end) µs, by system id; one that nothing watches is left out. Five queries.

    Round the clock, whatever hours the contract counts: whoever is on duty at night must see the night.
    """
    items = ScopeItem.objects.filter(contract=contract, system__in=systems).select_related("contract", "system")
    ledgers = ledgers_of(contract, systems, service_of(items), (start, end))
    ids = {system.code: system.pk for system in systems}
    return {ids[ledger.code]: six_states(ledger, start, end, to_us(now)) for ledger in ledgers if ledger.is_watched}


def six_states(ledger: SystemLedger, start: Instant, end: Instant, now: Instant) -> StateTimeline:
    """The six states of one system while it was in service, nothing after `now`."""
    seen = ledger.seen(start, end)
    granted = ledger.grants(seen, start, end, now)
    return measure(seen, granted, period=(start, end), in_service=ledger.in_service, now=now).timeline
