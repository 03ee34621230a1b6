"""The only writer of the observed ledger. What it writes, `core.fold` decided; the rules are in docs/why/ledgers.md.

A check's rows touch and never overlap; the last one is open. To be called within a transaction in which the checks'
states are locked (`monitoring.folding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from opspact.core.fold import FoldState, Transition
from opspact.core.instants import from_us, to_us
from opspact.monitoring.folding import Folding
from opspact.monitoring.models import Check, CheckState, ObservedInterval


def begin(checks: Iterable[Check], now: datetime) -> None:
    """Open the ledgers of new checks: unknown since `now`."""
    created = list(checks)
    CheckState.objects.bulk_create(CheckState(checked=each, since=now, seen_until=now) for each in created)
    ObservedInterval.objects.bulk_create(
        ObservedInterval(checked=each, starts_at=now, seen="unknown", confirmed_at=now, why="new") for each in created
    )


def restart(folding: Folding, now: datetime) -> None:
    """A check is watched again after a pause: its time stays unknown, the fold begins anew."""
    folding.state = FoldState(folding.state.seen, folding.state.since, to_us(now), None)


_CLOSE = """
UPDATE monitoring_observedinterval AS o SET ends_at = g.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS g(check_id, at)
WHERE o.check_id = g.check_id AND o.ends_at IS NULL AND o.starts_at < g.at
RETURNING o.check_id, o.revision_id
"""
_REPLACE = """
DELETE FROM monitoring_observedinterval AS o
USING unnest(%s::bigint[], %s::timestamptz[]) AS g(check_id, at)
WHERE o.check_id = g.check_id AND o.ends_at IS NULL AND o.starts_at >= g.at
"""
_OPEN = """
INSERT INTO monitoring_observedinterval (check_id, starts_at, ends_at, seen, confirmed_at, why)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[])
"""


def write(foldings: Iterable[Folding]) -> set[int]:
    """Write the transitions of all of them. Gives the checks whose revised unknown time just came to its end."""
    moved = [each for each in foldings if each.transitions]
    if not moved:
        return set()
    ids = [each.check_id for each in moved]
    firsts = [from_us(each.transitions[0].at) for each in moved]
    rows = [row for each in moved for row in _rows(each.check_id, each.transitions)]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [ids, firsts])
        revised = {check_id for check_id, revision in cursor.fetchall() if revision is not None}
        # An open row that began at the very instant of the transition lasted no time at all.
        cursor.execute(_REPLACE, [ids, firsts])
        cursor.execute(_OPEN, [list(column) for column in zip(*rows, strict=True)])
    return revised


def _rows(check_id: int, transitions: list[Transition]) -> Iterable[tuple]:
    ends = [from_us(each.at) for each in transitions[1:]]
    for transition, end in zip(transitions, [*ends, None], strict=True):
        start = from_us(transition.at)
        if start != end:
            yield check_id, start, end, str(transition.after), from_us(transition.confirmed_at), str(transition.why)
