"""One clock while its ticket's events are replayed over it."""

from collections.abc import Sequence

from opspact.core.calendars.work import WorkCalendar
from opspact.core.clocks.types import Clock, ClockState, ClockStep, Target
from opspact.core.explain import Plain
from opspact.core.instants import Instant
from opspact.core.words import N_


class ClockRun:
    """Counts working time segment by segment, so that elapsed time outlives a change of target or calendar."""

    def __init__(
        self, name: str, priority: str, target: Target, calendar: WorkCalendar, at: Instant, percents: Sequence[int]
    ) -> None:
        self.name = name
        self.priority = priority
        self.target = target
        self.calendar = calendar
        self.percents = percents
        self.started_at = self.since = at
        self.state = ClockState.RUNNING
        self.stopped_at: Instant | None = None
        self.deadline: Instant | None = None
        self.passed = False
        self.elapsed = 0
        self.paused = 0
        self.escalations: dict[int, Instant] = {}
        self.years: set[int] = set()
        self.steps: list[ClockStep] = []
        self._aim(at)
        self._note(at, N_("The clock starts with %(priority)s."), priority=priority)

    @property
    def ended(self) -> bool:
        return self.stopped_at is not None

    def pause(self, at: Instant, reason: str) -> None:
        """Wait, if the target may and is not waiting already."""
        if self.ended or self.state is ClockState.PAUSED:
            return
        if not self.target.pausable:
            self._count(at)
            self._note(at, N_("Waiting does not stop this clock (%(reason)s)."), reason=reason)
            return
        self._count(at)
        self._wait(at)
        self._note(at, N_("The clock pauses (%(reason)s)."), reason=reason)

    def ignore_pause(self, at: Instant, reason: str) -> None:
        """A pause for a reason the terms do not allow."""
        if not self.ended:
            self._count(at)
            self._note(at, N_("Not a reason to pause (%(reason)s); the clock runs on."), reason=reason)

    def resume(self, at: Instant) -> None:
        """Go on after a pause; nothing when not paused."""
        if self.state is not ClockState.PAUSED or self.ended:
            return
        self._count(at)
        self._go_on(at)
        self._note(at, N_("The clock goes on."))

    def retarget(self, at: Instant, priority: str, target: Target, calendar: WorkCalendar, *, waiting: bool) -> None:
        """New terms from `at` on; the elapsed time is kept, on whatever calendar it was counted."""
        self._count(at)
        self._adopt(priority, target, calendar)
        if waiting and target.pausable:
            self._wait(at)
        else:
            self._go_on(at)
        self._note(at, N_("The priority becomes %(priority)s; elapsed time is kept."), priority=priority)

    def finish(self, at: Instant, *, needed: bool, because: str) -> None:
        """The target is met, or (not `needed`) there is nothing left to meet; late is breached either way."""
        if self.ended:
            return
        self._count(at)
        if self.deadline is None:
            self._aim(at)
        self.stopped_at = at
        self.state = ClockState.BREACHED if self.passed else ClockState.MET if needed else ClockState.STOPPED
        self._forget_after(at)
        self._note(at, N_("The clock ends with “%(event)s”: %(state)s."), event=because, state=str(self.state))

    def reopen(self, at: Instant, priority: str, target: Target, calendar: WorkCalendar) -> None:
        """Go on from the elapsed time; the time in between was nobody's."""
        self.stopped_at = None
        self.since = at
        self._adopt(priority, target, calendar)
        self._go_on(at)
        self._note(at, N_("Reopened: the clock goes on from the elapsed time."))

    def read(self, now: Instant) -> Clock:
        """The clock at `now`, which is not before the last event."""
        if not self.ended:
            self._count(now)
        state = ClockState.BREACHED if self.passed and not self.ended else self.state
        return Clock(
            name=self.name,
            state=state,
            priority=self.priority,
            calendar_code=self.target.calendar_code,
            deadline=self.deadline,
            started_at=self.started_at,
            stopped_at=self.stopped_at,
            elapsed_us=self.elapsed,
            paused_us=self.paused,
            budget_us=self.target.duration_us,
            escalations=dict(self.escalations),
            provisional_years=tuple(sorted(self.years)),
            steps=tuple(self.steps),
        )

    def _count(self, at: Instant) -> None:
        us, years = self.calendar.working_between(self.since, at)
        self.years.update(years)
        if self.state is ClockState.PAUSED:
            self.paused += us
        else:
            self.elapsed += us
            self.passed = self.passed or (self.deadline is not None and at > self.deadline)
        self.since = at

    def _adopt(self, priority: str, target: Target, calendar: WorkCalendar) -> None:
        self.priority, self.target, self.calendar = priority, target, calendar
        if target.duration_us > self.elapsed:
            self.passed = False

    def _wait(self, at: Instant) -> None:
        self.state = ClockState.PAUSED
        if not self.passed:
            self.deadline = None
        self._forget_after(at)

    def _go_on(self, at: Instant) -> None:
        self.state = ClockState.RUNNING
        self._aim(at)

    def _aim(self, at: Instant) -> None:
        """Deadline and escalations, seen from `at` with what has elapsed; a deadline already passed stays."""
        budget = self.target.duration_us
        if not self.passed:
            self.deadline = self._after(at, budget - self.elapsed)
        before = self.escalations
        self.escalations = {}
        for percent in self.percents:
            ahead = budget * percent // 100 - self.elapsed
            self.escalations[percent] = self._after(at, ahead) if ahead > 0 else min(before.get(percent, at), at)

    def _after(self, at: Instant, working_us: int) -> Instant:
        answer = self.calendar.add_working(at, max(0, working_us))
        self.years.update(answer.provisional_years)
        return answer.at

    def _forget_after(self, at: Instant) -> None:
        self.escalations = {percent: instant for percent, instant in self.escalations.items() if instant <= at}

    def _note(self, at: Instant, text: str, **params: Plain) -> None:
        self.steps.append(ClockStep(at, text, self.elapsed, {**params, "deadline_at": self.deadline}))
