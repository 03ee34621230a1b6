"""Batches that arrive at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from tests.integration.monitoring.world import (
    at,
    batch,
    ledger_of,
    make_check,
    make_collector,
    make_contract,
    ready,
    rows,
)

from opspact.monitoring.ingest import receive
from opspact.monitoring.models import Result, ResultBatch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def results_gone() -> Iterator[None]:
    """Django empties only the tables it manages, and the results' is not one of them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE monitoring_result")


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all at once, each with its own connection; what they gave, in order. An error in one is an error here."""
    gave: list[Any] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def run(place: int) -> None:
        start.wait()
        try:
            gave[place] = jobs[place]()
        except Exception as error:
            gave[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in gave:
        if isinstance(each, Exception):
            raise each
    return gave


def test_the_same_batch_twice_at_once_is_taken_once() -> None:
    ready()
    collector, check = make_collector(), make_check(make_contract())
    sent = batch(rows(check, "uuudddu"))
    answers = together(*[lambda: receive(collector, sent, at(8))] * 4)
    assert sorted(answer.duplicate for answer in answers) == [False, True, True, True]
    assert {answer.accepted for answer in answers} == {7}
    assert ResultBatch.objects.count() == 1
    assert Result.objects.filter(checked=check).count() == 7


def test_batches_about_the_same_checks_at_once_never_deadlock() -> None:
    ready()
    collector, contract = make_collector(), make_contract()
    checks = [make_check(contract, f"T{i}") for i in range(30)]
    parts = []
    for part in range(4):
        mine = [each for check in checks for each in rows(check, "uuuuu", first=5 * part)]
        parts.append(batch(mine if part % 2 else reversed(mine)))
    together(*[lambda sent=sent: receive(collector, sent, at(20)) for sent in parts])
    assert Result.objects.filter(checked__in=checks).count() == 600
    for check in checks:
        states = [seen for _start, _end, seen in ledger_of(check) if _end is None]
        assert states == ["up"]
