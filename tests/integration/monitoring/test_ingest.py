"""From a batch to the results and the observed ledger."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.integration.monitoring.world import (
    START,
    at,
    batch,
    ledger_of,
    make_check,
    make_collector,
    make_contract,
    row,
    rows,
)

from opspact.contracts.models import Contract
from opspact.core.instants import to_us
from opspact.field.models import Collector
from opspact.monitoring.ingest import BatchConflict, receive
from opspact.monitoring.models import Check, CheckState, Coverage, Result, ResultBatch
from opspact.probes.wire import Missed


def test_it_dates_an_outage_back_to_its_first_failure(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uuuddduu")), at(8))
    assert ledger_of(check) == [(0, 3, "up"), (3, 6, "down"), (6, None, "up")]


def test_it_keeps_where_the_fold_stands(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uudd")), at(4))
    state = CheckState.objects.get(checked=check)
    assert (state.seen, state.since, state.last_at, state.last_seen) == ("up", START, at(3), "down")
    assert state.pending == [[to_us(at(2)), "down"], [to_us(at(3)), "down"]]


def test_it_stores_every_result(collector: Collector, check: Check) -> None:
    answer = receive(collector, batch(rows(check, "uudg")), at(4))
    stored = Result.objects.filter(checked=check).order_by("at").values_list("at", "seen", "value")
    assert list(stored) == [(at(0), "up", 1.5), (at(1), "up", 1.5), (at(2), "down", None), (at(3), "degraded", None)]
    assert (answer.accepted, answer.duplicate, answer.refused) == (4, False, [])


def test_it_answers_a_batch_sent_again_without_taking_it_twice(collector: Collector, check: Check) -> None:
    first = batch(rows(check, "uuu"))
    receive(collector, first, at(3))
    again = receive(collector, first.model_copy(update={"sent_at": to_us(at(9))}), at(4))
    assert (again.accepted, again.duplicate) == (3, True)
    assert ResultBatch.objects.count() == 1


def test_it_refuses_other_content_under_an_id_that_was_taken(collector: Collector, check: Check) -> None:
    name = uuid4()
    receive(collector, batch(rows(check, "u"), name=name), at(1))
    with pytest.raises(BatchConflict):
        receive(collector, batch(rows(check, "d"), name=name), at(1))
    assert Result.objects.count() == 1


def test_it_takes_the_same_id_from_another_collector(contract: Contract, collector: Collector, check: Check) -> None:
    other = make_collector("far", "opc_another")
    theirs = make_check(contract, "B1")
    Check.objects.filter(pk=theirs.pk).update(collector=other)
    name = uuid4()
    receive(collector, batch(rows(check, "u"), name=name), at(1))
    assert receive(other, batch(rows(theirs, "u"), name=name), at(1)).accepted == 1


def test_it_refuses_a_result_from_the_future_and_takes_its_neighbours(collector: Collector, check: Check) -> None:
    answer = receive(collector, batch([row(check, 0), row(check, 6.5), row(check, 1)]), at(1))
    assert answer.accepted == 2
    assert [(each.index, each.code) for each in answer.refused] == [(1, "result.future")]


def test_it_takes_a_result_five_minutes_ahead(collector: Collector, check: Check) -> None:
    assert receive(collector, batch([row(check, 6)]), at(1)).accepted == 1


def test_it_refuses_a_result_older_than_forty_days(collector: Collector, check: Check) -> None:
    day = 24 * 60
    answer = receive(collector, batch([row(check, -40 * day + 2), row(check, -40 * day)]), at(1))
    assert [(each.index, each.code) for each in answer.refused] == [(1, "result.too_old")]


def test_it_refuses_a_second_result_of_the_same_instant_in_a_batch(collector: Collector, check: Check) -> None:
    answer = receive(collector, batch([row(check, 0), row(check, 0, "down")]), at(1))
    assert [(each.index, each.code) for each in answer.refused] == [(1, "result.duplicate")]


def test_it_refuses_a_result_that_is_stored_already(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu")), at(2))
    answer = receive(collector, batch([row(check, 1, "down"), row(check, 2)]), at(2))
    assert answer.accepted == 1
    assert [(each.index, each.code) for each in answer.refused] == [(0, "result.duplicate")]
    assert Result.objects.get(checked=check, at=at(1)).seen == "up"


def test_it_refuses_a_check_of_another_collector(contract: Contract, collector: Collector, check: Check) -> None:
    Check.objects.filter(pk=check.pk).update(collector=make_collector("far", "opc_another"))
    answer = receive(collector, batch([row(check, 0)]), at(1))
    assert [(each.index, each.code) for each in answer.refused] == [(0, "check.unknown")]


def test_it_refuses_a_check_that_does_not_exist(collector: Collector, check: Check) -> None:
    strange = row(check, 0)._replace(check=check.pk + 1)
    assert [each.code for each in receive(collector, batch([strange]), at(1)).refused] == ["check.unknown"]


def test_it_refuses_results_for_a_simulated_contract(collector: Collector) -> None:
    check = make_check(make_contract("played", simulated=True), "S1")
    assert [each.code for each in receive(collector, batch([row(check, 0)]), at(1)).refused] == ["check.unknown"]


def test_it_refuses_a_check_that_is_switched_off(collector: Collector, check: Check) -> None:
    Check.objects.update(is_active=False)
    assert [each.code for each in receive(collector, batch([row(check, 0)]), at(1)).refused] == ["check.unknown"]


def test_it_makes_the_partition_of_an_older_day_on_demand(collector: Collector, check: Check) -> None:
    day = 24 * 60
    assert receive(collector, batch([row(check, -20 * day)]), at(1)).accepted == 1
    assert Result.objects.get().at == START - timedelta(days=20)


def test_it_records_missed_time(collector: Collector, check: Check) -> None:
    gap = Missed(check=check.pk, from_us=to_us(at(1)), to_us=to_us(at(2)), reason="capacity")
    receive(collector, batch([], missed=[gap]), at(3))
    found = Coverage.objects.get()
    assert (found.checked, found.starts_at, found.ends_at, found.reason) == (check, at(1), at(2), "capacity")


def test_silence_longer_than_two_and_a_half_intervals_is_unknown(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu---u")), at(6))
    assert ledger_of(check) == [(0, 2, "up"), (2, 5, "unknown"), (5, None, "up")]
