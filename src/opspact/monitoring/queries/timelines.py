"""The ledgers of checks and systems over a period, as core takes them. Each function a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from opspact.contracts.models import BusinessSystem, Contract
from opspact.core.availability import Granted, measure
from opspact.core.combine import combine_dated
from opspact.core.expressions import Expression
from opspact.core.instants import Instant, from_us, to_us
from opspact.core.intervals import gaps, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline, StateTimeline
from opspact.monitoring.models import Check, GrantedInterval, ObservedInterval, SystemRule
from opspact.monitoring.queries.granted import EFFECTIVE, of_check, read_grant

DatedRule = tuple[Instant | None, Instant | None, Expression]


def observed(check_ids: Iterable[int], start: Instant, end: Instant) -> dict[int, ObservedTimeline]:
    """The observed ledger of these checks, cut to [start, end) µs, by check id. One query."""
    first, last = from_us(start), from_us(end)
    rows = (
        ObservedInterval.objects.filter(checked__in=list(check_ids), starts_at__lt=last)
        .filter(Q(ends_at=None) | Q(ends_at__gt=first))
        .order_by("checked", "starts_at")
        .values_list("checked_id", "starts_at", "ends_at", "seen")
    )
    found: dict[int, ObservedTimeline] = defaultdict(list)
    for check_id, starts_at, ends_at, seen in rows:
        finish = end if ends_at is None else min(end, to_us(ends_at))
        found[check_id].append((max(start, to_us(starts_at)), finish, Observed(seen)))
    return found


def six_states(
    seen: ObservedTimeline, granted: Sequence[Granted], start: Instant, end: Instant, now: datetime, since: Instant = 0
) -> StateTimeline:
    """The six states in [start, end) from both ledgers; nothing before `since` or after `now`."""
    served = [(max(start, since), end)]
    return measure(seen, granted, period=(start, end), in_service=served, now=to_us(now)).timeline


def of_checks(checks: Sequence[Check], start: Instant, end: Instant, now: datetime) -> dict[int, StateTimeline]:
    """The six states of some checks of a page (target selected), by check id, from when each was made."""
    seen = observed([check.pk for check in checks], start, end)
    return {
        check.pk: six_states(seen[check.pk], of_check(check, start, end), start, end, now, to_us(check.created_at))
        for check in checks
    }


def rules_of(
    contract: Contract, systems: Sequence[BusinessSystem], start: Instant, end: Instant
) -> dict[int, list[DatedRule]]:
    """By system id the rules that hold within [start, end), the default where no dated one does. Two queries.

    The default is: up when all active checks of the system's targets are. A system without any check has no rule.
    """
    dated: dict[int, list[DatedRule]] = defaultdict(list)
    rows = SystemRule.objects.filter(contract=contract, system__in=systems, starts_at__lt=from_us(end))
    for row in rows.filter(Q(ends_at=None) | Q(ends_at__gt=from_us(start))):
        finish = None if row.ends_at is None else to_us(row.ends_at)
        dated[row.system_id].append((to_us(row.starts_at), finish, row.parsed))
    for system_id, default in default_rules(contract, systems).items():
        held = normalise(
            (begin or start, end if finish is None else finish) for begin, finish, _rule in dated[system_id]
        )
        dated[system_id] += [(begin, finish, default) for begin, finish in gaps(held, start, end)]
    return dated


def default_rules(contract: Contract, systems: Sequence[BusinessSystem]) -> dict[int, Expression]:
    """By system id: all active checks of its targets. One query."""
    checks = (
        Check.objects.filter(target__contract=contract, target__system__in=systems)
        .filter(is_active=True, target__is_active=True)
        .order_by("target__code", "kind")
        .values_list("target__system_id", "target__code", "kind")
    )
    members: dict[int, list[Expression]] = defaultdict(list)
    for system_id, code, kind in checks:
        members[system_id].append(Expression(code=f"{code}/{kind}"))
    return {system_id: Expression(need=len(of), of=tuple(of)) for system_id, of in members.items()}


def of_systems(
    contract: Contract, systems: Sequence[BusinessSystem], start: Instant, end: Instant, now: datetime
) -> dict[int, StateTimeline]:
    """The six states of systems in [start, end) µs, by system id; a system without a rule is left out. Five queries."""
    rules = rules_of(contract, systems, start, end)
    keys = {key for dated in rules.values() for _, _, rule in dated for key in rule.codes()}
    checks = checks_by_key(contract, keys)
    seen = observed([check.pk for check in checks.values()], start, end)
    by_key = {key: seen[check.pk] for key, check in checks.items()}
    granted = _granted(contract, systems, start, end)
    horizon = min(end, to_us(now))
    return {
        system_id: six_states(
            combine_dated(dated, by_key, start, horizon), granted[system_id], start, end, now, _first(dated, checks)
        )
        for system_id, dated in rules.items()
        if dated
    }


def checks_by_key(contract: Contract, keys: Iterable[str]) -> dict[str, Check]:
    """The checks of the contract with these keys (`OA-WEB/http`). One query."""
    wanted = set(keys)
    codes = {key.rsplit("/", 1)[0] for key in wanted}
    found = Check.objects.filter(target__contract=contract, target__code__in=codes).select_related("target")
    return {check.key: check for check in found if check.key in wanted}


def _first(dated: Sequence[DatedRule], checks: dict[str, Check]) -> Instant:
    """When the first check of the rules was made: before it nobody watched, which is not the same as unknown."""
    made = [to_us(checks[key].created_at) for _, _, rule in dated for key in rule.codes() if key in checks]
    return min(made, default=0)


def _granted(
    contract: Contract, systems: Sequence[BusinessSystem], start: Instant, end: Instant
) -> dict[int, list[Granted]]:
    rows = GrantedInterval.objects.filter(
        EFFECTIVE, contract=contract, system__in=systems, starts_at__lt=from_us(end), ends_at__gt=from_us(start)
    )
    found: dict[int, list[Granted]] = defaultdict(list)
    for row in rows.order_by("starts_at"):
        found[row.system_id].append(read_grant(row))
    return found
