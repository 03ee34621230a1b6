"""The ledgers of several systems over one time, and the availability they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from opspact.core.availability.columns import Columns, Spans
from opspact.core.availability.combine import combine
from opspact.core.availability.expressions import Expression
from opspact.core.availability.grants import Granted
from opspact.core.availability.ledgers import SystemLedger
from opspact.core.availability.measure import Basis
from opspact.core.availability.result import Availability
from opspact.core.availability.rules import Rules
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
    _bases: dict[tuple[str, ...], Basis] = field(init=False, default_factory=dict, repr=False, compare=False)
    _measured: dict[tuple[tuple[str, ...], Interval], Availability] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

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

    def only(self, codes: Iterable[str]) -> Extract:
        """The same extract with some of its systems."""
        wanted = set(codes)
        systems = tuple(each for each in self.systems if each.code in wanted)
        return Extract(
            self.contract, self.simulated, self.start, self.end, self.now, self.rules, self.service_time, systems
        )

    def system(self, code: str) -> SystemLedger:
        return next(each for each in self.systems if each.code == code)

    def measure(self, codes: Sequence[str], period: Interval) -> Availability:
        """The availability of one system, or of several in series, in a period within the extract."""
        key = (tuple(codes), period)
        if key not in self._measured:
            self._measured[key] = self.basis(codes).measure(period)
        return self._measured[key]

    def basis(self, codes: Sequence[str]) -> Basis:
        """What one system, or several in series, is measured from; made once for all periods."""
        key = tuple(codes)
        if key not in self._bases:
            self._bases[key] = self._basis(key)
        return self._bases[key]

    @cached_property
    def _hours(self) -> Spans | None:
        return None if self.service_time is None else Spans.of(self.service_time, "service_time")

    def _basis(self, codes: tuple[str, ...]) -> Basis:
        served = [normalise(self.system(code).in_service) for code in codes]
        common = served[0]
        for other in served[1:]:
            common = intersect(common, other)
        return Basis.of(
            Columns.of(self._in_series(codes)),
            [grant for code in codes for grant in self.grants[code]],
            in_service=common,
            service_time=self._hours,
            now=self.now,
            rules=self.rules,
        )

    def _in_series(self, codes: Sequence[str]) -> ObservedTimeline:
        if len(codes) == 1:
            return self.observed[codes[0]]
        members = tuple(Expression(code=code) for code in codes)
        return combine(Expression(need=len(members), of=members), self.observed, self.start, self.end)
