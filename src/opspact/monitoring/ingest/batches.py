"""Taking a batch.

1. Its id is claimed; an id seen before is answered from the first time, other content under it is refused.
2. Rows that can't be taken are refused one by one; everything else goes in.
3. The checks' states are locked, the results stored, the states folded.
4. Transitions go to the ledger, late results into unknown time only, alerts and incidents follow.

All of it in one transaction: after a crash the collector sends the batch again, and nothing is half in.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from opspact.core.fold import Result, fold
from opspact.core.instants import Instant, to_us
from opspact.core.states import Observed
from opspact.field.models import Collector
from opspact.kit.actions import Caller, action
from opspact.monitoring import alerting, folding, ledger, revisions
from opspact.monitoring.folding import Folding
from opspact.monitoring.ingest import rows as sifting
from opspact.monitoring.ingest import store
from opspact.monitoring.models import ResultBatch
from opspact.monitoring.sweep import swept_until
from opspact.probes.wire import Batch, BatchAnswer, ResultRow

_SEEN = {str(seen): seen for seen in Observed}


class BatchConflict(Exception):
    """A batch id that was taken before with other content."""


def receive(collector: Collector, batch: Batch, now: datetime) -> BatchAnswer:
    """Take a batch, all or nothing but for refused rows. Raises BatchConflict; then nothing of it was taken."""
    mine = sifting.checks_of(collector, {row[0] for row in batch.results} | {gap.check for gap in batch.missed})
    good, refused = sifting.sift(batch.results, mine, now)
    store.make_room(row[1] for row in good.values())
    with transaction.atomic():
        taken, is_new = _claim(collector, batch, now)
        if not is_new:
            return BatchAnswer(accepted=taken.accepted, duplicate=True)
        foldings = folding.lock(row[0] for row in good.values())
        known = store.put(list(good.values()))
        if known:
            refused += [sifting.twice(index) for index, row in good.items() if (row[0], row[1]) in known]
            good = {index: row for index, row in good.items() if (row[0], row[1]) not in known}
        take(foldings, good.values(), now, taken)
        taken.accepted, taken.refused = len(good), len(refused)
        taken.missed = store.put_missed(collector, batch.missed, mine)
        taken.save(update_fields=["accepted", "refused", "missed"])
    return BatchAnswer(accepted=len(good), duplicate=False, refused=sorted(refused, key=lambda refusal: refusal.index))


def take(
    foldings: dict[int, Folding], rows: Iterable[ResultRow], now: datetime, batch: ResultBatch | None = None
) -> None:
    """Fold new results, stored already, of checks whose states are locked, and write all that follows from them."""
    by_check: dict[int, list[Result]] = defaultdict(list)
    for check_id, at, seen, value, detail in rows:
        by_check[check_id].append(Result(at, _SEEN[seen], value, detail))
    published = swept_until()
    for check_id, results in by_check.items():
        _fold(foldings[check_id], results, None if published is None else to_us(published))
    folded = [foldings[check_id] for check_id in by_check]
    ended = ledger.write(folded)
    moved = revisions.revise_unknown(folded, now, batch, ended=ended)
    folding.save(folded)
    alerting.follow(folded, now)
    alerting.backdate(foldings, moved)


def _fold(each: Folding, results: list[Result], published: Instant | None) -> None:
    state = each.state
    if state.seen is Observed.UNKNOWN and published is not None and published > state.seen_until:
        # The sweep writes only what changes; unknown time has been on the pages up to its last run all the same.
        state = state.__class__(state.seen, state.since, published, state.last_at, state.pending)
    each.state, each.transitions, each.late = fold(state, results, each.policy)
    newest = max(results)
    if each.state.last_at == newest.at:
        each.newest = newest


def _claim(collector: Collector, batch: Batch, now: datetime) -> tuple[ResultBatch, bool]:
    content = hashlib.sha256(batch.model_dump_json(exclude={"sent_at"}).encode()).hexdigest()
    counts = {"accepted": 0, "refused": 0, "missed": 0}
    taken, is_new = ResultBatch.objects.get_or_create(
        collector=collector,
        batch=batch.batch,
        defaults={"seq": batch.seq, "received_at": now, "sha256": content, **counts},
    )
    if not is_new and taken.sha256 != content:
        raise BatchConflict(str(batch.batch))
    return taken, is_new


@action("monitoring.batch.refuse")
def refuse_conflict(caller: Caller, collector: Collector, *, batch: str) -> None:
    """Put on record that a collector sent other content under an id that was taken: a fault, or a forgery."""
    caller.note(batch=batch, collector=collector.code)
