"""计算机终端可用性: 1 − fault terminal-hours ÷ terminal-hours owed, or terminals found in order ÷ inspected."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation, Step
from opspact.core.intervals import Interval, clip, intersect, normalise
from opspact.core.kpi.answers import (
    LATER,
    OUTSIDE,
    Answer,
    Asked,
    Role,
    Used,
    check_reading,
    closing_steps,
    inputs,
    refuse_twins,
    sift,
)
from opspact.core.kpi.errors import BadParameter, RestoredTooEarly, UnknownTerminal
from opspact.core.kpi.figures import Figure, ratio_figure
from opspact.core.kpi.records import Inspection, Terminal, TerminalFault
from opspact.core.kpi.rules.base import rule
from opspact.core.words import N_

METHODS = {
    "fault_hours": N_("1 − fault terminal-hours in service time ÷ (terminals × hours of service time)"),
    "inspected_ok": N_("Terminals found in order ÷ terminals inspected"),
}
COUNTS = N_("Its time within service time counts.")
NO_HOURS = N_("None of it falls into service time while the terminal was in service.")
OTHER_KIND = N_("Terminals of this kind are not counted here.")
IN_ORDER = N_("The terminal was found in order.")
NOT_IN_ORDER = N_("The terminal was found not in order.")
NOTHING = N_("Nothing was in service in this period.")


@dataclass(frozen=True)
class TerminalReading:
    """`kinds` count together; each of `separate_kinds` is shown beside by itself (mobile terminals).

    `calendar` is the service time (5×8, or 7×24). Raises UnknownReading, BadParameter.
    """

    calendar: WorkCalendar
    kinds: tuple[str, ...] = ("pc",)
    separate_kinds: tuple[str, ...] = ("mobile",)
    method: str = "fault_hours"
    spare_stops_clock: bool = True

    def __post_init__(self) -> None:
        check_reading("method", self.method, tuple(METHODS))
        if not self.kinds:
            raise BadParameter(name="kinds", value="[]")
        if both := sorted(set(self.kinds) & set(self.separate_kinds)):
            raise BadParameter(name="separate_kinds", value=both[0])


@dataclass(frozen=True)
class TerminalTime:
    """Terminal-time in µs of service time: what was owed, and what of it was faulty; by fault, its own part."""

    owed_us: int
    faulty_us: int
    by_fault: Mapping[str, int] = field(default_factory=dict)

    @property
    def figure(self) -> Figure:
        """Nothing owed is not applicable, not 100%."""
        if not self.owed_us:
            return Figure(None, None, None)
        value = 1 - Fraction(self.faulty_us, self.owed_us)
        return Figure(value, value, value)


@rule("terminal_availability")
def terminal_availability(
    terminals: Sequence[Terminal],
    faults: Sequence[TerminalFault],
    inspections: Sequence[Inspection],
    asked: Asked,
    reading: TerminalReading,
) -> Answer:
    """The ledger of terminals with the faults, or the inspections, in the period up to now.

    Raises RecordTwice, UnknownTerminal, RestoredTooEarly, OutOfReach.
    """
    refuse_twins(terminals)
    kind_of = {terminal.id: terminal.kind for terminal in terminals}
    if reading.method == "inspected_ok":
        return _inspected(kind_of, inspections, asked, reading)
    _check(faults, kind_of)
    time = terminal_time(terminals, faults, asked, reading, reading.kinds)
    beside = {kind: terminal_time(terminals, faults, asked, reading, (kind,)).figure for kind in reading.separate_kinds}
    verdict = asked.objective.judge(time.figure)
    provisional = reading.calendar.working_between(asked.period[0], asked.horizon).provisional_years
    return Answer(
        rule="terminal_availability",
        figure=time.figure,
        objective=asked.objective,
        verdict=verdict,
        used=tuple(_role(fault, kind_of, time, asked, reading) for fault in faults),
        reason="" if time.owed_us else NOTHING,
        beside=beside,
        explanation=Explanation(
            METHODS[reading.method],
            asked.clause,
            _readings(asked, reading),
            (
                Step(
                    N_("Terminals of these kinds: %(count)s; terminal-hours owed: %(owed_us)s."),
                    {"count": sum(kind in reading.kinds for kind in kind_of.values()), "owed_us": time.owed_us},
                ),
                Step(
                    N_("Faults that count: %(count)s; fault terminal-hours: %(faulty_us)s."),
                    {"count": len(time.by_fault), "faulty_us": time.faulty_us},
                ),
                *(Step(N_("The holidays of %(year)s are not published yet."), {"year": year}) for year in provisional),
                *closing_steps(time.figure, asked, verdict, ratio=True),
            ),
        ),
    )


def terminal_time(
    terminals: Sequence[Terminal],
    faults: Sequence[TerminalFault],
    asked: Asked,
    reading: TerminalReading,
    kinds: Collection[str],
) -> TerminalTime:
    """The terminal-time of these kinds. Faults of one terminal that overlap count once in the sum."""
    by_terminal: dict[str, list[tuple[str, Interval]]] = defaultdict(list)
    for fault in faults:
        span = faulty_span(fault, asked, reading)
        if span[0] < span[1]:
            by_terminal[fault.terminal].append((fault.id, span))
    owed = faulty = 0
    by_fault: dict[str, int] = {}
    hours: dict[Interval, int] = {}
    for terminal in terminals:
        if terminal.kind not in kinds:
            continue
        served = clip(normalise(terminal.in_service), asked.period[0], asked.horizon)
        owed += _worked(served, reading.calendar, hours)
        spans = by_terminal.get(terminal.id, [])
        faulty += _worked(intersect(normalise(span for _, span in spans), served), reading.calendar, hours)
        by_fault |= {
            number: us for number, span in spans if (us := _worked(intersect([span], served), reading.calendar, hours))
        }
    return TerminalTime(owed, faulty, by_fault)


def faulty_span(fault: TerminalFault, asked: Asked, reading: TerminalReading) -> Interval:
    """From the fault to its end, or to the spare where that stops the clock, within the period and up to now."""
    end = asked.horizon if fault.restored_at is None else min(fault.restored_at, asked.horizon)
    if reading.spare_stops_clock and fault.spare_at is not None:
        end = min(end, fault.spare_at)
    start = max(fault.occurred_at, asked.period[0])
    return start, max(start, end)


def _worked(spans: Sequence[Interval], calendar: WorkCalendar, known: dict[Interval, int]) -> int:
    """Most terminals serve the whole period, so each distinct span is counted once."""
    for span in spans:
        if span not in known:
            known[span] = calendar.working_between(*span).us
    return sum(known[span] for span in spans)


def _check(faults: Sequence[TerminalFault], kind_of: Mapping[str, str]) -> None:
    refuse_twins(faults)
    for position, fault in enumerate(faults):
        if fault.terminal not in kind_of:
            raise UnknownTerminal(position=position, terminal=fault.terminal)
        for end in (fault.restored_at, fault.spare_at):
            if end is not None and end < fault.occurred_at:
                raise RestoredTooEarly(position=position, id=fault.id)


def _role(
    fault: TerminalFault, kind_of: Mapping[str, str], time: TerminalTime, asked: Asked, reading: TerminalReading
) -> Used:
    if kind_of[fault.terminal] not in reading.kinds:
        return Used(fault.id, Role.LEFT_OUT, OTHER_KIND)
    if fault.id in time.by_fault:
        return Used(fault.id, Role.AGAINST, COUNTS)
    if fault.occurred_at >= asked.period[1] or (fault.restored_at or asked.now) < asked.period[0]:
        return Used(fault.id, Role.LEFT_OUT, OUTSIDE)
    return Used(fault.id, Role.LEFT_OUT, LATER if fault.occurred_at > asked.now else NO_HOURS)


def _inspected(
    kind_of: Mapping[str, str], inspections: Sequence[Inspection], asked: Asked, reading: TerminalReading
) -> Answer:
    for position, inspection in enumerate(inspections):
        if inspection.terminal not in kind_of:
            raise UnknownTerminal(position=position, terminal=inspection.terminal)
    inside, out = sift(inspections, lambda inspection: inspection.at, asked)
    figure = _in_order(inside, kind_of, reading.kinds)
    verdict = asked.objective.judge(figure)
    counted = [each for each in inside if kind_of[each.terminal] in reading.kinds]
    return Answer(
        rule="terminal_availability",
        figure=figure,
        objective=asked.objective,
        verdict=verdict,
        used=(*(_looked_at(each, kind_of, reading) for each in inside), *out),
        reason="" if counted else NOTHING,
        beside={kind: _in_order(inside, kind_of, (kind,)) for kind in reading.separate_kinds},
        explanation=Explanation(
            METHODS["inspected_ok"],
            asked.clause,
            _readings(asked, reading),
            (
                Step(
                    N_("Inspected: %(count)s, in order: %(good)s."),
                    {"count": len(counted), "good": sum(each.in_order for each in counted)},
                ),
                *closing_steps(figure, asked, verdict, ratio=True),
            ),
        ),
    )


def _in_order(inspections: Sequence[Inspection], kind_of: Mapping[str, str], kinds: Collection[str]) -> Figure:
    counted = [each for each in inspections if kind_of[each.terminal] in kinds]
    return ratio_figure(sum(each.in_order for each in counted), len(counted))


def _looked_at(inspection: Inspection, kind_of: Mapping[str, str], reading: TerminalReading) -> Used:
    if kind_of[inspection.terminal] not in reading.kinds:
        return Used(inspection.id, Role.LEFT_OUT, OTHER_KIND)
    good = inspection.in_order
    return Used(inspection.id, Role.FOR if good else Role.AGAINST, IN_ORDER if good else NOT_IN_ORDER)


def _readings(asked: Asked, reading: TerminalReading) -> dict[str, str | int | bool | None]:
    return inputs(
        asked,
        method=reading.method,
        calendar=reading.calendar.code,
        spare_stops_clock=reading.spare_stops_clock,
        kinds=", ".join(reading.kinds),
        separate_kinds=", ".join(reading.separate_kinds),
    )
