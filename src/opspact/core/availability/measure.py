"""Availability with what is missing beside it. Formulas, settings and a worked table: `docs/why/availability.md`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from opspact.core.availability.outages import Outage, count_outages
from opspact.core.errors import BadObjective
from opspact.core.explain import Explanation, Plain, Step
from opspact.core.instants import MINUTE, Instant
from opspact.core.intervals import Interval, clip, gaps, intersect, normalise, subtract, total, union
from opspact.core.states import Observed, State, Verdict
from opspact.core.timelines import ObservedTimeline, StateTimeline, cut, joined, ordered
from opspact.core.words import N_


class Granted(NamedTuple):
    """Time the client took out. `approved_at` None: asked for, not approved, so it counts for nothing."""

    kind: Literal["maintenance", "excused"]
    start: Instant
    end: Instant
    approved_at: Instant | None


@dataclass(frozen=True)
class Rules:
    """The readings the parties may choose; the defaults are those of the platform.

    `decide_on_observed_fraction`: from this observed fraction on (such as 0.95) the verdict rests on the availability
    itself, not on best and worst. `merge_gap_us` only counts outages, it never adds downtime.
    """

    decide_on_observed_fraction: Decimal | None = None
    unknown_is_down: bool = False
    degraded_is_down: bool = False
    merge_gap_us: int = 5 * MINUTE


@dataclass(frozen=True)
class Availability:
    """One system in one period. Durations in µs of agreed service time, ratios exact or None where nothing was there.

    `down_us`, `degraded_us`, `unknown_us` are what was seen; `counted_down_us` is what the rules make of it.
    `raw` is the availability with nothing excluded. `horizon` is where counting stopped: the period's end, or now.
    `timeline` covers the agreed service time only.
    """

    start: Instant
    horizon: Instant
    rules: Rules
    ast_us: int
    excluded_us: int
    unknown_us: int
    down_us: int
    degraded_us: int
    up_us: int
    counted_down_us: int
    availability: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    raw: Fraction | None
    observed_fraction: Fraction | None
    excluded_fraction: Fraction | None
    outages: tuple[Outage, ...]
    timeline: StateTimeline
    schedule: tuple[Interval, ...] | None
    in_service: tuple[Interval, ...]

    @property
    def outage_count(self) -> int:
        return len(self.outages)

    @property
    def longest_us(self) -> int:
        """Counted downtime of the longest outage; 0 without one."""
        return max((outage.down_us for outage in self.outages), default=0)

    @property
    def mttr_us(self) -> int | None:
        """Mean counted downtime of an outage, open ones up to the horizon; None without an outage."""
        return self.counted_down_us // len(self.outages) if self.outages else None

    @property
    def mtbf_us(self) -> int | None:
        """Mean counted uptime between outages: time seen in service and not down, by outages; None without one."""
        if not self.outages:
            return None
        return (self.ast_us - self.excluded_us - self.unknown_us - self._seen_down_us) // len(self.outages)

    def judge(self, objective: Decimal | Fraction) -> Verdict:
        """Against an objective as a fraction (96% is 0.96), exact and unrounded. Raises BadObjective."""
        goal = _objective(objective)
        if self.worst is None or self.best is None:
            return Verdict.NOT_APPLICABLE
        if self._decides_itself and self.availability is not None:
            return Verdict.MET if self.availability >= goal else Verdict.MISSED
        if self.worst >= goal:
            return Verdict.MET
        return Verdict.MISSED if self.best < goal else Verdict.UNDECIDABLE

    def budget_left(self, objective: Decimal | Fraction, term_end: Instant) -> int:
        """Downtime, µs, that may still happen until `term_end` with the objective met; below 0: met no more.

        All service time to come counts as observed. On the basis the verdict rests on, so without the observed-fraction
        setting what is unknown counts as down. Service time must be given up to `term_end`. Raises BadObjective.
        """
        goal = _objective(objective)
        to_come = total(_service_time(self.schedule, self.in_service, self.horizon, term_end))
        unknown = 0 if self._decides_itself else self.unknown_us
        measured = self.ast_us - self.excluded_us - self.unknown_us + unknown
        spent = self._seen_down_us + unknown
        return int((1 - goal) * (measured + to_come) // 1) - spent

    def explain(self, objective: Decimal | Fraction | None = None, clause: str = "") -> Explanation:
        """The arithmetic, step by step, with the verdict when an objective is given; `clause` is the contract's."""
        steps = [
            Step(N_("Agreed service time: %(ast_us)s."), {"ast_us": self.ast_us}),
            Step(N_("Excluded by approval: %(excluded_us)s."), {"excluded_us": self.excluded_us}),
            Step(N_("Unknown: %(unknown_us)s, never counted as up."), {"unknown_us": self.unknown_us}),
            Step(
                N_("Down: %(down_us)s, degraded: %(degraded_us)s, counted as down: %(counted_us)s."),
                {"down_us": self.down_us, "degraded_us": self.degraded_us, "counted_us": self.counted_down_us},
            ),
            Step(
                N_("Availability %(value_fraction)s, best %(best_fraction)s, worst %(worst_fraction)s."),
                {
                    "value_fraction": _text(self.availability),
                    "best_fraction": _text(self.best),
                    "worst_fraction": _text(self.worst),
                },
            ),
        ]
        if objective is not None:
            steps.append(
                Step(
                    N_("Objective %(objective_fraction)s: %(verdict)s."),
                    {"objective_fraction": _text(Fraction(objective)), "verdict": str(self.judge(objective))},
                )
            )
        return Explanation(
            rule=N_("(service time − excluded − unknown − down) ÷ (service time − excluded − unknown)"),
            clause=clause,
            inputs=self._inputs(),
            steps=tuple(steps),
        )

    def _inputs(self) -> dict[str, Plain]:
        threshold = self.rules.decide_on_observed_fraction
        return {
            "start_at": self.start,
            "horizon_at": self.horizon,
            "decide_on_observed_fraction": None if threshold is None else str(threshold),
            "unknown_is_down": self.rules.unknown_is_down,
            "degraded_is_down": self.rules.degraded_is_down,
            "merge_gap_us": self.rules.merge_gap_us,
        }

    @property
    def _seen_down_us(self) -> int:
        return self.down_us + (self.degraded_us if self.rules.degraded_is_down else 0)

    @property
    def _decides_itself(self) -> bool:
        threshold = self.rules.decide_on_observed_fraction
        if threshold is None or self.observed_fraction is None or self.rules.unknown_is_down:
            return False
        return self.observed_fraction >= Fraction(threshold)


