"""One system's ledgers, and the availability they make.

A grant for the system itself takes its time out. A grant for a check or a target takes out only the time in which
the system would have been up had the granted checks been: maintenance of one of two parallel lines excuses no outage
of both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from opspact.core.availability import Availability, Granted, Rules, measure
from opspact.core.combine import combine, combine_dated
from opspact.core.expressions import Expression
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise, subtract
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

DatedRule = tuple[Instant | None, Instant | None, Expression]


@dataclass(frozen=True)
class SystemLedger:
    """Everything that one system's availability is computed from, in µs. `weight` is its importance in a mean.

    `rules` are dated expressions over the keys of `checks`. `granted` is for the system, `check_grants` by check key.
    """

    code: str
    name: str
    in_service: tuple[Interval, ...]
    rules: tuple[DatedRule, ...]
    checks: Mapping[str, ObservedTimeline]
    granted: tuple[Granted, ...] = ()
    check_grants: Mapping[str, tuple[Granted, ...]] = field(default_factory=dict)
    weight: int = 1

    @property
    def is_watched(self) -> bool:
        return any(rule.codes() for _, _, rule in self.rules)


@dataclass(frozen=True)
class Extract:
    """The ledgers of several systems over [start, end), read at `now`, and the readings that turn them into figures.

    `service_time` None is 7×24. `simulated` is the contract's: one extract never holds both.
    """

    contract: str
    simulated: bool
    start: Instant
    end: Instant
    now: Instant
    rules: Rules
    service_time: tuple[Interval, ...] | None
    systems: tuple[SystemLedger, ...]
    _measured: dict[tuple[tuple[str, ...], Interval], Availability] = field(default_factory=dict, repr=False)

    @cached_property
    def observed(self) -> dict[str, ObservedTimeline]:
        """What was seen of each system, by code, over the whole extract."""
        return {each.code: combine_dated(each.rules, each.checks, self.start, self.end) for each in self.systems}

    @cached_property
    def grants(self) -> dict[str, list[Granted]]:
        """What was granted to each system, by code: its own grants, and what those of its checks are worth to it."""
        return {each.code: [*each.granted, *self._through_checks(each)] for each in self.systems}

    def system(self, code: str) -> SystemLedger:
        return next(each for each in self.systems if each.code == code)

    def measure(self, codes: Sequence[str], period: Interval) -> Availability:
        """The availability of one system, or of several in series, in a period within the extract."""
        key = (tuple(codes), period)
        if key not in self._measured:
            self._measured[key] = self._measure(codes, period)
        return self._measured[key]

    def _measure(self, codes: Sequence[str], period: Interval) -> Availability:
        served = [normalise(self.system(code).in_service) for code in codes]
        common = served[0]
        for other in served[1:]:
            common = intersect(common, other)
        return measure(
            self._in_series(codes, period),
            [grant for code in codes for grant in self.grants[code]],
            period=period,
            in_service=common,
            service_time=self.service_time,
            now=self.now,
            rules=self.rules,
        )

    def _in_series(self, codes: Sequence[str], period: Interval) -> ObservedTimeline:
        seen = {code: within(self.observed[code], *period) for code in codes}
        if len(codes) == 1:
            return seen[codes[0]]
        members = tuple(Expression(code=code) for code in codes)
        return combine(Expression(need=len(members), of=members), seen, *period)

    def _through_checks(self, system: SystemLedger) -> list[Granted]:
        """Approved grants of checks as grants of the system: where it was not up, and would have been without them."""
        kinds: list[tuple[str, dict[str, list[Interval]]]] = []
        for kind in ("maintenance", "excused"):
            spans = {key: self._valid(grants, kind) for key, grants in system.check_grants.items()}
            kinds.append((kind, {key: span for key, span in spans.items() if span}))
        if not any(spans for _, spans in kinds):
            return []
        found: list[Granted] = []
        checks = dict(system.checks)
        not_up = [piece[:2] for piece in self.observed[system.code] if piece[2] is not Observed.UP]
        for kind, spans in kinds:
            for key, span in spans.items():
                checks[key] = _as_up(checks.get(key, []), span)
            without = combine_dated(system.rules, checks, self.start, self.end)
            worth = intersect(normalise(not_up), normalise(piece[:2] for piece in without if piece[2] is Observed.UP))
            found += [Granted(kind, start, end, start) for start, end in worth]  # type: ignore[arg-type]
        return found

    def _valid(self, grants: Sequence[Granted], kind: str) -> list[Interval]:
        """Approved by now, and maintenance approved before it starts: core's rule for a system's own grants."""
        return normalise(
            (grant.start, grant.end)
            for grant in grants
            if grant.kind == kind
            and grant.approved_at is not None
            and grant.approved_at <= (grant.start if kind == "maintenance" else self.now)
        )


def _as_up(timeline: ObservedTimeline, span: list[Interval]) -> ObservedTimeline:
    """The timeline with the span's time seen as up."""
    left: ObservedTimeline = []
    for start, end, seen in timeline:
        left += [(begin, finish, seen) for begin, finish in subtract([(start, end)], span)]
    return sorted([*left, *((start, end, Observed.UP) for start, end in span)])


def within(timeline: ObservedTimeline, start: Instant, end: Instant) -> ObservedTimeline:
    """The pieces of an ordered timeline that touch [start, end), uncut: a month is found in a year by bisection."""
    first = bisect_right(timeline, start, key=itemgetter(1))
    last = bisect_left(timeline, end, key=itemgetter(0))
    return timeline[first:last]
