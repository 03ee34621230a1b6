"""Silence becomes unknown; what proves an outage is kept, the rest goes after seven days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.monitoring.world import at, batch, ledger_of, make_check, row, rows

from opspact.contracts.models import Contract
from opspact.field.models import Collector
from opspact.monitoring import partitions, retention
from opspact.monitoring.heartbeats import beat
from opspact.monitoring.ingest import receive
from opspact.monitoring.models import Check, KeptResult, Result, ResultBatch, Sweep
from opspact.monitoring.sweep import sweep
from opspact.probes.wire import Heartbeat, IcmpReport


@pytest.fixture
def running(db: None) -> None:
    """The sweep has been running for a while."""
    Sweep.objects.create(at=at(0), resumed_at=at(-60))


def swept(minutes: float) -> int:
    Sweep.objects.update(at=at(minutes - 0.1))
    return sweep(at(minutes))


def said(minutes: float, *, waiting: int = 0) -> Heartbeat:
    return Heartbeat(
        at=0, lag_ms=0, spool_rows=waiting, uplink=True, icmp=IcmpReport(method="raw"), version="1", checks=1
    )


def test_a_check_that_fell_silent_is_unknown_from_when_it_was_due(
    running: None, collector: Collector, check: Check
) -> None:
    receive(collector, batch(rows(check, "uu")), at(2))
    assert swept(3.5) == 0
    assert swept(4) == 1
    assert ledger_of(check) == [(0, 2, "up"), (2, None, "unknown")]


def test_the_sweep_judges_nothing_right_after_a_break_of_its_own(
    running: None, collector: Collector, check: Check
) -> None:
    receive(collector, batch(rows(check, "uu")), at(2))
    assert sweep(at(30)) == 0
    assert swept(30.5) == 0
    assert swept(31.5) == 1


def test_the_sweep_waits_for_a_collector_that_still_ships_its_spool(
    running: None, collector: Collector, check: Check
) -> None:
    receive(collector, batch(rows(check, "uu")), at(2))
    beat(collector, said(9, waiting=50), at(9))
    collector.refresh_from_db()
    Sweep.objects.update(resumed_at=at(-60))
    assert swept(10) == 0
    beat(collector, said(18, waiting=50), at(18))
    Sweep.objects.update(resumed_at=at(-60))
    assert swept(19.5) == 1


def test_a_heartbeat_is_kept_and_sweeps(running: None, collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu")), at(2))
    Sweep.objects.update(at=at(9.9))
    beat(collector, said(10), at(10))
    collector.refresh_from_db()
    assert collector.heartbeat_at == at(10)
    assert ledger_of(check)[-1][2] == "unknown"


def old_day(days: int = 9) -> tuple[datetime, float]:
    """Noon of a day that is no longer kept whole, and how many minutes that is from START."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days)
    return noon, (noon - at(0)).total_seconds() / 60


def test_results_around_a_change_are_kept_and_the_rest_goes_with_its_day(
    contract: Contract, collector: Collector
) -> None:
    noon, first = old_day()
    check = make_check(contract, "OLD", created=noon)
    receive(collector, batch(rows(check, "u" * 40 + "d" * 40 + "u" * 60, first=first)), noon + timedelta(minutes=140))
    now = datetime.now(UTC)
    retention.nightly(now)
    kept = {round((each.at - noon).total_seconds() / 60) for each in KeptResult.objects.filter(checked=check)}
    assert kept == {*range(11), *range(30, 51), *range(70, 91)}
    assert not Result.objects.filter(checked=check).exists()
    assert partitions.day_of(noon) not in partitions.existing()


def test_a_day_is_not_dropped_when_what_must_be_kept_could_not_be_copied(
    contract: Contract, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon, first = old_day()
    check = make_check(contract, "OLD", created=noon)
    receive(collector, batch(rows(check, "uuu", first=first)), noon + timedelta(minutes=3))
    monkeypatch.setattr(retention, "_KEEP", "SELECT %(start)s, %(end)s")
    with pytest.raises(retention.NotKept), transaction.atomic():
        retention.nightly(datetime.now(UTC))
    assert Result.objects.filter(checked=check).count() == 3


def test_partitions_are_made_three_days_ahead(db: None) -> None:
    now = datetime.now(UTC)
    retention.nightly(now)
    assert {partitions.day_of(now) + timedelta(days=ahead) for ahead in range(4)} <= set(partitions.existing())


def test_the_database_refuses_to_drop_a_day_that_is_still_kept(db: None) -> None:
    partitions.make_ahead(datetime.now(UTC))
    with pytest.raises(DatabaseError, match="are kept on"), transaction.atomic():
        partitions.drop(partitions.day_of(datetime.now(UTC)) - timedelta(days=7))


@pytest.mark.parametrize("days", [-46, 11])
def test_the_database_refuses_partitions_far_away(db: None, days: int) -> None:
    with pytest.raises(DatabaseError, match="no partition for"), transaction.atomic():
        partitions.make([partitions.day_of(datetime.now(UTC)) + timedelta(days=days)])


def test_the_programs_role_makes_partitions_but_owns_nothing(db: None) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL ROLE opspact_app")
        partitions.make([partitions.day_of(datetime.now(UTC)) - timedelta(days=30)])
        with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
            cursor.execute("DROP TABLE monitoring_result")
        cursor.execute("RESET ROLE")


def test_nobody_else_may_call_the_partition_functions(db: None) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE ROLE somebody_else NOLOGIN")
        cursor.execute("SET LOCAL ROLE somebody_else")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT monitoring_drop_partition('2020-01-01')")
        cursor.execute("RESET ROLE")
        cursor.execute("DROP ROLE somebody_else")


def test_batches_too_old_to_matter_are_forgotten(collector: Collector, check: Check) -> None:
    receive(collector, batch([row(check, 0)]), at(1))
    ResultBatch.objects.update(received_at=at(0) - timedelta(days=50))
    retention.nightly(datetime.now(UTC))
    assert not ResultBatch.objects.exists()
