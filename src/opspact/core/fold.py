"""The fold, from the results of one check to its observed ledger: rules and worked table in `docs/why/states.md`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from opspact.core.errors import BadPolicy, UnknownState
from opspact.core.instants import SECOND, Instant
from opspact.core.intervals import Interval
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline, cut, joined

UP, DEGRADED, DOWN, UNKNOWN = Observed.UP, Observed.DEGRADED, Observed.DOWN, Observed.UNKNOWN


class Result(NamedTuple):
    """What one probe saw at the instant `at`. `value` is in the check's own unit."""

    at: Instant
    seen: Observed
    value: float | None = None
    detail: str = ""


@dataclass(frozen=True)
class FoldPolicy:
    """`confirm` results make a failure; a result is valid for `patience` µs (None: 2.5 intervals and 5 s).

    Raises BadPolicy when a number is not positive or the patience is shorter than the interval.
    """

    interval_us: int
    confirm: int = 3
    patience: int | None = None

    def __post_init__(self) -> None:
        if self.interval_us <= 0:
            raise BadPolicy(field="interval_us", value=self.interval_us)
        if self.confirm < 1:
            raise BadPolicy(field="confirm", value=self.confirm)
        if self.patience is not None and self.patience < self.interval_us:
            raise BadPolicy(field="patience", value=self.patience)

    @property
    def valid_for_us(self) -> int:
        """How long a result stays valid, µs; silence beyond it is blindness. Never shorter than the interval."""
        return self.patience if self.patience is not None else self.interval_us * 5 // 2 + 5 * SECOND


class Why(StrEnum):
    """What made a transition."""

    CONFIRMED = "confirmed"
    IMPROVED = "improved"
    BLIND = "blind"
    SILENT = "silent"


class Transition(NamedTuple):
    """The state changed at `at`; `confirmed_at` is when that was known (the confirming result, or the sweep)."""

    at: Instant
    before: Observed
    after: Observed
    confirmed_at: Instant
    why: Why


