"""The business systems of a contract and how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.instants import DAY, Instant, to_us
from opspact.core.timelines import StateTimeline
from opspact.monitoring.queries.timelines import of_systems
from opspact.monitoring.workbook.known import systems_of


@dataclass(frozen=True)
class SystemNow:
    """`state` None: nothing watches it. `since` is the beginning of the last state, within the 30 days shown."""

    system: BusinessSystem
    state: str | None
    since: Instant | None
    timeline: StateTimeline
    start: Instant
    end: Instant


def systems_now(contract: Contract, now: datetime, systems: Sequence[BusinessSystem] | None = None) -> list[SystemNow]:
    """Every system of the contract with its last 30 days; once the term is over, with the last 30 days of the term.

    Six queries, however many systems there are.
    """
    chosen = list(systems) if systems is not None else systems_of(contract)
    end = to_us(contract.as_of(now))
    start = end - 30 * DAY
    timelines = of_systems(contract, chosen, start, end, now)
    return [_now(system, timelines.get(system.pk, []), start, end) for system in chosen]


def _now(system: BusinessSystem, timeline: StateTimeline, start: Instant, end: Instant) -> SystemNow:
    if not timeline:
        return SystemNow(system, None, None, [], start, end)
    since, _finish, state = timeline[-1]
    for begin, finish, earlier in reversed(timeline[:-1]):
        if earlier != state or finish != since:
            break
        since = begin
    return SystemNow(system, str(state), since, timeline, start, end)
