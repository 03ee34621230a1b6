"""What systems are computed from: the one reader of pages and of figures, so that they can't disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import BigIntegerField, DateTimeField, Func, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from opspact.contracts.models import BusinessSystem, Contract, ScopeItem
from opspact.core.availability import Granted
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import DatedRule, SystemLedger
from opspact.core.instants import Instant, from_us, to_us
from opspact.core.intervals import Interval, gaps, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline
from opspact.monitoring.models import Check, GrantedInterval, ObservedInterval, SystemRule
from opspact.monitoring.queries.granted import EFFECTIVE, read_grant

EXCLUDED_BY = {"maintenance_approved_before": "maintenance", "force_majeure_accepted": "excused"}


class Micros(Func):
    """An instant as µs since the epoch, exact: EXTRACT gives numeric, not double."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


def ledgers_of(
    contract: Contract,
    systems: Sequence[BusinessSystem],
    in_service: Mapping[str, Sequence[Interval]],
    period: Interval,
) -> list[SystemLedger]:
    """The ledgers of these systems in [start, end) µs. Four queries, however many systems and checks there are.

    Where no dated rule holds, a system is up when all active checks of its targets are.
    """
    dated, keys = _rules(contract, systems, period)
    checks = _checks(contract, systems, keys)
    defaults = default_rules(checks)
    seen = observed({check.pk: check.key for check in checks}, period)
    own, by_check = granted_in(contract, checks, period)
    weights = {system.code: system.importance for system in contract.terms.systems}
    ledgers = []
    for system in systems:
        rules = _without_gaps(dated[system.pk], defaults.get(system.pk), period)
        used = sorted({key for _, _, rule in rules for key in rule.codes()})
        ledgers.append(
            SystemLedger(
                code=system.code,
                name=str(system),
                in_service=tuple(in_service.get(system.code, ())),
                rules=rules,
                checks={key: seen.get(key, []) for key in used},
                granted=tuple(own[system.pk]),
                check_grants={key: tuple(by_check[key]) for key in used if key in by_check},
                weight=weights.get(system.code, 1),
            )
        )
    return ledgers


def service_of(items: Iterable[ScopeItem]) -> dict[str, tuple[Interval, ...]]:
    """By system code when the contract had it in service, µs; never beyond the contract's term."""
    served: dict[str, list[Interval]] = defaultdict(list)
    for item in items:
        term = item.contract
        start, end = max(item.starts_at, term.starts_at), min(item.ends_at or term.ends_at, term.ends_at)
        served[item.system.code] += [(to_us(start), to_us(end))] if start < end else []
    return {code: tuple(normalise(intervals)) for code, intervals in served.items()}


def default_rules(checks: Iterable[Check]) -> dict[int, Expression]:
    """By system id: all active checks of its targets (target selected)."""
    members: dict[int, list[Expression]] = defaultdict(list)
    for check in checks:
        if check.target.system_id and check.is_active and check.target.is_active:
            members[check.target.system_id].append(Expression(code=check.key))
    return {system: Expression(need=len(group), of=tuple(group)) for system, group in members.items()}


def observed(keys: Mapping[int, str], period: Interval) -> dict[str, ObservedTimeline]:
    """The observed ledger of checks, named by id, cut to [start, end) µs, by the name given to each. One query."""
    start, end = (Value(from_us(instant), DateTimeField()) for instant in period)
    rows = (
        ObservedInterval.objects.filter(checked__in=keys, starts_at__lt=end)
        .filter(Q(ends_at=None) | Q(ends_at__gt=start))
        .order_by("checked_id", "starts_at")
        .values_list(
            "checked_id", Micros(Greatest("starts_at", start)), Micros(Least(Coalesce("ends_at", end), end)), "seen"
        )
    )
    words = {str(each): each for each in Observed}
    found: dict[str, ObservedTimeline] = defaultdict(list)
    for check, begin, finish, seen in rows:
        found[keys[check]].append((begin, finish, words[seen]))
    return found


def _rules(
    contract: Contract, systems: Sequence[BusinessSystem], period: Interval
) -> tuple[dict[int, list[DatedRule]], set[str]]:
    start, end = map(from_us, period)
    rows = SystemRule.objects.filter(contract=contract, system__in=systems, starts_at__lt=end)
    found: dict[int, list[DatedRule]] = defaultdict(list)
    keys: set[str] = set()
    for row in rows.filter(Q(ends_at=None) | Q(ends_at__gt=start)).order_by("system", "starts_at"):
        rule = row.parsed
        found[row.system_id].append((to_us(row.starts_at), _us(row.ends_at), rule))
        keys |= rule.codes()
    return found, keys


def _us(instant: datetime | None) -> Instant | None:
    return None if instant is None else to_us(instant)


def _checks(contract: Contract, systems: Sequence[BusinessSystem], keys: set[str]) -> list[Check]:
    """The checks of the systems' targets, and those the rules name."""
    named = {key.split("/", 1)[0] for key in keys}
    rows = Check.objects.filter(Q(target__system__in=systems) | Q(target__code__in=named), target__contract=contract)
    return list(rows.select_related("target").order_by("target__code", "kind"))


def _without_gaps(dated: list[DatedRule], default: Expression | None, period: Interval) -> tuple[DatedRule, ...]:
    """The dated rules, with the default where they leave time open."""
    if default is None:
        return tuple(dated)
    start, end = period
    held = normalise((start if a is None else a, end if b is None else max(b, a or start)) for a, b, _ in dated)
    return tuple(sorted([*dated, *((a, b, default) for a, b in gaps(held, start, end))], key=lambda rule: rule[0] or 0))


def granted_in(
    contract: Contract, checks: Iterable[Check], period: Interval
) -> tuple[dict[int, list[Granted]], dict[str, list[Granted]]]:
    """What was granted to systems by id, and to checks by key; a target's grant is one of each of its checks.

    Only the kinds that take time out by the contract's terms.
    """
    start, end = map(from_us, period)
    kinds = [EXCLUDED_BY[each] for each in contract.terms.kpi_rules.exclusions.value]
    rows = GrantedInterval.objects.filter(
        EFFECTIVE, contract=contract, kind__in=kinds, starts_at__lt=end, ends_at__gt=start
    )
    systems: dict[int, list[Granted]] = defaultdict(list)
    by_check: dict[int, list[Granted]] = defaultdict(list)
    by_target: dict[int, list[Granted]] = defaultdict(list)
    for row in rows.order_by("starts_at", "id"):
        if row.system_id:
            systems[row.system_id].append(read_grant(row))
        elif row.target_id:
            by_target[row.target_id].append(read_grant(row))
        else:
            by_check[row.checked_id].append(read_grant(row))
    of_checks = {check.key: [*by_target[check.target_id], *by_check[check.pk]] for check in checks}
    return systems, {key: grants for key, grants in of_checks.items() if grants}
