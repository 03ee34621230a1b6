"""Drafts into targets and checks: many at once, in a few statements however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from opspact.assets.models import Asset
from opspact.contracts.models import Contract
from opspact.field.models import Authorisation
from opspact.monitoring import ledger
from opspact.monitoring.models import Check, Target
from opspact.monitoring.workbook.drafts import Draft
from opspact.monitoring.workbook.known import circuits_of, sites_of, systems_of
from opspact.probes.registry import KINDS

BATCH = 2_000


def write_drafts(
    contract: Contract, drafts: Sequence[Draft], authorisation: Authorisation | None, now: datetime
) -> None:
    """Make or change the targets and checks of these drafts; nothing else changes. Within the caller's transaction.

    What is written stands under `authorisation`; None leaves that of existing targets as it is.
    """
    targets = _write_targets(contract, drafts, authorisation)
    _write_checks(contract, targets, drafts, now)


def _write_targets(
    contract: Contract, drafts: Sequence[Draft], authorisation: Authorisation | None
) -> dict[str, Target]:
    systems = {each.code: each for each in systems_of(contract)}
    sites = {each.code: each for each in sites_of(contract)}
    circuits = {each.code: each for each in circuits_of(contract)}
    codes = {draft.asset for draft in drafts if draft.asset}
    assets = {each.code: each for each in Asset.objects.filter(contract=contract, deleted_at=None, code__in=codes)}
    wanted = {draft.code: draft for draft in reversed(drafts)}
    targets = {
        each.code: each for each in Target.objects.select_for_update().filter(contract=contract, code__in=wanted)
    }
    new = []
    for code, draft in wanted.items():
        target = targets.get(code)
        if target is None:
            target = targets[code] = Target(contract=contract, code=code, address=draft.host)
            new.append(target)
        target.name = draft.name
        target.system = systems.get(draft.system)
        target.site = sites.get(draft.site)
        if draft.asset is not None:
            target.asset = assets.get(draft.asset)
        if draft.circuit is not None:
            target.circuit = circuits.get(draft.circuit)
        target.authorisation = authorisation or target.authorisation
    fresh = {target.code for target in new}
    Target.objects.bulk_create(new, batch_size=BATCH)
    Target.objects.bulk_update(
        [each for each in targets.values() if each.code not in fresh],
        ["name", "system", "site", "asset", "circuit", "authorisation"],
        batch_size=BATCH,
    )
    return targets


def _write_checks(contract: Contract, targets: dict[str, Target], drafts: Sequence[Draft], now: datetime) -> None:
    existing = {(each.target_id, each.kind): each for each in Check.objects.filter(target__in=targets.values())}
    confirm = contract.terms.kpi_rules.outage_failures.value
    new, changed = [], []
    for draft in drafts:
        target = targets[draft.code]
        check = existing.get((target.pk, draft.kind))
        if check is None:
            check = Check(target=target, kind=draft.kind, confirm=confirm, created_at=now)
            new.append(check)
        else:
            changed.append(check)
        check.address, check.interval_s, check.settings = draft.address, draft.interval_s, dict(draft.settings)
    Check.objects.bulk_create(new, batch_size=BATCH)
    Check.objects.bulk_update(changed, ["address", "interval_s", "settings"], batch_size=BATCH)
    ledger.begin(new, now)
    _follow_addresses(targets.values())


def _follow_addresses(targets: Iterable[Target]) -> None:
    """A target's own address is the host of its first check: the ping, if it has one."""
    hosts: dict[int, str] = {}
    checks = Check.objects.filter(target__in=list(targets)).order_by("kind").values_list("target_id", "kind", "address")
    for target_id, kind, address in sorted(checks, key=lambda row: row[1] != "icmp"):
        hosts.setdefault(target_id, KINDS[kind].host(address) if kind in KINDS else address)
    moved = [each for each in targets if each.address != hosts[each.pk]]
    for each in moved:
        each.address = hosts[each.pk]
    Target.objects.bulk_update(moved, ["address"], batch_size=BATCH)
