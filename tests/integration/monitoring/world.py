"""A contract with the example's real terms, watched targets, a collector, and results as the wire carries them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from opspact.contracts.models import BusinessSystem, Contract, TermsVersion
from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.identity.models import Grant, Organisation, User
from opspact.identity.roles import Role
from opspact.monitoring import ledger, partitions
from opspact.monitoring.models import Check, ObservedInterval, Target
from opspact.probes.wire import Batch, Missed, ResultRow

TERMS = Path(__file__).parents[3] / "examples" / "beijing-2022" / "contract.yaml"
TOKEN = "opc_a-token-of-the-tests"
MINUTE = timedelta(minutes=1)


def now_to_the_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


START = now_to_the_minute() - timedelta(hours=6)
"""When the checks of these tests were made: partitions exist only around today."""


def at(minutes: float) -> datetime:
    """So many minutes after START."""
    return START + minutes * MINUTE


def make_contract(code: str = "watch", *, simulated: bool = False) -> Contract:
    contract = Contract.objects.create(
        code=code,
        name=code,
        short_name=code,
        simulated=simulated,
        starts_at=START - timedelta(days=100),
        ends_at=START + timedelta(days=300),
    )
    source = TERMS.read_text()
    TermsVersion.objects.create(
        contract=contract,
        version=1,
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        loaded_at=START,
    )
    return contract


def make_system(code: str = "oa", name: str = "OA") -> BusinessSystem:
    organisation, _ = Organisation.objects.get_or_create(code="client", defaults={"name": "Client"})
    return BusinessSystem.objects.create(organisation=organisation, code=code, name=name, category="key")


def make_collector(code: str = "local", token: str = TOKEN) -> Collector:
    return Collector.objects.create(
        code=code, name=code, token_sha256=Collector.digest(token), registered_at=START - timedelta(days=1)
    )


def make_check(
    contract: Contract,
    code: str = "A1",
    kind: str = "icmp",
    *,
    system: BusinessSystem | None = None,
    interval_s: int = 60,
    created: datetime = START,
) -> Check:
    target, _ = Target.objects.get_or_create(
        contract=contract, code=code, defaults={"name": f"Target {code}", "address": "127.0.0.1", "system": system}
    )
    check = Check.objects.create(
        target=target, kind=kind, address="127.0.0.1", interval_s=interval_s, created_at=created
    )
    ledger.begin([check], created)
    return check


def make_user(role: Role, code: str = "watch", name: str = "") -> User:
    user, _ = User.objects.get_or_create(username=name or role.value, defaults={"name": role.label})
    if role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        code = ""
    Grant.objects.get_or_create(user=user, role=role, contract_code=code)
    return User.objects.get(pk=user.pk)


def row(check: Check, minutes: float, seen: str = "up", detail: str = "") -> ResultRow:
    return ResultRow(check.pk, to_us(at(minutes)), seen, 1.5 if seen == "up" else None, detail)


def rows(check: Check, states: str, *, first: float = 0) -> list[ResultRow]:
    """One result a minute, by the first letters: "uudx" is up, up, down, unknown; "-" is no result, "g" degraded."""
    words = {"u": "up", "d": "down", "g": "degraded", "x": "unknown"}
    return [row(check, first + i, words[letter]) for i, letter in enumerate(states) if letter != "-"]


def batch(
    results: Iterable[ResultRow], *, seq: int = 1, name: UUID | None = None, missed: list[Missed] | None = None
) -> Batch:
    return Batch(batch=name or uuid4(), seq=seq, sent_at=to_us(START), results=list(results), missed=missed or [])


def ledger_of(check: Check) -> list[tuple[float, float | None, str]]:
    """The ledger in minutes after START."""
    found = ObservedInterval.objects.filter(checked=check).order_by("starts_at")
    return [
        (_minutes(each.starts_at), None if each.ends_at is None else _minutes(each.ends_at), each.seen)
        for each in found
    ]


def _minutes(moment: datetime) -> float:
    return (moment - START) / MINUTE


def ready() -> None:
    """Partitions for all the results of these tests."""
    partitions.make({partitions.day_of(START), partitions.day_of(datetime.now(UTC))})
