"""One period of one system, cut by state: the intervals behind each figure, made when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from opspact.core.availability.columns import Columns, Spans
from opspact.core.availability.grants import Judged
from opspact.core.availability.outages import Outage, count_outages
from opspact.core.availability.rules import Rules
from opspact.core.instants import Instant
from opspact.core.intervals import Interval, normalise
from opspact.core.states import Observed, State
from opspact.core.timelines import StateTimeline


@dataclass(frozen=True, eq=False)
class Pieces:
    """`agreed` is the agreed service time from `start` to `horizon`, `excluded` what the grants take out of it."""

    start: Instant
    horizon: Instant
    agreed: Spans
    excluded: Spans
    columns: Columns
    granted: Judged
    rules: Rules

    @cached_property
    def left(self) -> Spans:
        """Agreed service time that is not excluded."""
        return self.agreed.minus(self.excluded)

    def seen(self, state: Observed) -> list[Interval]:
        """What is left, as far as it was seen in that state; the four are disjoint and together all that is left."""
        return self.left.both(self._in_period(state)).intervals()

    @cached_property
    def counted_down(self) -> list[Interval]:
        """What counts as down under the rules."""
        return self._of_faulty(self.seen)

    @cached_property
    def outages(self) -> tuple[Outage, ...]:
        """Counted on what was seen down, in and out of service time; see `count_outages`."""
        episodes = self._of_faulty(lambda state: self._in_period(state).intervals())
        return tuple(count_outages(self.counted_down, episodes, self.rules.merge_gap_us, self.horizon))

    def _in_period(self, state: Observed) -> Spans:
        return self.columns[state].within(self.start, self.horizon)

    def _of_faulty(self, pieces: Callable[[Observed], list[Interval]]) -> list[Interval]:
        if self.rules.faulty == (Observed.DOWN,):
            return pieces(Observed.DOWN)
        return normalise(piece for state in self.rules.faulty for piece in pieces(state))

    @cached_property
    def timeline(self) -> StateTimeline:
        """The six states over the agreed service time."""
        maintenance = self.agreed.both(self.granted.maintenance)
        excused = self.excluded.minus(maintenance)
        pieces = [(a, b, State(seen)) for seen in Observed for a, b in self.seen(seen)]
        pieces += [(a, b, State.MAINTENANCE) for a, b in maintenance.intervals()]
        pieces += [(a, b, State.EXCUSED) for a, b in excused.intervals()]
        return sorted(pieces)
