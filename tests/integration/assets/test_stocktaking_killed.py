"""Adjusting many assets: a worker that is killed leaves nothing half done, and another finishes the work, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.assets.stocktakings import World, make_world
from tests.integration.assets.world import NOW

from opspact.assets import jobs
from opspact.assets.ledgers.asset import ASSETS
from opspact.assets.models import Asset, Category, Stocktaking
from opspact.assets.stocktaking import adjusting, leading, marking, reporting
from opspact.kit import approvals
from opspact.kit.ledgers import actions
from opspact.kit.models import Approval, Change

MANY = 400
WORKER = """
import sys
import django
django.setup()
from opspact.assets import jobs
from opspact.assets.stocktaking import adjusting
adjusting.AT_A_TIME = 10
jobs.adjust(int(sys.argv[1]))
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    made = make_world()
    common: dict[str, Any] = {"contract": made.contract, "created_at": NOW, "updated_at": NOW, "room": made.rack.room}
    common |= {"site": made.rack.room.site, "category": Category.objects.get(), "lifecycle": "in_use"}
    Asset.objects.bulk_create(Asset(code=f"SV-2025-{n:04}", name=f"终端{n}", **common) for n in range(MANY))
    return made


@pytest.fixture
def asked(world: World) -> Stocktaking:
    """Everything found, approved, and the adjustment asked for."""
    stocktaking = world.running()
    marking.mark(world.counter, stocktaking, list(stocktaking.items.all()), to="found", reason="纸质盘点")
    leading.finish(world.leader, stocktaking)
    reporting.submit(world.leader, stocktaking)
    approvals.decide(world.client, Approval.objects.get(), approved=True)
    adjusting.ask(world.leader, stocktaking)
    stocktaking.refresh_from_db()
    return stocktaking


def dsn() -> str:
    given = connection.settings_dict
    host, port = quote(given["HOST"], safe=""), given["PORT"]
    return f"postgresql://{given['USER']}:{quote(given['PASSWORD'])}@{host}:{port}/{given['NAME']}"


def test_a_move_made_while_the_job_runs_is_not_taken_back(asked: Stocktaking, world: World) -> None:
    """Moved by hand in a transaction that ends after the job began; the job waits for it and leaves it as newer."""
    moved = asked.items.order_by("-pk").first()
    assert moved is not None
    assert moved.asset is not None
    job = threading.Thread(target=lambda: (jobs.adjust(asked.pk), connection.close()))
    with transaction.atomic():
        later = replace(world.leader, now=timezone.now() + timedelta(hours=1))
        actions.change(later, ASSETS, moved.asset, {"rack": None, "room": world.other_room, "u_pos": None})
        job.start()
        until = time.monotonic() + 20
        while not waits() and time.monotonic() < until:
            time.sleep(0.05)
        assert waits()
    job.join(60)
    moved.refresh_from_db()
    assert moved.outcome == "newer"
    assert Asset.objects.get(pk=moved.asset_id).last_audit is None


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_a_killed_worker_leaves_nothing_half_done(asked: Stocktaking) -> None:
    environment = os.environ | {"OPSPACT_DATABASE_URL": dsn(), "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen([sys.executable, "-P", "-c", WORKER, str(asked.pk)], env=environment)
    try:
        for _wait in range(6000):
            asked.refresh_from_db()
            if asked.done or worker.poll() is not None:
                break
            time.sleep(0.005)
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    asked.refresh_from_db()
    assert 0 < asked.done < MANY
    assert asked.state == "adjusting"
    reason = Change.objects.filter(reason__contains=asked.code)
    assert not Asset.objects.exclude(last_audit=None).exists()
    before = reason.count()

    jobs.resume(0)
    jobs.resume(60)  # a minute later, while the first still waits
    waiting = ProcrastinateJob.objects.filter(task_name=adjusting.JOB, status="todo", args__stocktaking=asked.pk)
    assert waiting.filter(queueing_lock__contains=str(asked.pk)).count() == 1
    for job in waiting:
        jobs.adjust(**job.args)
    asked.refresh_from_db()
    assert asked.state == "adjusted"
    assert asked.adjusting["dated"] == MANY + 3
    assert Asset.objects.exclude(last_audit=None).count() == MANY + 3
    assert reason.count() - before == MANY + 3
    jobs.resume(120)
    assert waiting.count() == 2  # nothing more to begin again


def test_a_second_worker_keeps_out_while_the_first_is_at_it(asked: Stocktaking) -> None:
    with psycopg.connect(dsn()) as first:
        first.execute("SELECT pg_advisory_xact_lock(hashtext('assets.stocktaking.adjust'), %s)", [asked.pk])
        jobs.adjust(asked.pk)
        asked.refresh_from_db()
        assert asked.state == "adjusting"
    jobs.adjust(asked.pk)
    asked.refresh_from_db()
    assert asked.state == "adjusted"


def test_the_queries_of_an_adjustment_do_not_grow_with_the_assets(
    asked: Stocktaking, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(80):
        jobs.adjust(asked.pk)
