"""What is wrong with a sum, a fact or a clause. Positions count from 0, as in JSON arrays."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class NegativeAmount(CoreError):
    code = "negative-amount"
    message = N_("%(field)s cannot be negative (%(value)s).")


class BadPercent(CoreError):
    code = "bad-percent"
    message = N_("%(field)s is not a percentage from 0 to 100 (%(value)s).")


class NotTheWhole(CoreError):
    code = "not-the-whole"
    message = N_("The payments are %(total)s per cent of the price, not 100.")


class PauseReversed(CoreError):
    code = "pause-reversed"
    message = N_("Pause %(position)s ends (%(last_on)s) before it starts (%(first_on)s).")


class PaidTooMuch(CoreError):
    code = "paid-too-much"
    message = N_("Payment %(position)s brings what was paid to %(paid)s; only %(due)s is due.")


class UnknownClause(CoreError):
    code = "unknown-clause"
    message = N_("Fact %(position)s (%(fact)s) names the clause %(clause)s, which was not given.")


class ClauseTwice(CoreError):
    code = "clause-twice"
    message = N_("Clause %(position)s has the code %(clause)s of an earlier one.")


class UnknownSource(CoreError):
    code = "unknown-source"
    message = N_("Clause %(position)s takes its sum from the clause %(clause)s, which was not given.")


class FactTwice(CoreError):
    code = "fact-twice"
    message = N_("Fact %(position)s (%(fact)s) is given twice.")


class DoublePenalty(CoreError):
    """One fact, two penalties: `one` and `other` are the clauses."""

    code = "double-penalty"
    message = N_("Fact %(position)s (%(fact)s) cannot be penalised under %(one)s and under %(other)s as well.")


class UnknownRate(CoreError):
    code = "unknown-rate"
    message = N_("Work %(position)s is of the kind %(item)s, which the rate card does not have.")


class BadDays(CoreError):
    code = "bad-days"
    message = N_("%(days)s days of a term of %(term_days)s days is not a part of it.")
