"""What a benchmark does inside an installation, a command each: `python -m bench.inside COMMAND …`."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path

import django


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: str) -> str:
    """Contract `self`, `count` targets with a check and a state each, and a service manager's session key."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection
    from django.http import HttpRequest
    from django.utils import timezone

    from opspact.accounts.actions import create_user, grant
    from opspact.accounts.sessions import SECOND_FACTOR
    from opspact.contracts.actions import load_contract
    from opspact.kit.actions import Caller

    caller = Caller.system(now=timezone.now())
    source = Path("examples/self/contract.yaml").read_bytes()
    contract, _ = load_contract(caller, source, name="contract.yaml")
    user = create_user(
        caller,
        None,
        username="bench",
        name="基准",
        organisation=None,
        password="Bench-2026-opspact",
        must_change_password=False,
    )
    grant(caller, user, role="service_manager", contract_code="self")
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, [contract.pk, int(count)])
        cursor.execute(_CHECKS, [contract.pk])
        cursor.execute(_STATES)
        cursor.execute(_INTERVALS)
        cursor.execute("ANALYZE")
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[SECOND_FACTOR] = True
    request.session.save()
    return str(request.session.session_key)


_TARGETS = """
INSERT INTO monitoring_target (contract_id, code, name, address, is_active, system_id)
SELECT %s, 'T' || lpad(n::text, 6, '0'), '核心交换机 ' || n,
       '10.' || n / 65536 || '.' || n / 256 %% 256 || '.' || n %% 256, true,
       (SELECT id FROM contracts_businesssystem WHERE code = 'IMPORTED')
FROM generate_series(1, %s) AS n
"""
_CHECKS = """
INSERT INTO monitoring_check (target_id, kind, address, settings, interval_s, confirm, is_active, created_at)
SELECT id, 'icmp', address, '{}', 60, 3, true, now() FROM monitoring_target WHERE contract_id = %s
"""
_STATES = """
INSERT INTO monitoring_checkstate
    (check_id, seen, since, seen_until, last_at, pending, last_seen, last_value, last_detail)
SELECT id, CASE WHEN id % 50 = 0 THEN 'down' ELSE 'up' END, now() - interval '1 day',
       now(), now(), '[]', 'up', 3.2, ''
FROM monitoring_check
"""
_INTERVALS = """
INSERT INTO monitoring_observedinterval (check_id, starts_at, seen, confirmed_at, why)
SELECT check_id, since, seen, since, 'confirmed' FROM monitoring_checkstate
"""


def checks(count: str, token_file: str) -> str:
    """Give the local collector `count` of the checks, fresh and unknown; answers the first id, they are contiguous."""
    from django.utils import timezone

    from opspact.contracts.models import Contract
    from opspact.field.actions import register_local_collector
    from opspact.kit.actions import Caller
    from opspact.monitoring import ledger
    from opspact.monitoring.models import Check, Target

    now = timezone.now()
    collector = register_local_collector(Caller.system(now=now), Path(token_file))
    contract = Contract.objects.get(code="self")
    names = [Target(contract=contract, code=f"B{n}", name=f"B{n}", address="127.0.0.1") for n in range(int(count))]
    made = Check.objects.bulk_create(
        Check(target=target, kind="icmp", address="127.0.0.1", collector=collector, created_at=now)
        for target in Target.objects.bulk_create(names)
    )
    ledger.begin(made, now)
    return str(made[0].pk)


def spool(folder: str, first: str, count: str) -> None:
    """Write `count` results of CHECKS checks, a second apart, one in 500 beginning an outage of five results."""
    from django.utils import timezone

    from opspact.collector.spool import Record, Spool
    from opspact.core.instants import SECOND, to_us
    from opspact.probes.wire import ResultRow

    draw = random.Random("spool")
    checks, rounds = 1000, int(count) // 1000
    start = to_us(timezone.now()) + SECOND
    file = Path(folder)
    file.mkdir(exist_ok=True)
    store = Spool(file / "spool.sqlite")
    failing = dict.fromkeys(range(checks), 0)
    for number in range(rounds):
        records = []
        for check in range(checks):
            if not failing[check] and draw.random() < 0.002:
                failing[check] = 5
            seen = "down" if failing[check] else "up"
            failing[check] = max(0, failing[check] - 1)
            at = start + number * SECOND + check
            records.append(Record(ResultRow(int(first) + check, at, seen, 3.2, ""), at + SECOND))
        store.write(records, [], {})
    store.close()


def ship(origin: str, token_file: str, folder: str) -> str:
    """Empty the spool with the collector's own shipper; answers how many seconds that took."""
    from opspact.collector import store as stores
    from opspact.collector.server import Server
    from opspact.collector.ship import Shipper

    async def run() -> float:
        store = stores.Store(Path(folder), stores.Limits(5_000_000, 2_000_000_000, 0))
        shipper = Shipper(store, Server(origin, Path(token_file), True))
        started = time.perf_counter()
        task = asyncio.create_task(shipper.run())
        while store.rows:
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - started
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()
        return seconds

    return str(asyncio.run(run()))


def folded(first: str) -> str:
    """How many results of those checks the server holds, and how many intervals the fold made of them."""
    from opspact.monitoring.models import ObservedInterval, Result

    ids = range(int(first), int(first) + 1000)
    intervals = ObservedInterval.objects.filter(checked_id__in=ids).count()
    return f"{Result.objects.filter(checked_id__in=ids).count()} {intervals}"


def watch(count: str) -> None:
    """Have the local collector watch `count` loopback addresses, each once in 10 s."""
    from django.utils import timezone

    from opspact.contracts.models import Contract
    from opspact.monitoring import ledger
    from opspact.monitoring.models import Check, Target

    now, contract = timezone.now(), Contract.objects.get(code="self")
    addresses = [f"127.0.{n // 250}.{n % 250 + 1}" for n in range(int(count))]
    targets = Target.objects.bulk_create(
        Target(contract=contract, code=f"L{n}", name=f"L{n}", address=address) for n, address in enumerate(addresses)
    )
    made = Check.objects.bulk_create(
        Check(target=target, kind="icmp", address=target.address, interval_s=10, created_at=now) for target in targets
    )
    ledger.begin(made, now)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    django.setup()
    answer = globals()[command](*arguments)
    if answer:
        print(answer)
