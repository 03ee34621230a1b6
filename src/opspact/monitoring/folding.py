"""The fold of many checks at once: their states are locked and read together, and written back together.

The lock on `CheckState` is what makes the ledger's writer unique: whoever writes a check's ledger holds its row. Rows
are locked in the order of their ids, so two batches about the same checks wait for each other and never deadlock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection

from opspact.core.fold import FoldPolicy, FoldState, Result, Transition
from opspact.core.instants import SECOND, from_us, to_us
from opspact.core.states import Observed


@lru_cache(maxsize=1024)
def policy_of(interval_s: int, confirm: int) -> FoldPolicy:
    return FoldPolicy(interval_s * SECOND, confirm)


@dataclass(slots=True)
class Folding:
    """One check while its row is locked: what it was, and what the fold makes of it."""

    check_id: int
    policy: FoldPolicy
    state: FoldState
    newest: Result | None = None
    transitions: list[Transition] = field(default_factory=list)
    late: list[Result] = field(default_factory=list)


_COLUMNS = "s.check_id, s.seen, s.since, s.seen_until, s.last_at, s.pending, c.interval_s, c.confirm"
_FROM = f"SELECT {_COLUMNS} FROM monitoring_checkstate s JOIN monitoring_check c ON c.id = s.check_id"  # noqa: S608


def lock(check_ids: Iterable[int]) -> dict[int, Folding]:
    """Lock and read the states of these checks, by check id; to be called within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_FROM} WHERE s.check_id = ANY(%s) ORDER BY s.check_id FOR UPDATE OF s", [sorted(check_ids)])
        return {row[0]: _folding(row) for row in cursor.fetchall()}


def lock_silent(now: datetime, *, spooling: Sequence[int], default_collector: int | None) -> dict[int, Folding]:
    """Lock and read the active checks that look silent at `now`, without waiting for those being folded right now.

    Checks of the `spooling` collectors are left out: their results are on the way.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_FROM} JOIN monitoring_target t ON t.id = c.target_id AND t.is_active "
            "WHERE c.is_active AND s.seen <> 'unknown' AND s.last_at < %s - c.interval_s * interval '2.5 seconds' "
            "AND NOT coalesce(c.collector_id, %s, 0) = ANY(%s) "
            "ORDER BY s.check_id FOR UPDATE OF s SKIP LOCKED",
            [now, default_collector, list(spooling)],
        )
        return {row[0]: _folding(row) for row in cursor.fetchall()}


def _folding(row: tuple) -> Folding:
    check_id, seen, since, seen_until, last_at, pending, interval_s, confirm = row
    pending = tuple((at, Observed(was)) for at, was in json.loads(pending)) if pending != "[]" else ()
    state = FoldState(
        Observed(seen), to_us(since), to_us(seen_until), None if last_at is None else to_us(last_at), pending
    )
    return Folding(check_id, policy_of(interval_s, confirm), state)


_SAVE = """
UPDATE monitoring_checkstate AS s
SET seen = g.seen, since = g.since, seen_until = g.seen_until, last_at = g.last_at, pending = g.pending::jsonb,
    last_seen = coalesce(g.last_seen, s.last_seen),
    last_value = CASE WHEN g.last_seen IS NULL THEN s.last_value ELSE g.last_value END,
    last_detail = coalesce(g.last_detail, s.last_detail)
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::text[], %s::float8[], %s::text[])
    AS g(check_id, seen, since, seen_until, last_at, pending, last_seen, last_value, last_detail)
WHERE s.check_id = g.check_id
"""


def save(foldings: Iterable[Folding]) -> None:
    """Write the states back in one statement."""
    rows = [_saved(each) for each in foldings]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, [list(column) for column in zip(*rows, strict=True)])


def _saved(folding: Folding) -> tuple:
    state, newest = folding.state, folding.newest
    return (
        folding.check_id,
        str(state.seen),
        from_us(state.since),
        from_us(state.seen_until),
        None if state.last_at is None else from_us(state.last_at),
        json.dumps([[at, str(seen)] for at, seen in state.pending]) if state.pending else "[]",
        newest and str(newest.seen),
        newest and newest.value,
        newest and newest.detail,
    )
