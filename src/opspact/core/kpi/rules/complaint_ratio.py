"""IT 服务投诉（个）≤5%: the unit says a number and the value a share, so both are shown and a reading judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from opspact.core.explain import Explanation, Step
from opspact.core.kpi.answers import Answer, Asked, Role, Used, check_reading, closing_steps, inputs, sift
from opspact.core.kpi.errors import BadParameter
from opspact.core.kpi.figures import Figure, count_figure
from opspact.core.kpi.records import ClosedTicket, Complaint
from opspact.core.kpi.rules.base import rule
from opspact.core.states import Verdict
from opspact.core.words import N_

METHODS = {
    "ratio_of_closed_tickets": N_("Valid complaints ÷ tickets closed in the period"),
    "count": N_("Number of valid complaints in the period"),
}
WITHOUT_TICKETS = ("pass_without_complaints", "adjudicate")
VALID = N_("The complaint was found valid.")
NOT_VALID = N_("The complaint was found not valid.")
NOT_JUDGED = N_("Whether the complaint is valid is not settled yet.")
CLOSED = N_("The ticket was closed in the period.")
NO_TICKETS = N_("No ticket was closed in this period, so there is no share; the client decides.")
UNSETTLED = N_("Complaints that are not settled yet could turn the verdict.")


@dataclass(frozen=True)
class ComplaintReading:
    """`method`: ratio_of_closed_tickets or count. More complaints than `alert_above_count` raise an alert in any case.

    `without_tickets`: what a period without a closed ticket is; complaints in it are the client's to judge always.
    Raises UnknownReading, BadParameter.
    """

    method: str = "ratio_of_closed_tickets"
    alert_above_count: int = 5
    without_tickets: str = "pass_without_complaints"

    def __post_init__(self) -> None:
        check_reading("method", self.method, tuple(METHODS))
        check_reading("without_tickets", self.without_tickets, WITHOUT_TICKETS)
        if self.alert_above_count < 0:
            raise BadParameter(name="alert_above_count", value=self.alert_above_count)


@rule("complaint_ratio")
def complaint_ratio(
    complaints: Sequence[Complaint],
    tickets: Sequence[ClosedTicket],
    asked: Asked,
    reading: ComplaintReading | None = None,
) -> Answer:
    """Complaints by when they were received, tickets by when they were closed. Raises RecordTwice.

    The objective is in the unit of the method: a ratio, or a number.
    """
    reading = reading or ComplaintReading()
    received, used = sift(complaints, lambda complaint: complaint.received_at, asked)
    closed, other = sift(tickets, lambda ticket: ticket.closed_at, asked)
    valid = sum(complaint.valid is True for complaint in received)
    pending = sum(complaint.valid is None for complaint in received)
    figures = {
        "ratio_of_closed_tickets": _share(valid, pending, len(closed), reading),
        "count": count_figure(valid, pending),
    }
    figure = figures[reading.method]
    verdict = asked.objective.judge(figure)
    return Answer(
        rule="complaint_ratio",
        figure=figure,
        objective=asked.objective,
        verdict=verdict,
        used=(*map(_role, received), *used, *(Used(ticket.id, Role.FOR, CLOSED) for ticket in closed), *other),
        reason=_reason(verdict, len(closed), reading),
        beside={name: shown for name, shown in figures.items() if name != reading.method},
        alerts=_alerts(valid, reading),
        explanation=Explanation(
            METHODS[reading.method],
            asked.clause,
            inputs(
                asked,
                method=reading.method,
                without_tickets=reading.without_tickets,
                alert_above_count=reading.alert_above_count,
            ),
            (
                Step(
                    N_("Complaints received: %(count)s, valid: %(valid)s, not settled: %(pending)s."),
                    {"count": len(received), "valid": valid, "pending": pending},
                ),
                Step(N_("Tickets closed: %(count)s."), {"count": len(closed)}),
                *closing_steps(figure, asked, verdict, ratio=reading.method != "count"),
            ),
        ),
    )


def _share(valid: int, pending: int, tickets: int, reading: ComplaintReading) -> Figure:
    """There may be more complaints than tickets, so the share may exceed 1."""
    if tickets:
        value = Fraction(valid, tickets)
        return Figure(value, value, Fraction(valid + pending, tickets))
    if not valid and reading.without_tickets == "pass_without_complaints":
        return Figure(None, Fraction(0), Fraction(1 if pending else 0))
    return Figure(None, Fraction(0), Fraction(1))


def _reason(verdict: Verdict, tickets: int, reading: ComplaintReading) -> str:
    if verdict is not Verdict.UNDECIDABLE:
        return ""
    return UNSETTLED if tickets or reading.method == "count" else NO_TICKETS


def _alerts(valid: int, reading: ComplaintReading) -> tuple[Step, ...]:
    if valid <= reading.alert_above_count:
        return ()
    said = N_("%(count)s valid complaints: more than %(most)s, whatever their share is.")
    return (Step(said, {"count": valid, "most": reading.alert_above_count}),)


def _role(complaint: Complaint) -> Used:
    if complaint.valid is None:
        return Used(complaint.id, Role.PENDING, NOT_JUDGED)
    if complaint.valid:
        return Used(complaint.id, Role.AGAINST, VALID)
    return Used(complaint.id, Role.LEFT_OUT, NOT_VALID)
