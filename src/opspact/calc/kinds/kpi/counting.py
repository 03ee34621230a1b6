"""The indicators of a document that count records: incidents, terminals, ratings, complaints."""

from __future__ import annotations

from fractions import Fraction

from opspact.calc.kinds.kpi.document import ComplaintsPart, CountPart, Input, SatisfactionPart, TerminalsPart
from opspact.calc.kinds.kpi.placing import no_twins, placed
from opspact.calc.running import Context, at
from opspact.core.inputs import Wrong
from opspact.core.intervals import Interval, clip, normalise
from opspact.core.kpi import Answer, Asked, Role
from opspact.core.kpi.errors import RatingOffScale, RestoredTooEarly, UnknownTerminal
from opspact.core.kpi.projection import Standing, project_at_least, project_complaints, project_count, project_systems
from opspact.core.kpi.projection.cases import CountOutlook
from opspact.core.kpi.projection.outlook import elapsed_fraction
from opspact.core.kpi.projection.shares import RatioOutlook
from opspact.core.kpi.projection.systems import SystemsOutlook
from opspact.core.kpi.records import (
    ClosedTicket,
    Complaint,
    IncidentFact,
    Inspection,
    Rating,
    Terminal,
    TerminalFault,
)
from opspact.core.kpi.rules.complaint_ratio import ComplaintReading, complaint_ratio
from opspact.core.kpi.rules.count_zero import CountReading, count_zero
from opspact.core.kpi.rules.satisfaction import SatisfactionReading, satisfaction
from opspact.core.kpi.rules.terminal_availability import TerminalReading, terminal_availability, terminal_time
from opspact.core.words import N_


def of_incidents(part: CountPart, path: str, asked: Asked) -> Answer:
    """Incidents of the levels that count."""
    facts = [IncidentFact(**each.model_dump()) for each in part.incidents]
    no_twins(path, incidents=facts)
    with placed(path):
        return count_zero(facts, asked, CountReading(part.levels, part.counted_when, part.penalised))


def project_incidents(answer: Answer, elapsed: Fraction) -> CountOutlook:
    """How many are left."""
    counted, pending = len(answer.ids(Role.AGAINST)), len(answer.ids(Role.PENDING))
    return project_count(counted, pending, answer.objective.value, elapsed)


def of_ratings(part: SatisfactionPart, path: str, asked: Asked) -> Answer:
    """Ratings of services."""
    ratings = [Rating(**each.model_dump()) for each in part.ratings]
    no_twins(path, ratings=ratings)
    with placed(path, {RatingOffScale: "ratings"}):
        return satisfaction(ratings, asked, _satisfaction(part))


def project_ratings(part: SatisfactionPart, answer: Answer, elapsed: Fraction) -> RatioOutlook | None:
    """In ratings, or in points of the scale where their mean judges."""
    if part.expected is None:
        return None
    goal, scores = answer.objective.value, {each.id: each.score for each in part.ratings}
    good, bad = answer.ids(Role.FOR), answer.ids(Role.AGAINST)
    if part.method == "share_of_good":
        whole = len(good) + len(bad)
        return project_at_least(len(good), whole, part.expected, goal, elapsed, enough=part.minimum_sample)
    points = sum(scores[number] for number in (*good, *bad))
    whole, expected = (len(good) + len(bad)) * part.scale, part.expected * part.scale
    return project_at_least(points, whole, expected, goal, elapsed, enough=part.minimum_sample * part.scale)


def of_complaints(part: ComplaintsPart, path: str, asked: Asked) -> Answer:
    """Complaints and closed tickets."""
    complaints = [Complaint(**each.model_dump()) for each in part.complaints]
    tickets = [ClosedTicket(**each.model_dump()) for each in part.tickets]
    no_twins(path, complaints=complaints, tickets=tickets)
    if part.method == "ratio_of_closed_tickets" and asked.objective.value > 1:
        with at(f"{path}.objective"):
            raise Wrong(N_("a share of closed tickets is at most 100%%: write 5%%, or choose the method count"))
    with placed(path):
        reading = ComplaintReading(part.method, part.alert_above_count, part.without_tickets)
        return complaint_ratio(complaints, tickets, asked, reading)


