"""The calculating core on one core: each figure beside its limit, and twice the work beside the work.

`./opspact bench core`; some three minutes. Growth is the ratio of the processor time of 2n to that of n, in four
doublings; linear is 2, n log n (unions sort) 2.1, quadratic 4. Their geometric mean is held against 2.4 and each one
against 3, since caches and neighbours on the machine move a single one by a fifth.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import chinese_calendar

from bench.common import Report
from opspact.core.availability import Spans, measure
from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import Event, EventKind, Replayer, ServiceTerms, Target
from opspact.core.instants import DAY, HOUR, MINUTE
from opspact.core.intervals import Interval, normalise
from opspact.core.states import Observed
from opspact.core.timelines import ObservedTimeline

SYSTEMS, OUTAGES = 1_000, 1_000
TICKETS, DAYS, INTERVALS = 100_000, 100_000, 1_000_000
GROWTH, EACH = 2.4, 3
DOUBLINGS = 4
ROUNDS = 7
OFFICE = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))


def china() -> WorkCalendar:
    """Office hours with the State Council's days."""
    days = chinese_calendar.constants
    return WorkCalendar(
        "cn", "Asia/Shanghai", dict.fromkeys(range(5), OFFICE), frozenset(days.holidays), frozenset(days.workdays)
    )


CALENDAR = china()
START = CALENDAR.day_start(date(2022, 7, 6))
END = START + 365 * DAY


