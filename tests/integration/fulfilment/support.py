"""The example contract, and ledgers written as figures need them: one line says what was seen from when on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from opspact.contracts.actions import load_contract
from opspact.contracts.models import BusinessSystem, Contract
from opspact.kit.actions import Caller
from opspact.monitoring.models import Check, GrantedInterval, ObservedInterval, Target

TERMS = Path(__file__).parents[3] / "examples" / "beijing-2022" / "contract.yaml"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """`2022-10-01 09:00` on the wall in Shanghai, as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


TERM_START, OCTOBER, NOVEMBER = local("2022-07-06"), local("2022-10-01"), local("2022-11-01")


def example_contract(code: str = "beijing-2022", *, simulated: bool = True) -> Contract:
    """The example's real terms, under another code and as real data when asked."""
    source = TERMS.read_text()
    source = source.replace("code: beijing-2022", f"code: {code}", 1)
    source = source.replace("simulated: true", f"simulated: {str(simulated).lower()}", 1)
    return load_contract(Caller.system(now=TERM_START), source.encode(), name="contract.yaml")[0]


def system_of(contract: Contract, code: str) -> BusinessSystem:
    return BusinessSystem.objects.filter(scope_items__contract=contract, code=code).distinct().get()


def watch(contract: Contract, system: str, code: str = "", kind: str = "http") -> Check:
    """A check of that system, by default of a target named like it."""
    target, _ = Target.objects.get_or_create(
        contract=contract,
        code=code or system,
        defaults={"name": system, "address": "192.0.2.1", "system": system_of(contract, system)},
    )
    return Check.objects.create(target=target, kind=kind, address="192.0.2.1", created_at=TERM_START)


def seen(check: Check, *changes: tuple[str, datetime], until: datetime | None = None) -> None:
    """("up", instant), ("down", instant) …: each until the next; the last one stays open or ends at `until`."""
    for position, (state, start) in enumerate(changes):
        end = changes[position + 1][1] if position + 1 < len(changes) else until
        ObservedInterval.objects.create(
            checked=check, seen=state, starts_at=start, ends_at=end, confirmed_at=start, why="new"
        )


def grant(
    contract: Contract, kind: str, start: datetime, end: datetime, approved: datetime | None, **subject: object
) -> None:
    GrantedInterval.objects.create(
        contract=contract,
        kind=kind,
        starts_at=start,
        ends_at=end,
        approved_at=approved,
        reason="x",
        requested_at=start,
        **subject,
    )