@dataclass(frozen=True)
class FoldState:
    """Where the fold of one check stands.

    `seen` holds since `since`; results and sweeps have covered everything up to `seen_until`; `last_at` is the
    newest folded result (None before the first); `pending` are the failures waiting to be confirmed, oldest first.
    """

    seen: Observed
    since: Instant
    seen_until: Instant
    last_at: Instant | None = None
    pending: tuple[tuple[Instant, Observed], ...] = ()

    @classmethod
    def new(cls, at: Instant) -> "FoldState":
        """A check nobody has probed yet: unknown since `at`."""
        return cls(UNKNOWN, at, at)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; `from_json` restores an equal state."""
        return {
            "seen": str(self.seen),
            "since": self.since,
            "seen_until": self.seen_until,
            "last_at": self.last_at,
            "pending": [[at, str(seen)] for at, seen in self.pending],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FoldState":
        pending = tuple((at, Observed(seen)) for at, seen in data["pending"])
        return cls(Observed(data["seen"]), data["since"], data["seen_until"], data["last_at"], pending)


def fold(
    state: FoldState, results: Iterable[Result], policy: FoldPolicy
) -> tuple[FoldState, list[Transition], list[Result]]:
    """Fold a batch, in any order: the new state, the transitions for the ledger, and the late results (see `revise`).

    Exactly as if the results had come one by one: how they are cut into batches changes nothing. Raises UnknownState.
    """
    batch = sorted(results, key=lambda result: result[0])
    valid_for = policy.valid_for_us
    run = _Run(state, policy)
    settled = _settled_until(state, policy)
    last_at = state.last_at
    late: list[Result] = []
    for result in batch:
        at, seen = result[0], result[1]
        if at == last_at:
            continue
        if at <= settled:
            late.append(result)
            continue
        if last_at is not None and at - last_at > valid_for:
            run.go_silent(last_at, confirmed_at=at)
        if seen != UP or run.seen is not UP or run.pending:
            run.take(at, _known(seen))
        last_at = settled = at
    covered = state.seen_until if last_at is None else max(state.seen_until, last_at)
    return FoldState(run.seen, run.since, covered, last_at, tuple(run.pending)), run.transitions, late


def expire(state: FoldState, now: Instant, policy: FoldPolicy) -> tuple[FoldState, list[Transition]]:
    """The sweep: silence longer than a result is valid becomes unknown; `seen_until` moves to `now`, never back."""
    run = _Run(state, policy)
    if state.last_at is not None and now - state.last_at > policy.valid_for_us:
        run.go_silent(state.last_at, confirmed_at=now)
    covered = max(state.seen_until, now)
    swept = replace(state, seen=run.seen, since=run.since, seen_until=covered, pending=tuple(run.pending))
    return swept, run.transitions


def revise(
    interval_start: Instant, interval_end: Instant, late_results: Sequence[Result], policy: FoldPolicy
) -> ObservedTimeline:
    """What an unknown ledger interval becomes when late results fill it: pieces covering exactly [start, end).

    Results from before the interval count as far as they are still valid in it. A failure that the late results cannot
    confirm leaves its time unknown: nobody may claim the system was up then.
    """
    used = [result for result in late_results if result.at < interval_end]
    begin = min([interval_start, *(result.at for result in used)])
    state, transitions, _ = fold(FoldState.new(begin - policy.valid_for_us - 1), used, policy)
    swept, silent = expire(state, interval_end, policy)
    pieces = ledger(UNKNOWN, begin, [*transitions, *silent], interval_end)
    if swept.pending and swept.seen is not UNKNOWN:
        unsure: Interval = (swept.pending[0][0], interval_end)
        pieces = [*cut(pieces, begin, unsure[0]), (*unsure, UNKNOWN)]
    return joined(cut(pieces, interval_start, interval_end))


def ledger(first: Observed, start: Instant, transitions: Iterable[Transition], end: Instant) -> ObservedTimeline:
    """The timeline of [start, end) that the transitions make, the last state lasting until `end`."""
    pieces: ObservedTimeline = []
    seen, since = first, start
    for transition in transitions:
        pieces.append((since, transition.at, seen))
        seen, since = transition.after, transition.at
    return joined([*pieces, (since, end, seen)])


def _settled_until(state: FoldState, policy: FoldPolicy) -> Instant:
    """A result up to here is late: it is older than the newest, or falls into unknown time already published.

    Unknown time counts as published one validity after it passed, so that a result still on its way folds normally.
    """
    settled = state.since - 1
    if state.last_at is not None:
        settled = max(settled, state.last_at)
    if state.seen is UNKNOWN:
        settled = max(settled, state.seen_until - policy.valid_for_us)
    return settled


def _known(seen: str) -> Observed:
    try:
        return Observed(seen)
    except ValueError:
        raise UnknownState(value=seen) from None


class _Run:
    """The moving part of a fold: the state so far and the transitions it made."""

    def __init__(self, state: FoldState, policy: FoldPolicy) -> None:
        self.seen = state.seen
        self.since = state.since
        self.pending = list(state.pending)
        self.confirm = policy.confirm
        self.interval = policy.interval_us
        self.transitions: list[Transition] = []

    def take(self, at: Instant, seen: Observed) -> None:
        """One result, next in time, after any silence before it has been dealt with."""
        if seen is UNKNOWN:
            self._lose_sight(at, at, Why.BLIND)
        elif seen is UP:
            self.pending.clear()
            self._move(at, UP, at, Why.IMPROVED)
        elif seen is DEGRADED and self.seen is DOWN:
            self._move(at, DEGRADED, at, Why.IMPROVED)
        elif seen is DOWN or self.seen is not DEGRADED:
            self._fail(at, seen)
        else:
            self.pending.clear()

    def go_silent(self, last_at: Instant, *, confirmed_at: Instant) -> None:
        """No result came while the last one was valid: unknown from when the next one was due."""
        self._lose_sight(last_at + self.interval, confirmed_at, Why.SILENT)

    def _lose_sight(self, at: Instant, confirmed_at: Instant, why: Why) -> None:
        start = self.pending[0][0] if self.pending else at
        self.pending.clear()
        self._move(start, UNKNOWN, confirmed_at, why)

    def _fail(self, at: Instant, seen: Observed) -> None:
        """Rule 1: worsening needs `confirm` in a row at least that bad, and is dated back to the first of them."""
        if self.seen is DOWN:
            return
        self.pending.append((at, seen))
        if len(self.pending) < self.confirm:
            return
        first = self.pending[0][0]
        downs = self._trailing_downs()
        if len(downs) >= self.confirm:
            self.pending.clear()
            self._move(first, DOWN, at, Why.CONFIRMED)
        else:
            self.pending = downs
            self._move(first, DEGRADED, at, Why.CONFIRMED)

    def _trailing_downs(self) -> list[tuple[Instant, Observed]]:
        kept = len(self.pending)
        while kept and self.pending[kept - 1][1] is DOWN:
            kept -= 1
        return self.pending[kept:]

    def _move(self, at: Instant, after: Observed, confirmed_at: Instant, why: Why) -> None:
        if after is self.seen:
            return
        self.transitions.append(Transition(at, self.seen, after, confirmed_at, why))
        self.seen, self.since = after, at
