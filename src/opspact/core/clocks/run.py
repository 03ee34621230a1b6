"""One clock while its ticket's events are replayed over it: whole numbers in, a list of spans out."""

from typing import NamedTuple, TypeAlias

from opspact.core.calendars.work import WorkCalendar
from opspact.core.clocks.kinds import TargetKind
from opspact.core.clocks.types import ClockState, ClockStep
from opspact.core.explain import Plain
from opspact.core.instants import Instant
from opspact.core.words import N_


class Aim(NamedTuple):
    """A target of one priority, ready to be counted."""

    name: str
    kind: TargetKind
    budget: int
    pausable: bool
    party: str
    priority: str
    calendar_code: str
    calendar: WorkCalendar


Span: TypeAlias = tuple[Instant, Instant, int, bool, Aim]
"""(start, end, working µs in it, paused, aim); empty ones mark where a budget was aimed anew."""


class ClockRun:
    """Counts working time span by span, so that elapsed time outlives a change of target or calendar.

    `due`, and `due_elapsed` at that instant, hold once the clock is late, has ended or has been read.
    """

    __slots__ = (
        "aim",
        "because",
        "due",
        "due_elapsed",
        "elapsed",
        "late",
        "notes",
        "paused",
        "round",
        "since",
        "spans",
        "started",
        "stopped",
        "verdict",
        "waiting",
    )

    def __init__(self, aim: Aim, at: Instant, *, number: int, notes: list[ClockStep] | None) -> None:
        self.aim = aim
        self.round = number
        self.started = self.since = at
        self.waiting = self.late = False
        self.stopped: Instant | None = None
        self.verdict = ClockState.RUNNING
        self.because = ""
        self.due: Instant | None = None
        self.elapsed = self.paused = self.due_elapsed = 0
        self.spans: list[Span] = []
        self.notes = notes
        if notes is not None:
            self._note(at, N_("The clock starts with %(priority)s."), priority=aim.priority)

    def pause(self, at: Instant, reason: str) -> None:
        """Wait, if the target may and is not waiting already."""
        if self.stopped is not None:
            return
        if self.waiting:
            if self.notes is not None:
                self._note(at, N_("Waiting for another reason as well (%(reason)s)."), reason=reason)
        elif not self.aim.pausable:
            self.remark(at, N_("Waiting does not stop this clock (%(reason)s)."), reason=reason)
        else:
            self._close(at)
            self.waiting = True
            if self.notes is not None:
                self._note(at, N_("The clock pauses (%(reason)s)."), reason=reason)

    def resume(self, at: Instant) -> None:
        """Go on after a pause; nothing when not paused."""
        if self.waiting and self.stopped is None:
            self._close(at)
            self.waiting = False
            if self.notes is not None:
                self._note(at, N_("The clock goes on."))

    def retarget(self, at: Instant, aim: Aim, *, waiting: bool, text: str, **params: Plain) -> None:
        """New terms from `at` on; the elapsed time is kept, on whatever calendar it was counted."""
        self._close(at)
        self._adopt(aim)
        self.waiting = waiting and aim.pausable
        if self.notes is not None:
            self._note(at, text, **params)

    def finish(self, at: Instant, *, needed: bool, because: str) -> None:
        """The target is met, or (not `needed`) there is nothing left to meet; late is breached either way."""
        if not self.waiting:
            self._aim_deadline()
            self._close(at)
        else:
            self._close(at)
            self._aim_deadline()
        self.stopped, self.because = at, because
        self.verdict = ClockState.BREACHED if self.late else ClockState.MET if needed else ClockState.STOPPED
        if self.notes is not None:
            text = N_("The clock ends with “%(event)s”: %(state)s.")
            self._note(at, text, event=because, state=str(self.verdict))

    def reopen(self, at: Instant, aim: Aim, *, waiting: bool, text: str, **params: Plain) -> None:
        """Go on from the elapsed time; the time in between was nobody's."""
        self.stopped, self.since = None, at
        self._adopt(aim)
        self.waiting = waiting and aim.pausable
        if self.notes is not None:
            self._note(at, text, **params)

    def read(self, now: Instant) -> None:
        """Count up to `now`, which is not before the last event; no event follows."""
        if self.stopped is not None:
            return
        if self.waiting:
            self._close(now)
            self.due = self.due if self.late else None
            self.verdict = ClockState.BREACHED if self.late else ClockState.PAUSED
        else:
            self._aim_deadline()
            self._close(now)
            self.verdict = ClockState.BREACHED if self.late else ClockState.RUNNING

    def remark(self, at: Instant, text: str, **params: Plain) -> None:
        """Write down that an event changed nothing."""
        if self.notes is not None and self.stopped is None:
            self._note(at, text, **params)

    def _close(self, at: Instant) -> None:
        since, aim = self.since, self.aim
        us = aim.calendar.worked_us(since, at) if at > since else 0
        if self.waiting:
            self.paused += us
        else:
            if not self.late and self.elapsed + us >= aim.budget:
                self._aim_deadline()
                self.late = at > self.due  # type: ignore[operator]
            self.elapsed += us
        self.spans.append((since, at, us, self.waiting, aim))
        self.since = at

    def _adopt(self, aim: Aim) -> None:
        self.aim = aim
        if aim.budget > self.elapsed:
            self.late = False

    def _aim_deadline(self) -> None:
        """Seen from the start of this span with what had elapsed; one that has passed stays."""
        if not self.late:
            left = self.aim.budget - self.elapsed
            self.due = self.aim.calendar.after_us(self.since, left) if left > 0 else self.since
            self.due_elapsed = self.elapsed + max(0, left)

    def _note(self, at: Instant, text: str, **params: Plain) -> None:
        """A step, with the elapsed time and the deadline as they are known at `at`, perhaps within a span."""
        assert self.notes is not None
        elapsed, due = self.elapsed, self.due
        if self.stopped is None and not self.waiting:
            self._aim_deadline()
            due = self.due
            elapsed += self.aim.calendar.worked_us(self.since, at)
        elif self.stopped is None and not self.late:
            due = None
        self.notes.append(ClockStep(at, text, elapsed, {**params, "deadline_at": due}))