def measure(
    observed: ObservedTimeline,
    granted: Iterable[Granted],
    *,
    period: Interval,
    in_service: Iterable[Interval],
    service_time: Iterable[Interval] | None = None,
    now: Instant,
    rules: Rules | None = None,
) -> Availability:
    """The availability of one system in `period`, nothing later than `now`.

    `in_service`: when the system was in service; `service_time`: the agreed hours (None: 7×24). What `observed` leaves
    open is unknown. Maintenance is excluded if approved before it starts, an excuse once approved; time in both counts
    once, as maintenance. Raises IntervalReversed, IntervalsOverlap (observed).
    """
    rules = rules or Rules()
    start, horizon = period[0], max(period[0], min(period[1], now))
    served = tuple(normalise(in_service))
    schedule = None if service_time is None else tuple(normalise(service_time))
    agreed = _service_time(schedule, served, start, horizon)
    seen = _by_state(observed, start, horizon)
    maintenance, excused = _granted(granted, now)
    excluded = intersect(agreed, union(maintenance, excused))
    left = subtract(agreed, excluded)
    pieces = {state: intersect(left, seen[state]) for state in Observed}
    us = {state: total(pieces[state]) for state in Observed}
    faulty = _counted_as_down(rules)
    counted = normalise(piece for state in faulty for piece in pieces[state])
    down = sum(us[state] for state in faulty if state is not Observed.UNKNOWN)
    value, best, worst = _bounds(total(left), us[Observed.UNKNOWN], down, rules)
    raw_us = {state: total(intersect(agreed, seen[state])) for state in Observed}
    raw_down = sum(raw_us[state] for state in faulty if state is not Observed.UNKNOWN)
    seen_down = normalise(piece for state in faulty for piece in seen[state])
    return Availability(
        start=start,
        horizon=horizon,
        rules=rules,
        ast_us=total(agreed),
        excluded_us=total(excluded),
        unknown_us=us[Observed.UNKNOWN],
        down_us=us[Observed.DOWN],
        degraded_us=us[Observed.DEGRADED],
        up_us=us[Observed.UP],
        counted_down_us=total(counted),
        availability=value,
        best=best,
        worst=worst,
        raw=_bounds(total(agreed), raw_us[Observed.UNKNOWN], raw_down, rules)[0],
        observed_fraction=_ratio(total(left) - us[Observed.UNKNOWN], total(left)),
        excluded_fraction=_ratio(total(excluded), total(agreed)),
        outages=tuple(count_outages(counted, seen_down, rules.merge_gap_us, horizon)),
        timeline=_six_states(agreed, pieces, maintenance, excluded),
        schedule=schedule,
        in_service=served,
    )


