"""What `opspact calc sla` gives."""

from collections import Counter
from collections.abc import Sequence

from opspact.calc.language import Explained
from opspact.calc.values import Part, duration_text, instant_text
from opspact.core.clocks import TARGET_KINDS, Clock, follow_ups


class Escalation(Part):
    """When a share of the time is (or will be) used up."""

    percent: str
    at: str


class SegmentOut(Part):
    """What a part of the time gave."""

    start_at: str
    end_at: str
    counted: str
    """Working time, `h:mm:ss`."""
    calendar: str
    paused: bool
    """Whether it counted as paused, not as elapsed."""


class FollowUpsOut(Part):
    """Of a target that is due again and again: every due instant, those missed, and the next."""

    due: list[str]
    missed: list[str]
    next_at: str | None


class ClockOut(Part):
    """One target. Durations are working time on its calendar, `h:mm:ss`; instants are on the document's zone."""

    target: str
    round: int
    """From 0, of targets that start more than once."""
    party: str
    priority: str
    calendar: str
    state: str
    """running, paused, met, breached, or stopped: not needed any more. A breached one may still run."""
    started_at: str
    deadline_at: str | None
    """None while paused in time: it moves."""
    stopped_at: str | None
    budget: str
    elapsed: str
    paused: str
    remaining: str
    overdue: str
    escalations: list[Escalation]
    segments: list[SegmentOut]
    provisional_years: list[int]
    """Years it depends on whose holidays were not published."""
    follow_ups: FollowUpsOut | None
    """Over all rounds, with the last one; of targets such as `update`."""


class TicketOut(Part):
    """A ticket's clocks, earlier rounds first."""

    code: str
    read_at: str
    clocks: list[ClockOut]


class Output(Part):
    """The tickets in their order; how many clocks of each target ended how; the explanations."""

    tickets: list[TicketOut]
    summary: dict[str, dict[str, int]]
    """Target → state → clocks, rounds counted singly."""
    explain: list[Explained]


def clock_out(clock: Clock, kind: str, zone: str, *, last: bool) -> ClockOut:
    """One round; `last` tells of the follow-ups of all."""

    def instant(us: int | None) -> str | None:
        return None if us is None else instant_text(us, zone)

    follow = None
    if last and TARGET_KINDS[kind].every:
        found = follow_ups(clock)
        due, missed = ([instant_text(at, zone) for at in some] for some in (found.due, found.missed))
        follow = FollowUpsOut(due=due, missed=missed, next_at=instant(found.next_at))
    return ClockOut(
        target=clock.name,
        round=clock.round,
        party=clock.party,
        priority=clock.priority,
        calendar=clock.calendar_code,
        state=str(clock.state),
        started_at=instant_text(clock.started_at, zone),
        deadline_at=instant(clock.deadline),
        stopped_at=instant(clock.stopped_at),
        budget=duration_text(clock.budget_us),
        elapsed=duration_text(clock.elapsed_us),
        paused=duration_text(clock.paused_us),
        remaining=duration_text(clock.remaining_us),
        overdue=duration_text(clock.overdue_us),
        escalations=[
            Escalation(percent=str(percent), at=instant_text(at, zone)) for percent, at in clock.escalations.items()
        ],
        segments=[
            SegmentOut(
                start_at=instant_text(part.start_at, zone),
                end_at=instant_text(part.end_at, zone),
                counted=duration_text(part.counted_us),
                calendar=part.calendar_code,
                paused=part.paused,
            )
            for part in clock.segments
        ],
        provisional_years=list(clock.provisional_years),
        follow_ups=follow,
    )


def summary(tickets: Sequence[TicketOut]) -> dict[str, dict[str, int]]:
    """Target → state → how many clocks."""
    counted: dict[str, Counter[str]] = {}
    for ticket in tickets:
        for clock in ticket.clocks:
            counted.setdefault(clock.target, Counter())[clock.state] += 1
    return {target: dict(states) for target, states in counted.items()}
