"""What a service clock says: the facts at once, everything else when somebody asks."""

from dataclasses import dataclass, field
from typing import Protocol

from opspact.core.clocks import marks
from opspact.core.clocks.run import ClockRun
from opspact.core.clocks.types import ClockState, ClockStep, Percent, Segment
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.words import N_


class Story(Protocol):
    """Where a clock comes from: the ticket's replay, which can be had again with a step for each event."""

    marks: tuple[marks.Mark, ...]

    def steps_of(self, name: str, number: int) -> tuple[ClockStep, ...]:
        """The steps of a target's round."""


@dataclass(slots=True, eq=False)
class Clock:
    """One target of one ticket, as read. Durations are working µs on the target's calendar, instants µs UTC.

    `deadline` is None while paused in time, because it moves. `round` counts from 0; `earlier` are the rounds before
    this one, of targets that start more than once. Do not change a clock: replay the events.
    """

    name: str
    state: ClockState
    priority: str
    calendar_code: str
    deadline: Instant | None
    started_at: Instant
    stopped_at: Instant | None
    elapsed_us: int
    paused_us: int
    budget_us: int
    round: int
    earlier: tuple["Clock", ...]
    _run: ClockRun = field(repr=False)
    _story: Story = field(repr=False)

    @property
    def party(self) -> str:
        """The group or vendor whose target it is; empty for the ticket's own."""
        return self._run.aim.party

    @property
    def remaining_us(self) -> int:
        """Working time left of the budget, not below zero."""
        return max(0, self.budget_us - self.elapsed_us)

    @property
    def overdue_us(self) -> int:
        """Working time that has counted since the deadline; zero unless breached."""
        return self.elapsed_us - self._run.due_elapsed if self.state is ClockState.BREACHED else 0

    @property
    def escalations(self) -> dict[Percent, Instant]:
        """Per cent of the budget → the instant it is, or will be, used up; absent if it never can be."""
        return marks.escalations(self._run, self._story.marks)

    @property
    def segments(self) -> list[Segment]:
        """What the elapsed time and the pauses are made of, in order, up to the reading."""
        return [
            Segment(start, end, us, aim.calendar_code, paused)
            for start, end, us, paused, aim in self._run.spans
            if end > start
        ]

    @property
    def provisional_years(self) -> tuple[int, ...]:
        """The years it depends on whose holidays were not published when the calendar was made."""
        years: set[int] = set()
        for start, end, _us, _paused, aim in self._run.spans:
            years.update(aim.calendar.provisional_us(start, end))
        if self.deadline is not None:
            start = self._run.spans[-1][0]
            years.update(self._run.aim.calendar.provisional_us(start, max(start, self.deadline)))
        return tuple(sorted(years))

    @property
    def steps(self) -> tuple[ClockStep, ...]:
        """The reason for each step; the replay is made once more to tell it."""
        return self._story.steps_of(self.name, self.round)

    def explain(self, clause: str = "") -> Explanation:
        """The events that made this reading, in order."""
        return Explanation(
            rule=N_("The deadline is the instant by which the target's working time has run, pauses left out."),
            clause=clause,
            inputs={
                "target": self.name,
                "priority": self.priority,
                "calendar": self.calendar_code,
                "budget_us": self.budget_us,
                "started_at": self.started_at,
            },
            steps=tuple(
                Step(step.text, {"event_at": step.at, "elapsed_us": step.elapsed_us, **step.params})
                for step in self.steps
            ),
        )


@dataclass(frozen=True)
class FollowUps:
    """When a clock of a kind that is due `every` so often was due: all instants in order, those missed, the next one.

    `next_at` is None while paused and once nothing is due any more.
    """

    due: list[Instant]
    missed: list[Instant]
    next_at: Instant | None


def follow_ups(clock: Clock) -> FollowUps:
    """The due instants over all rounds of the clock, such as of the target "update"."""
    due: list[Instant] = []
    missed: list[Instant] = []
    next_at: Instant | None = None
    for each in (*clock.earlier, clock):
        late, next_at = marks.due_instants(each._run)
        missed += late
        due += late
        if not late and each.stopped_at is not None and each.deadline is not None:
            due.append(each.deadline)
    return FollowUps(due if next_at is None else [*due, next_at], missed, next_at)
