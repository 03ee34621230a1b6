"""What one system is computed from: its dated rules, the ledgers of its checks, and what was granted.

A grant for the system itself takes its time out. A grant for a check or a target takes out only the time in which
the system would have been up had the granted checks been: maintenance of one of two parallel lines excuses no outage
of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from opspact.core.availability.combine import combine_dated
from opspact.core.availability.errors import BadGrant
from opspact.core.availability.expressions import Expression
from opspact.core.availability.grants import EXCLUDING, Granted, Kind, spans_of
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise, subtract
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

DatedRule: TypeAlias = tuple[Instant | None, Instant | None, Expression]


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

    def seen(self, start: Instant, end: Instant) -> ObservedTimeline:
        """What was seen of the system in [start, end)."""
        return combine_dated(self.rules, self.checks, start, end)

    def grants(self, seen: ObservedTimeline, start: Instant, end: Instant, now: Instant) -> list[Granted]:
        """What was granted to the system, and what the grants of its checks are worth to it in [start, end).

        `seen` is the system's own timeline there. The latter come with the instant they begin at as their approval:
        whether that was in time has been judged here. Raises BadGrant.
        """
        return [*self.granted, *self._through_checks(seen, start, end, now)]

    def _through_checks(self, seen: ObservedTimeline, start: Instant, end: Instant, now: Instant) -> list[Granted]:
        self._check_kinds()
        kinds: list[tuple[Kind, dict[str, list[Interval]]]] = []
        for kind in EXCLUDING:
            spans = {key: spans_of(grants, kind, now) for key, grants in self.check_grants.items()}
            kinds.append((kind, {key: span for key, span in spans.items() if span}))
        if not any(spans for _, spans in kinds):
            return []
        found: list[Granted] = []
        checks = dict(self.checks)
        not_up = normalise(piece[:2] for piece in seen if piece[2] is not Observed.UP)
        for kind, spans in kinds:
            for key, span in spans.items():
                checks[key] = _as_up(checks.get(key, []), span)
            without = combine_dated(self.rules, checks, start, end)
            worth = intersect(not_up, normalise(piece[:2] for piece in without if piece[2] is Observed.UP))
            found += [Granted(kind, begin, finish, begin) for begin, finish in worth]
        return found

    def _check_kinds(self) -> None:
        """Unusable is said of a system, never of one check."""
        for grants in self.check_grants.values():
            for position, grant in enumerate(grants):
                if grant.kind not in EXCLUDING:
                    raise BadGrant(position=position, kind=grant.kind)


def _as_up(timeline: ObservedTimeline, span: Sequence[Interval]) -> ObservedTimeline:
    """The timeline with the span's time seen as up."""
    left: ObservedTimeline = []
    for start, end, seen in timeline:
        left += [(begin, finish, seen) for begin, finish in subtract([(start, end)], span)]
    return sorted([*left, *((start, end, Observed.UP) for start, end in span)])
