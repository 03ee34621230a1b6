"""What the generator refuses to plan. Positions count from 0."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class SolverMissing(CoreError):
    code = "solver-missing"
    message = N_("Making a roster needs the extra “%(extra)s” of the package (%(package)s), which is not installed.")


class OutOfTime(CoreError):
    code = "roster-out-of-time"
    message = N_("In %(seconds)s seconds neither a roster nor a clash of rules was found.")


class EmptyPeriod(CoreError):
    code = "empty-period"
    message = N_("The roster's period ends (%(until_on)s) no later than it starts (%(first_on)s).")


class NoSuchShift(CoreError):
    code = "no-such-shift"
    message = N_("%(what)s %(code)s names the shift %(shift)s, which is not among the shift types.")


class DayOutside(CoreError):
    code = "day-outside"
    message = N_("%(what)s %(code)s names %(day_on)s, which is not in the roster's period.")


class BadSearch(CoreError):
    code = "bad-search"
    message = N_("The search for a roster cannot have %(field)s = %(value)s.")
