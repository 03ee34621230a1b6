"""The ledgers of several systems over one time, and the availability they make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from opspact.core.availability import Availability, Granted, Rules, measure
from opspact.core.availability.combine import combine
from opspact.core.availability.expressions import Expression
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, intersect, normalise
from opspact.core.timelines import ObservedTimeline


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
        return {each.code: each.seen(self.start, self.end) for each in self.systems}

    @cached_property
    def grants(self) -> dict[str, list[Granted]]:
        """What was granted to each system, by code: its own grants, and what those of its checks are worth to it."""
        return {
            each.code: each.grants(self.observed[each.code], self.start, self.end, self.now) for each in self.systems
        }

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


def within(timeline: ObservedTimeline, start: Instant, end: Instant) -> ObservedTimeline:
    """The pieces of an ordered timeline that touch [start, end), uncut: a month is found in a year by bisection."""
    first = bisect_right(timeline, start, key=itemgetter(1))
    last = bisect_left(timeline, end, key=itemgetter(0))
    return timeline[first:last]
