"""What a work calendar refuses beyond the errors that all of core shares (`opspact.core.errors`)."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class BadLocalHours(CoreError):
    """The hours of one local date; `position` counts them from 0."""

    code = "bad-local-hours"
    message = N_(
        "Calendar %(calendar)s: hours %(position)s of %(day)s do not start on that day and end by the end of the next."
    )


class DaysReversed(CoreError):
    code = "days-reversed"
    message = N_("The last day, %(last)s, lies before the first, %(first)s.")