def project_of_complaints(
    part: ComplaintsPart, answer: Answer, elapsed: Fraction
) -> RatioOutlook | CountOutlook | None:
    """By number, or by share with the tickets that are expected."""
    valid, pending = len(answer.ids(Role.AGAINST)), len(answer.ids(Role.PENDING))
    if part.method == "count":
        return project_count(valid, pending, answer.objective.value, elapsed)
    if part.expected is None:
        return None
    closed = len(answer.ids(Role.FOR))
    return project_complaints(valid, pending, closed, part.expected, answer.objective.value, elapsed)


def of_terminals(part: TerminalsPart, path: str, document: Input, asked: Asked, context: Context) -> Answer:
    """Terminals with their faults, or their inspections."""
    terminals, faults, reading = _terminals(part, path, document, asked.period, context)
    inspections = [Inspection(**each.model_dump()) for each in part.inspections]
    no_twins(path, terminals=terminals, faults=faults, inspections=inspections)
    named = "inspections" if part.method == "inspected_ok" else "faults"
    with placed(path, {UnknownTerminal: named, RestoredTooEarly: "faults"}):
        return terminal_availability(terminals, faults, inspections, asked, reading)


def project_terminals(
    part: TerminalsPart, path: str, document: Input, asked: Asked, context: Context
) -> SystemsOutlook | RatioOutlook | None:
    """Terminal-hours to come as one system's service time; `asked` is of the whole term."""
    terminals, faults, reading = _terminals(part, path, document, asked.period, context)
    elapsed = elapsed_fraction(asked.period, asked.now)
    if part.method == "inspected_ok":
        if part.expected is None:
            return None
        answer = of_terminals(part, path, document, asked, context)
        good = len(answer.ids(Role.FOR))
        whole = good + len(answer.ids(Role.AGAINST))
        return project_at_least(good, whole, part.expected, asked.objective.value, elapsed)
    time = terminal_time(terminals, faults, asked, reading, part.kinds)
    to_come = sum(
        reading.calendar.working_between(*span).us
        for terminal in terminals
        if terminal.kind in part.kinds
        for span in clip(normalise(terminal.in_service), asked.horizon, asked.period[1])
    )
    with placed(path):
        standing = Standing(part.code, time.owed_us, time.faulty_us, 0, to_come)
        return project_systems("each", [standing], asked.objective.value, elapsed)


def _satisfaction(part: SatisfactionPart) -> SatisfactionReading:
    return SatisfactionReading(part.method, part.scale, part.good_from, part.minimum_sample)


def _terminals(
    part: TerminalsPart, path: str, document: Input, period: Interval, context: Context
) -> tuple[list[Terminal], list[TerminalFault], TerminalReading]:
    with at("calendars"):
        calendars = context.calendars(document.calendars)
    with at(f"{path}.calendar"):
        calendar = calendars.get(part.calendar) or (context.calendar(part.calendar) if context.calendar else None)
        if calendar is None:
            raise Wrong(N_("no calendar is named %(found)s"), found=part.calendar)
    with placed(path):
        reading = TerminalReading(calendar, part.kinds, part.separate_kinds, part.method, part.spare_stops_clock)
    terminals = []
    for position, each in enumerate(part.terminals):
        with placed(f"{path}.terminals[{position}]", otherwise="in_service"):
            spans = None if each.in_service is None else [(span.start, span.end) for span in each.in_service]
            terminals.append(Terminal(each.id, each.kind, (period,) if spans is None else tuple(normalise(spans))))
    faults = [TerminalFault(**each.model_dump()) for each in part.faults]
    return terminals, faults, reading