def percent(fraction: Fraction, places: int = 2) -> Decimal:
    """For display only: per cent, cut off and not rounded, so that 95.996 shows as 95.99 and never as met."""
    return Decimal(int(fraction * 100 * 10**places)).scaleb(-places)


def _service_time(
    schedule: Sequence[Interval] | None, in_service: Sequence[Interval], start: Instant, end: Instant
) -> list[Interval]:
    served = clip(in_service, start, end)
    return served if schedule is None else intersect(served, schedule)


def _by_state(observed: ObservedTimeline, start: Instant, end: Instant) -> dict[Observed, list[Interval]]:
    seen: dict[Observed, list[Interval]] = {state: [] for state in Observed}
    for begin, finish, state in joined(cut(ordered(observed), start, end)):
        seen[state].append((begin, finish))
    known = normalise(piece for pieces in seen.values() for piece in pieces)
    seen[Observed.UNKNOWN] = union(seen[Observed.UNKNOWN], gaps(known, start, end))
    return seen


def _granted(granted: Iterable[Granted], now: Instant) -> tuple[list[Interval], list[Interval]]:
    approved = [grant for grant in granted if grant.approved_at is not None and grant.approved_at <= now]
    maintenance = normalise(
        (grant.start, grant.end)
        for grant in approved
        if grant.kind == "maintenance" and grant.approved_at is not None and grant.approved_at <= grant.start
    )
    excused = normalise((grant.start, grant.end) for grant in approved if grant.kind == "excused")
    return maintenance, excused


def _counted_as_down(rules: Rules) -> list[Observed]:
    faulty = [Observed.DOWN]
    if rules.degraded_is_down:
        faulty.append(Observed.DEGRADED)
    if rules.unknown_is_down:
        faulty.append(Observed.UNKNOWN)
    return faulty


def _bounds(
    measured: int, unknown: int, down: int, rules: Rules
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Availability, best and worst; `measured` is the time not excluded, unknown included."""
    worst = _ratio(measured - unknown - down, measured)
    if rules.unknown_is_down:
        return worst, worst, worst
    return _ratio(measured - unknown - down, measured - unknown), _ratio(measured - down, measured), worst


def _six_states(
    agreed: list[Interval],
    pieces: dict[Observed, list[Interval]],
    maintenance: list[Interval],
    excluded: list[Interval],
) -> StateTimeline:
    timeline = [(start, end, State(seen)) for seen, intervals in pieces.items() for start, end in intervals]
    timeline += [(start, end, State.MAINTENANCE) for start, end in intersect(agreed, maintenance)]
    timeline += [(start, end, State.EXCUSED) for start, end in subtract(excluded, maintenance)]
    return ordered(timeline)


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _objective(objective: Decimal | Fraction) -> Fraction:
    goal = Fraction(objective)
    if not 0 < goal <= 1:
        raise BadObjective(value=str(objective))
    return goal


def _text(fraction: Fraction | None) -> str | None:
    return None if fraction is None else str(fraction)
