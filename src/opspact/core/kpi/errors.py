"""What indicators, projections and scorecards refuse. Positions count from 0, as in JSON arrays."""

from opspact.core.errors import CoreError
from opspact.core.words import N_


class RecordTwice(CoreError):
    code = "record-twice"
    message = N_("Record %(position)s has the number %(id)s, which an earlier one has already.")


class RatingOffScale(CoreError):
    code = "rating-off-scale"
    message = N_("Rating %(position)s is %(value)s; the scale reaches from 1 to %(scale)s.")


class RestoredTooEarly(CoreError):
    code = "restored-too-early"
    message = N_("Record %(position)s (%(id)s) ends before it begins.")


class UnknownTerminal(CoreError):
    code = "unknown-terminal"
    message = N_("Record %(position)s names the terminal %(terminal)s, which is not in the ledger.")


class UnknownComponent(CoreError):
    code = "unknown-component"
    message = N_("Ticket %(position)s names the component %(component)s, which the chain does not have.")


class BadChain(CoreError):
    code = "bad-chain"
    message = N_("The chain cannot be built: %(reason)s.")


class UnknownReading(CoreError):
    code = "unknown-reading"
    message = N_("%(value)s is no reading of %(name)s; there are: %(known)s.")


class UnknownRule(CoreError):
    code = "unknown-rule"
    message = N_("No rule is named %(rule)s.")


class BadParameter(CoreError):
    code = "bad-parameter"
    message = N_("The parameter %(name)s cannot be %(value)s.")


class BadMeasure(CoreError):
    code = "bad-measure"
    message = N_("System %(system)s: its excluded, unknown and down time do not fit into its service time.")


class BadExpectation(CoreError):
    code = "bad-expectation"
    message = N_("The number expected to come cannot be %(value)s.")


class BadGrades(CoreError):
    code = "bad-grades"
    message = N_("Grade %(position)s (%(name)s) does not lie below the one ahead of it, or the last does not reach 0.")


class BadScore(CoreError):
    code = "bad-score"
    message = N_("Row %(row)s, part %(part)s: %(value)s is not a score from 0 to 100.")


class UnknownPart(CoreError):
    code = "unknown-part"
    message = N_("Row %(row)s is marked by %(part)s, which is no part of the assessment.")


class UnknownRow(CoreError):
    code = "unknown-row"
    message = N_("The scorecard has no row %(row)s, which %(named_by)s names.")


class DeductionWithoutEvidence(CoreError):
    code = "deduction-without-evidence"
    message = N_("Row %(row)s, part %(part)s: deduction %(position)s names no evidence.")


class BadDeduction(CoreError):
    code = "bad-deduction"
    message = N_("Row %(row)s, part %(part)s: deduction %(position)s takes %(value)s points off.")


class NotToAdjudicate(CoreError):
    code = "not-to-adjudicate"
    message = N_("Row %(row)s is %(verdict)s by measurement; only an undecidable one is adjudicated, as met or missed.")
