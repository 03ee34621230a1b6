"""What terms, notices, chains of dates and recurring obligations refuse."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class NameTwice(CoreError):
    code = "name-twice"
    message = N_("Date %(position)s has the name of date %(other)s: %(name)s.")


class UnknownName(CoreError):
    code = "unknown-name"
    message = N_("Date %(position)s (%(name)s) is counted from %(of)s, which is not among the dates.")


class NameInACircle(CoreError):
    code = "name-in-a-circle"
    message = N_("Date %(position)s (%(name)s) is counted from itself.")


class BadRecurrence(CoreError):
    code = "bad-recurrence"
    message = N_("An obligation cannot recur with %(field)s = %(value)s.")


class TermReversed(CoreError):
    code = "term-reversed"
    message = N_("The term's %(field)s, %(day)s, lies before %(before)s.")


class TermTooLong(CoreError):
    code = "term-too-long"
    message = N_("The term from %(start)s to %(end)s is longer than %(years)s years.")


class TermOutOfRange(CoreError):
    code = "term-out-of-range"
    message = N_("The term from %(start)s to %(end)s lies outside the years %(first)s to %(last)s.")


class RecordTwice(CoreError):
    code = "record-twice"
    message = N_("Record %(position)s has the identifier of record %(other)s: %(id)s.")


class RecordOfNothing(CoreError):
    code = "record-of-nothing"
    message = N_("Record %(position)s names occurrence %(number)s, which does not exist.")


class BadAllowance(CoreError):
    code = "bad-allowance"
    message = N_("An allowance cannot be counted with %(field)s = %(value)s.")
