"""Late results: they fill unknown time and change nothing else, and every filling is on record.

For each stretch of unknown time that late results touch, all results stored around it are folded once more, those of
the known time on both sides included, as context: a failure at the end of the stretch may be confirmed by the results
after it. Of the outcome only the part inside the unknown stretch is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from opspact.core.fold import Result, revise
from opspact.core.instants import Instant, from_us, to_us
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline, cut
from opspact.monitoring.folding import Folding
from opspact.monitoring.models import LedgerRevision, ObservedInterval, ResultBatch


@dataclass
class _Plan:
    """What is to be written for all checks together: deletions before updates before inserts, so nothing overlaps."""

    bounds: dict[int, tuple[datetime, datetime | None]] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)
    changed: list[ObservedInterval] = field(default_factory=list)
    made: list[ObservedInterval] = field(default_factory=list)
    revisions: list[LedgerRevision] = field(default_factory=list)


def revise_unknown(
    foldings: Sequence[Folding], now: datetime, batch: ResultBatch | None, *, ended: Iterable[int] = ()
) -> set[int]:
    """Fill unknown time from late results; `ended` are checks whose revised unknown time just ended.

    Gives the checks whose present state now reaches further back; their `state.since` has moved with it.
    """
    again = set(ended)
    concerned = {each.check_id: each for each in foldings if each.late or each.check_id in again}
    if not concerned:
        return set()
    rows = _rows_around(concerned.values())
    stored = _results_around(concerned, rows)
    plan, moved = _Plan(), set()
    for check_id, folding in concerned.items():
        if _revise_check(folding, rows[check_id], stored[check_id], plan, now, batch):
            moved.add(check_id)
    _write(plan)
    return moved


def context_of(folding: Folding) -> timedelta:
    """How far around unknown time results are read: enough to confirm a failure with the longest gaps allowed."""
    return timedelta(microseconds=(folding.policy.confirm + 1) * folding.policy.valid_for_us)


def _rows_around(foldings: Iterable[Folding]) -> dict[int, list[ObservedInterval]]:
    """The unknown rows touched by late results (or just ended) and their neighbours, in order, by check."""
    touched = Q()
    for each in foldings:
        at = [late.at for late in each.late] + [transition.at for transition in each.transitions]
        first, last = from_us(min(at)) - context_of(each), from_us(max(at)) + context_of(each)
        touched |= Q(checked=each.check_id, starts_at__lte=last) & (Q(ends_at=None) | Q(ends_at__gte=first))
    rows: dict[int, list[ObservedInterval]] = defaultdict(list)
    for row in ObservedInterval.objects.filter(touched).order_by("checked", "starts_at"):
        rows[row.checked_id].append(row)
    return rows


_STORED = """
SELECT r.check_id, r.at, r.seen, r.value, r.detail
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS g(check_id, first, last)
CROSS JOIN LATERAL (
    SELECT check_id, at, seen, value, detail FROM monitoring_result
    WHERE check_id = g.check_id AND at >= g.first AND at < g.last
    UNION
    SELECT check_id, at, seen, value, detail FROM monitoring_keptresult
    WHERE check_id = g.check_id AND at >= g.first AND at < g.last
) AS r
ORDER BY r.check_id, r.at
"""


def _results_around(concerned: dict[int, Folding], rows: dict[int, list[ObservedInterval]]) -> dict[int, list[Result]]:
    ids, firsts, lasts = [], [], []
    for check_id, folding in concerned.items():
        unknown = [row for row in rows[check_id] if row.seen == "unknown"]
        if unknown:
            ids.append(check_id)
            firsts.append(min(row.starts_at for row in unknown) - context_of(folding))
            lasts.append(max(_end(row, folding) for row in unknown) + context_of(folding))
    stored: dict[int, list[Result]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [ids, firsts, lasts])
        for check_id, at, seen, value, detail in cursor.fetchall():
            stored[check_id].append(Result(to_us(at), Observed(seen), value, detail))
    return stored


def _end(row: ObservedInterval, folding: Folding) -> datetime:
    """Where known unknown time ends: an open row reaches as far as anything has been published."""
    return row.ends_at or max(from_us(folding.state.seen_until), row.starts_at)


def _revise_check(
    folding: Folding,
    rows: list[ObservedInterval],
    stored: list[Result],
    plan: _Plan,
    now: datetime,
    batch: ResultBatch | None,
) -> bool:
    pieces: list[ObservedInterval] = []
    for row in rows:
        became = _became(row, folding, stored) if row.seen == "unknown" else None
        if became is None:
            pieces.append(row)
            continue
        revision = LedgerRevision(
            checked_id=row.checked_id,
            at=now,
            starts_at=row.starts_at,
            ends_at=_end(row, folding),
            became=[[start, end, str(seen)] for start, end, seen in became],
            batch=batch,
        )
        plan.revisions.append(revision)
        plan.deleted.append(row.pk)
        pieces.extend(_replacing(row, became, revision, now))
    if all(row.pk for row in pieces):
        return False
    plan.bounds.update({row.pk: (row.starts_at, row.ends_at) for row in rows})
    joined = _joined(pieces, plan)
    plan.made.extend(row for row in joined if not row.pk)
    plan.changed.extend(row for row in joined if row.pk and plan.bounds[row.pk] != (row.starts_at, row.ends_at))
    last = joined[-1]
    if last.ends_at is not None or to_us(last.starts_at) == folding.state.since:
        return False
    folding.state = replace(folding.state, since=to_us(last.starts_at))
    return True


def _became(row: ObservedInterval, folding: Folding, stored: list[Result]) -> ObservedTimeline | None:
    """What the stored results make of an unknown row; None when it stays as it is."""
    start, end = to_us(row.starts_at), to_us(_end(row, folding))
    context = to_us(row.starts_at + context_of(folding)) - start
    used = [result for result in stored if start - context <= result.at < end + context]
    if start >= end or not used:
        return None
    reach: Instant = end if row.ends_at is None else min(end + context, used[-1].at + 1)
    pieces = cut(revise(start, max(end, reach), used, folding.policy), start, end)
    return None if all(seen is Observed.UNKNOWN for _, _, seen in pieces) else pieces


def _replacing(
    row: ObservedInterval, became: ObservedTimeline, revision: LedgerRevision, now: datetime
) -> Iterable[ObservedInterval]:
    for start, end, seen in became:
        unknown = seen is Observed.UNKNOWN
        is_last = row.ends_at is None and end == became[-1][1] and unknown
        yield ObservedInterval(
            checked_id=row.checked_id,
            starts_at=from_us(start),
            ends_at=None if is_last else from_us(end),
            seen=str(seen),
            confirmed_at=row.confirmed_at if unknown else now,
            why=row.why if unknown else "late",
            revision=revision,
        )
    if row.ends_at is None and became[-1][2] is not Observed.UNKNOWN:
        yield ObservedInterval(
            checked_id=row.checked_id,
            starts_at=from_us(became[-1][1]),
            seen="unknown",
            confirmed_at=row.confirmed_at,
            why=row.why,
            revision=revision,
        )


def _joined(pieces: list[ObservedInterval], plan: _Plan) -> list[ObservedInterval]:
    """Join touching rows of one state. A row already in the ledger keeps its id and how its state became known."""
    joined: list[ObservedInterval] = []
    for row in pieces:
        last = joined[-1] if joined else None
        if last is None or last.seen != row.seen or last.ends_at != row.starts_at:
            joined.append(row)
        elif last.pk or not row.pk:
            if row.pk:
                plan.deleted.append(row.pk)
            last.ends_at, last.revision = row.ends_at, row.revision or last.revision
        else:
            row.starts_at, row.revision = last.starts_at, last.revision
            joined[-1] = row
    return joined


def _write(plan: _Plan) -> None:
    ObservedInterval.objects.filter(pk__in=plan.deleted).delete()
    LedgerRevision.objects.bulk_create(plan.revisions)
    ObservedInterval.objects.bulk_update(plan.changed, ["starts_at", "ends_at", "revision"])
    ObservedInterval.objects.bulk_create(plan.made)
