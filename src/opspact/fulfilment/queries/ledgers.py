"""The ledgers of a contract's systems as core takes them. Five queries, however many systems and checks there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BigIntegerField, DateTimeField, Func, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from opspact.contracts.models import BusinessSystem, Contract, ScopeItem
from opspact.core.availability import Granted
from opspact.core.expressions import Expression
from opspact.core.instants import from_us, to_us
from opspact.core.intervals import Interval, gaps, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline
from opspact.fulfilment.figures.ledgers import DatedRule, Extract, SystemLedger
from opspact.fulfilment.readings import counted_kinds, rules_of, service_time
from opspact.monitoring.models import Check, GrantedInterval, ObservedInterval, SystemRule


class Micros(Func):
    """An instant as µs since the epoch, exact: EXTRACT gives numeric, not double."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class Scope:
    """The systems a contract covers, by code; by indicator code the codes it measures; when each was in service."""

    systems: Mapping[str, BusinessSystem]
    by_kpi: Mapping[str, tuple[str, ...]]
    in_service: Mapping[str, tuple[Interval, ...]]


def scope_of(contract: Contract) -> Scope:
    """From the contract's scope items; service time never reaches beyond the term. One query."""
    systems: dict[str, BusinessSystem] = {}
    by_kpi: dict[str, list[str]] = defaultdict(list)
    served: dict[str, list[Interval]] = defaultdict(list)
    for item in ScopeItem.objects.filter(contract=contract).select_related("system", "kpi").order_by("id"):
        systems[item.system.code] = item.system
        start = max(item.starts_at, contract.starts_at)
        end = min(item.ends_at or contract.ends_at, contract.ends_at)
        if start < end:
            served[item.system.code].append((to_us(start), to_us(end)))
        if item.kpi and item.system.code not in by_kpi[item.kpi.code]:
            by_kpi[item.kpi.code].append(item.system.code)
    return Scope(
        systems,
        {code: tuple(codes) for code, codes in by_kpi.items()},
        {code: tuple(normalise(served[code])) for code in systems},
    )


def extract_of(contract: Contract, scope: Scope, period: Interval, now: datetime) -> Extract:
    """The ledgers of all systems in scope over the period, µs. Four queries, and the calendar's."""
    start, end = period
    dated, keys = _rules(contract, scope, period)
    checks = _checks(contract, scope, keys)
    defaults = _defaults(checks)
    observed = _observed(checks, period)
    own, by_check = _granted(contract, checks, period)
    weights = {system.code: system.importance for system in contract.terms.systems}
    ledgers = []
    for code, system in scope.systems.items():
        rules = _without_gaps(dated[system.pk], defaults.get(system.pk), period)
        used = sorted({key for _, _, rule in rules for key in rule.codes()})
        ledgers.append(
            SystemLedger(
                code=code,
                name=str(system),
                in_service=scope.in_service[code],
                rules=rules,
                checks={key: observed.get(key, []) for key in used},
                granted=tuple(own[system.pk]),
                check_grants={key: tuple(by_check[key]) for key in used if key in by_check},
                weight=weights.get(code, 1),
            )
        )
    return Extract(
        contract=contract.code,
        simulated=contract.simulated,
        start=start,
        end=end,
        now=to_us(now),
        rules=rules_of(contract.terms),
        service_time=service_time(contract, period),
        systems=tuple(ledgers),
    )


def only(extract: Extract, codes: Iterable[str]) -> Extract:
    """The same extract with some of its systems."""
    wanted = set(codes)
    return replace(extract, systems=tuple(each for each in extract.systems if each.code in wanted), _measured={})


def _rules(contract: Contract, scope: Scope, period: Interval) -> tuple[dict[int, list[DatedRule]], set[str]]:
    start, end = map(from_us, period)
    rows = SystemRule.objects.filter(contract=contract, system__in=scope.systems.values(), starts_at__lt=end)
    found: dict[int, list[DatedRule]] = defaultdict(list)
    keys: set[str] = set()
    for row in rows.filter(Q(ends_at=None) | Q(ends_at__gt=start)).order_by("system", "starts_at"):
        rule = row.parsed
        found[row.system_id].append((to_us(row.starts_at), to_us(row.ends_at) if row.ends_at else None, rule))
        keys |= rule.codes()
    return found, keys


def _checks(contract: Contract, scope: Scope, keys: set[str]) -> list[Check]:
    """The checks of the systems' targets, and those the rules name."""
    named = {key.split("/", 1)[0] for key in keys}
    of_systems = Q(target__system__in=[system.pk for system in scope.systems.values()])
    rows = Check.objects.filter(of_systems | Q(target__code__in=named), target__contract=contract)
    return list(rows.select_related("target").order_by("target__code", "kind"))


def _defaults(checks: Iterable[Check]) -> dict[int, Expression]:
    """Where no rule holds: up when all active checks of the system's targets are."""
    members: dict[int, list[Expression]] = defaultdict(list)
    for check in checks:
        if check.target.system_id and check.is_active and check.target.is_active:
            members[check.target.system_id].append(Expression(code=check.key))
    return {system: Expression(need=len(group), of=tuple(group)) for system, group in members.items()}


def _without_gaps(dated: list[DatedRule], default: Expression | None, period: Interval) -> tuple[DatedRule, ...]:
    """The dated rules, with the default where they leave time open."""
    if default is None:
        return tuple(dated)
    start, end = period
    held = normalise((start if a is None else a, end if b is None else max(b, a or start)) for a, b, _ in dated)
    return tuple(sorted([*dated, *((a, b, default) for a, b in gaps(held, start, end))], key=lambda rule: rule[0] or 0))


def _observed(checks: Iterable[Check], period: Interval) -> dict[str, ObservedTimeline]:
    start, end = (Value(from_us(instant), DateTimeField()) for instant in period)
    keys = {check.pk: check.key for check in checks}
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


def _granted(
    contract: Contract, checks: Iterable[Check], period: Interval
) -> tuple[dict[int, list[Granted]], dict[str, list[Granted]]]:
    """What was granted to systems by id, and to checks by key; a target's grant is one of each of its checks."""
    start, end = map(from_us, period)
    rows = GrantedInterval.objects.filter(
        contract=contract,
        kind__in=counted_kinds(contract.terms.kpi_rules),
        starts_at__lt=end,
        ends_at__gt=start,
        approved_at__isnull=False,
        withdrawn_at=None,
        refused_at=None,
    ).order_by("starts_at", "id")
    systems: dict[int, list[Granted]] = defaultdict(list)
    by_check: dict[int, list[Granted]] = defaultdict(list)
    by_target: dict[int, list[Granted]] = defaultdict(list)
    for row in rows:
        grant = Granted(row.kind, to_us(row.starts_at), to_us(row.ends_at), to_us(row.approved_at))
        if row.system_id:
            systems[row.system_id].append(grant)
        elif row.target_id:
            by_target[row.target_id].append(grant)
        else:
            by_check[row.checked_id].append(grant)
    of_checks = {check.key: [*by_target[check.target_id], *by_check[check.pk]] for check in checks}
    return systems, {key: grants for key, grants in of_checks.items() if grants}
