"""The client's review of a quarterly report: silence passes the period (§6.3), and changes no measured value."""

from dataclasses import dataclass
from datetime import date

from opspact.core.calendars import WorkCalendar
from opspact.core.calendars.deadlines import Counting, Deadline, Unit, deadline
from opspact.core.explain import Explanation, Step
from opspact.core.words import N_


@dataclass(frozen=True)
class Review:
    """`deemed_passed`: the deadline is over and nothing was objected in time. It stands beside the measured verdict."""

    due: Deadline
    objected_on: date | None
    is_over: bool
    deemed_passed: bool
    explanation: Explanation


def review(
    received_on: date,
    today: date,
    calendar: WorkCalendar,
    *,
    objected_on: date | None = None,
    days: int = 10,
    counting: Counting = Counting.EXCLUSIVE,
    clause: str = "§6.3",
) -> Review:
    """Of a report received on a local date: `days` calendar days to review or object.

    An objection on the last day is in time; one after it, or later than `today`, is none. Raises BadTerm, OutOfReach.
    """
    due = deadline(received_on, days, Unit.CALENDAR_DAYS, calendar, counting=counting)
    in_time = objected_on is not None and received_on <= objected_on <= min(due.on, today)
    is_over = today > due.on
    return Review(due, objected_on, is_over, is_over and not in_time, _explained(due, clause, in_time, is_over))


def _explained(due: Deadline, clause: str, in_time: bool, is_over: bool) -> Explanation:
    counted = due.explain(clause)
    if in_time:
        said = N_("The client objected in time.")
    elif is_over:
        said = N_("Nothing was objected in time: the period counts as passed; measured values stay as they are.")
    else:
        said = N_("The client's time is not over.")
    return Explanation(counted.rule, clause, counted.inputs, (*counted.steps, Step(said, {})))