def main() -> int:
    report = Report()
    _availability(report)
    _replays(report)
    _working_days(report)
    _unions(report)
    _roster(report)
    return report.exit_code


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this thread: what others do on the machine is not counted, beyond what they do to the caches.

    What was made before is frozen, so that the collector of cycles does not walk the inputs again and again.
    """
    gc.collect()
    gc.freeze()
    started = time.thread_time()
    work()
    taken = time.thread_time() - started
    gc.unfreeze()
    return taken


def _limited(report: Report, what: str, work: Callable[[], object], limit: float, runs: int = 5) -> None:
    taken = min(seconds(work) for _ in range(runs))
    report.add(what, f"{taken:.2f} s", f"< {limit:g} s", holds=taken < limit)


def _growth(report: Report, what: str, prepared: Callable[[int], Callable[[], object]], largest: int) -> None:
    """`prepared(n)` gives the work on n; largest ÷ 2^DOUBLINGS is the least n.

    All sizes take turns, so that a slow minute of the machine meets all of them.
    """
    sizes = [largest >> (DOUBLINGS - i) for i in range(DOUBLINGS + 1)]
    works = [prepared(n) for n in sizes]
    rounds = [[seconds(work) for work in works] for _ in range(ROUNDS)]
    times = [min(taken) for taken in zip(*rounds, strict=True)]
    ratios = [after / before for before, after in pairwise(times)]
    mean = (times[-1] / times[0]) ** (1 / DOUBLINGS)
    value = f"{mean:.2f} ({' '.join(f'{ratio:.1f}' for ratio in ratios)})"
    holds = mean <= GROWTH and max(ratios) <= EACH
    report.add(f"{what}: {sizes[0]:,} → {sizes[-1]:,}", value, f"≤ {GROWTH}", holds=holds)


# Availability


def ledger(outages: int, chance: random.Random) -> ObservedTimeline:
    """A year up with so many outages of some minutes, in order and apart."""
    width = (END - START) // outages
    pieces: ObservedTimeline = []
    at = START
    for i in range(outages):
        down = START + i * width + chance.randrange(1, width // 2)
        ends = down + chance.randrange(1, min(width // 2, 30 * MINUTE))
        pieces += [(at, down, Observed.UP), (down, ends, Observed.DOWN)]
        at = ends
    return [*pieces, (at, END, Observed.UP)]


def _measure_all(ledgers: list[ObservedTimeline], service_time: Spans | None) -> None:
    for each in ledgers:
        measure(each, [], period=(START, END), in_service=[(START, END)], service_time=service_time, now=END)


def _availability(report: Report) -> None:
    chance = random.Random(1)
    ledgers = [ledger(OUTAGES, chance) for _ in range(SYSTEMS)]
    office = Spans.of(CALENDAR.working_intervals(START, END), "service_time")
    what = f"availability, {SYSTEMS:,} systems × {OUTAGES:,} outages in a year"
    _limited(report, f"{what}, 7×24", lambda: _measure_all(ledgers, None), 1)
    _limited(report, f"{what}, 5×8", lambda: _measure_all(ledgers, office), 1)

    def outages(n: int) -> Callable[[], None]:
        few = [ledger(n, chance) for _ in range(10)]
        return lambda: _measure_all(few, office)

    _growth(report, "  growth with systems", lambda n: lambda: _measure_all(ledgers[:n], office), SYSTEMS)
    _growth(report, "  growth with outages of 10 systems", outages, 32_000)


# SLA clocks


def replayer() -> Replayer:
    """Four targets on office hours and round the clock, two priorities."""
    calendars = {"cn": CALENDAR, "24x7": WorkCalendar.always("Asia/Shanghai")}
    targets = {
        "response": Target(30 * MINUTE, "cn", pausable=False),
        "arrival": Target(2 * HOUR, "cn"),
        "restore": Target(8 * HOUR, "cn"),
        "resolve": Target(24 * HOUR, "24x7"),
    }
    return Replayer({code: ServiceTerms(code, targets) for code in ("P2", "P3")}, calendars)


def ticket(chance: random.Random) -> list[Event]:
    """Ten events: two pauses, a change of priority, everything reached."""
    at = [START + chance.randrange(300 * DAY)]
    for _ in range(9):
        at.append(at[-1] + chance.randrange(MINUTE, 10 * HOUR))
    pause = {"reason": "user", "allowed": True}
    return [
        Event(at[0], EventKind.OPENED, {"priority": "P3"}),
        Event(at[1], EventKind.RESPONDED),
        Event(at[2], EventKind.PAUSED, pause),
        Event(at[3], EventKind.RESUMED, {"reason": "user"}),
        Event(at[4], EventKind.PRIORITY, {"priority": "P2"}),
        Event(at[5], EventKind.ARRIVED),
        Event(at[6], EventKind.PAUSED, pause),
        Event(at[7], EventKind.RESUMED, {"reason": "user"}),
        Event(at[8], EventKind.RESTORED),
        Event(at[9], EventKind.RESOLVED),
    ]


def _replays(report: Report) -> None:
    chance = random.Random(2)
    tickets = [ticket(chance) for _ in range(TICKETS)]
    made = replayer()

    def work(n: int) -> Callable[[], None]:
        def run() -> None:
            for events in tickets[:n]:
                made.replay(events, END)

        return run

    what = f"SLA clocks, {TICKETS:,} replays with 10 events and 4 targets"
    _limited(report, what, work(TICKETS), 10, runs=1)
    _growth(report, "  growth with tickets", work, TICKETS // 5)


# Calendars and intervals


def _working_days(report: Report) -> None:
    chance = random.Random(3)
    first = date(2022, 1, 1)
    asked = [(first + timedelta(days=chance.randrange(700)), chance.randrange(1, 60)) for _ in range(8 * DAYS)]

    def work(n: int) -> Callable[[], None]:
        def run() -> None:
            for day, number in asked[:n]:
                CALENDAR.nth_working_day(day, number)

        return run

    _limited(report, f"the nth working day, {DAYS:,} times", work(DAYS), 1)
    _growth(report, "  growth with questions", work, 8 * DAYS)

    def further(n: int) -> Callable[[], None]:
        return lambda: [CALENDAR.nth_working_day(date(2022, 7, 6), n) for _ in range(2_000)]

    _growth(report, "  growth with n", further, 8_000)


def _unions(report: Report) -> None:
    chance = random.Random(4)
    starts = [chance.randrange(END - START) for _ in range(INTERVALS)]
    intervals: list[Interval] = [(at, at + chance.randrange(MINUTE)) for at in starts]
    _limited(report, f"union of {INTERVALS:,} intervals in any order", lambda: normalise(intervals), 5)
    _growth(report, "  growth with intervals (n log n)", lambda n: lambda: normalise(intervals[:n]), INTERVALS)


# Rosters


def _roster(report: Report) -> None:
    """Wall clock and not processor time: this is what the person at the screen waits for."""
    try:
        import ortools  # noqa: F401 - says whether the extra is there
    except ImportError:
        report.add("a fair month for 9 people (CP-SAT)", "extra roster is not installed", "< 10 s", holds=False)
        return
    from bench.month import month
    from opspact.core.rosters.generate import Roster, generate

    problem = month(CALENDAR)
    started = time.monotonic()
    answer = generate(problem, seconds=10, seed=1)
    taken = time.monotonic() - started
    assert isinstance(answer, Roster)
    report.add(f"a fair month for {len(problem.people)} people (CP-SAT)", f"{taken:.1f} s", "< 10 s", holds=taken < 10)
    report.add("  its weight / what none can be below", f"{answer.cost / answer.bound:.3f}")


if __name__ == "__main__":
    sys.exit(main())
