"""Late results fill unknown time only, on record; how results are cut into batches changes nothing."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Sequence

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.monitoring.world import at, batch, ledger_of, make_check, row, rows

from opspact.contracts.models import Contract
from opspact.field.models import Collector
from opspact.monitoring.ingest import receive
from opspact.monitoring.models import Check, CheckState, LedgerRevision, ObservedInterval, Sweep
from opspact.probes.wire import ResultRow


def test_late_results_fill_the_silence_as_a_recorded_revision(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu" + "-" * 6 + "uu")), at(10))
    assert ledger_of(check) == [(0, 2, "up"), (2, 8, "unknown"), (8, None, "up")]
    receive(collector, batch(rows(check, "uuuuuu", first=2)), at(11))
    assert ledger_of(check) == [(0, None, "up")]
    revision = LedgerRevision.objects.get()
    assert (revision.starts_at, revision.ends_at, revision.was, revision.why) == (at(2), at(8), "unknown", "late")
    assert [piece[2] for piece in revision.became] == ["up"]
    assert revision.batch is not None


def test_late_failures_show_the_outage_nobody_saw(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu" + "-" * 6 + "uu")), at(10))
    receive(collector, batch(rows(check, "udddu", first=2)), at(11))
    assert ledger_of(check) == [(0, 3, "up"), (3, 6, "down"), (6, None, "up")]


def test_late_results_never_change_known_time(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu-u-u")), at(6))
    receive(collector, batch([row(check, 2, "down"), row(check, 4, "down")]), at(6))
    assert ledger_of(check) == [(0, None, "up")]
    assert not LedgerRevision.objects.exists()


def test_an_outage_begins_with_the_late_failures_before_it(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu" + "-" * 6 + "ddd")), at(11))
    receive(collector, batch(rows(check, "uuuudd", first=2)), at(11))
    assert ledger_of(check) == [(0, 6, "up"), (6, None, "down")]
    assert CheckState.objects.get(checked=check).since == at(6)


def test_late_results_of_a_silence_that_lasts_fill_its_beginning(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uuxxx")), at(5))
    Sweep.objects.create(at=at(30), resumed_at=at(0))
    receive(collector, batch(rows(check, "uuu", first=6)), at(30))
    assert ledger_of(check) == [(0, 2, "up"), (2, 6, "unknown"), (6, 9, "up"), (9, None, "unknown")]
    receive(collector, batch(rows(check, "uuu", first=28)), at(31))
    assert ledger_of(check)[-2:] == [(9, 28, "unknown"), (28, None, "up")]


def test_a_revision_is_never_changed(collector: Collector, check: Check) -> None:
    receive(collector, batch(rows(check, "uu" + "-" * 6 + "uu")), at(10))
    receive(collector, batch(rows(check, "uuuuuu", first=2)), at(11))
    from django.db.utils import ProgrammingError

    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        LedgerRevision.objects.update(why="other")


def test_two_intervals_of_a_check_cannot_overlap(check: Check) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="observed_no_overlap"), transaction.atomic():
        ObservedInterval.objects.create(
            checked=check, starts_at=at(5), ends_at=at(6), seen="up", confirmed_at=at(6), why="improved"
        )


def cut(results: Sequence[ResultRow], places: Sequence[int]) -> list[list[ResultRow]]:
    bounds = [0, *sorted({place % (len(results) + 1) for place in places}), len(results)]
    return [list(results[a:b]) for a, b in itertools.pairwise(bounds) if a < b]


deep = settings(
    max_examples=400 if os.environ.get("OPSPACT_DEEP") == "1" else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HISTORIES = st.text("uuuudddgx-", min_size=1, max_size=40).filter(lambda text: set(text) != {"-"})


@deep
@given(HISTORIES, st.lists(st.integers(0, 40), max_size=6), st.randoms(use_true_random=False))
def test_splitting_shuffling_within_and_repeating_batches_changes_nothing(
    contract: Contract, collector: Collector, history: str, places: list[int], chance: random.Random
) -> None:
    whole, pieces = pair(contract)
    receive(collector, batch(rows(whole, history)), at(60))
    for part in cut(rows(pieces, history), places):
        shuffled = chance.sample(part, len(part))
        sent = batch(shuffled)
        receive(collector, sent, at(60))
        receive(collector, sent, at(60))
        receive(collector, batch(part), at(60))
    assert ledger_of(pieces) == ledger_of(whole)


@deep
@given(st.lists(st.text("uuud", min_size=4, max_size=8), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_batches_in_any_order_lead_to_the_same_ledger(
    contract: Contract, collector: Collector, spans: list[str], chance: random.Random
) -> None:
    """Each batch longer than a result is valid, so that while it is missing its time is unknown."""
    whole, pieces = pair(contract)
    receive(collector, batch(rows(whole, "".join(spans))), at(60))
    starts = [sum(map(len, spans[:i])) for i in range(len(spans))]
    parts = [rows(pieces, span, first=start) for span, start in zip(spans, starts, strict=True)]
    for part in chance.sample(parts, len(parts)):
        receive(collector, batch(part), at(60))
    assert ledger_of(pieces) == ledger_of(whole)
    assert current(pieces) == current(whole)


def pair(contract: Contract) -> tuple[Check, Check]:
    count = Check.objects.count()
    return make_check(contract, f"W{count}"), make_check(contract, f"P{count}")


def current(check: Check) -> tuple[object, ...]:
    state = CheckState.objects.get(checked=check)
    return state.seen, state.since, state.last_at
