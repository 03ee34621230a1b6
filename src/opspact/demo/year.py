"""The simulated contract year in the database: targets, both ledgers, kept results, alerts and incidents.

The observed ledger is written as in real life, by `core.fold` through `monitoring.ledger`; only the results are made
up, and sparse: a long patience stands for the minutes in which nothing happened.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.db import transaction

from opspact.contracts.models import BusinessSystem, Contract, Site
from opspact.core.fold import FoldPolicy, Result, fold
from opspact.core.instants import DAY, SECOND, from_us, to_us
from opspact.core.states import Observed
from opspact.demo.plan import Spell, granted, spells
from opspact.demo.systems import RULES, TARGETS
from opspact.field.models import Authorisation
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.monitoring import folding, ledger
from opspact.monitoring.models import Check, GrantedInterval, KeptResult, SystemRule, Target
from opspact.monitoring.words import NOT_WATCHED
from opspact.probes.registry import KINDS
from opspact.probes.settings import parse_settings

NEVER_SILENT = 500 * DAY
AROUND = 5
_USUAL = {"http": (180.0, 420.0), "tcp": (2.0, 9.0), "icmp": (3.0, 28.0), "tls": (200.0, 290.0)}


@transaction.atomic
def build_targets(caller: Caller, contract: Contract) -> dict[str, Check]:
    """Targets, checks and rules, in place since the contract's first day. By check key."""
    systems = {system.code: system for system in BusinessSystem.objects.filter(scope_items__contract=contract)}
    sites = {site.code: site for site in Site.objects.filter(organisation__in=_owners(contract))}
    authorisation = Authorisation.objects.create(
        contract=contract,
        authorised_by="甲方主管",
        reference="演示：进场授权书",
        recorded_at=contract.starts_at,
        addresses=[target.address for target in TARGETS],
    )
    checks = {}
    for made in TARGETS:
        target = Target.objects.create(
            contract=contract,
            code=made.code,
            name=made.name,
            address=made.address,
            site=sites[made.site],
            system=systems[made.system],
            authorisation=authorisation,
        )
        checks[made.key] = Check.objects.create(
            target=target,
            kind=made.kind,
            address=KINDS[made.kind].parse_address(made.address),
            settings=parse_settings(KINDS[made.kind], made.settings),
            interval_s=made.interval_s,
            created_at=contract.starts_at,
        )
    ledger.begin(checks.values(), contract.starts_at)
    for code, expression in RULES.items():
        SystemRule.objects.create(
            contract=contract, system=systems[code], expression=expression, starts_at=contract.starts_at
        )
    return checks


def _owners(contract: Contract) -> list[int]:
    return list(contract.parties.filter(part="client").values_list("organisation_id", flat=True))


@transaction.atomic
def build_ledgers(contract: Contract, checks: dict[str, Check], client: User) -> dict[str, list[Spell]]:
    """Both ledgers for the whole term; answers what happened, by check."""
    happened = spells(contract.starts_at, contract.ends_at)
    states = folding.lock(check.pk for check in checks.values())
    kept: list[KeptResult] = []
    for key, check in checks.items():
        entry = states[check.pk]
        results = list(_results(check, happened[key], contract))
        policy = FoldPolicy(check.interval_s * SECOND, check.confirm, NEVER_SILENT)
        entry.state, entry.transitions, late = fold(entry.state, results, policy)
        assert not late, "the simulated results come in order"
        entry.newest = results[-1]
        kept += [
            KeptResult(checked=check, at=from_us(result.at), seen=result.seen, value=result.value, detail=result.detail)
            for result in results
        ]
    ledger.write(states.values())
    folding.save(states.values())
    KeptResult.objects.bulk_create(kept, batch_size=2000)
    _grant(contract, client)
    return happened


def _results(check: Check, happened: list[Spell], contract: Contract) -> Iterator[Result]:
    """Five results on each side of every change, the rest of the year left out, and unknown after the term."""
    draw = random.Random(f"results {check.kind} {check.address}")  # noqa: S311  (a simulation, not a secret)
    low, high = _USUAL[check.kind]
    step = dt.timedelta(seconds=check.interval_s)

    def up(at: dt.datetime) -> Result:
        return Result(to_us(at), Observed.UP, round(draw.uniform(low, high), 1), "")

    yield up(contract.starts_at)
    last = contract.starts_at
    for spell in happened:
        yield from (up(at) for n in range(AROUND, 0, -1) if (at := spell.start - n * step) > last)
        bad = min(AROUND, (spell.end - spell.start) // step)
        value = high * 9 if spell.seen is Observed.DEGRADED else None
        detail = {Observed.DOWN: "timeout", Observed.UNKNOWN: "collector"}.get(spell.seen, "slow")
        yield from (Result(to_us(spell.start + n * step), spell.seen, value, detail) for n in range(max(3, bad)))
        yield from (up(spell.end + n * step) for n in range(AROUND))
        last = spell.end + AROUND * step
    yield Result(to_us(contract.ends_at), Observed.UNKNOWN, None, NOT_WATCHED)


def _grant(contract: Contract, client: User) -> None:
    systems = {system.code: system for system in BusinessSystem.objects.filter(scope_items__contract=contract)}
    for entry in granted():
        GrantedInterval.objects.create(
            contract=contract,
            system=systems[entry.system],
            kind=entry.kind,
            starts_at=entry.start,
            ends_at=entry.end,
            reason=entry.reason,
            clause=entry.clause,
            requested_at=entry.asked,
            approved_by=client if entry.approved else None,
            approved_at=entry.approved,
        )
