"""When working time is (`docs/why/calendars.md`), when terms end and what recurs (`docs/why/deadlines.md`)."""

from opspact.core.calendars.chains import resolve
from opspact.core.calendars.deadlines import Counting, DayEnd, Deadline, Unit, add_months, deadline, interest
from opspact.core.calendars.hours import hours_deadline
from opspact.core.calendars.matching import Fulfilment, Record, match
from opspact.core.calendars.notices import Ahead, earliest_event, latest_notice
from opspact.core.calendars.recurring import Obligation, Occurrence, Term, occurrences
from opspact.core.calendars.work import Answer, DayAnswer, DayCount, WorkCalendar, Worked

__all__ = [
    "Ahead",
    "Answer",
    "Counting",
    "DayAnswer",
    "DayCount",
    "DayEnd",
    "Deadline",
    "Fulfilment",
    "Obligation",
    "Occurrence",
    "Record",
    "Term",
    "Unit",
    "WorkCalendar",
    "Worked",
    "add_months",
    "deadline",
    "earliest_event",
    "hours_deadline",
    "interest",
    "latest_notice",
    "match",
    "occurrences",
    "resolve",
]
