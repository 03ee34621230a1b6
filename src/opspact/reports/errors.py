"""Why something can't be done with a report; `message` is a msgid for the page."""

from __future__ import annotations

from opspact.core.words import N_


class ReportError(Exception):
    message = N_("This cannot be done with the report.")

    def __init__(self) -> None:
        super().__init__(self.message)


class NotADraft(ReportError):
    message = N_("The report was submitted and can no longer be changed.")


class NotSubmitted(ReportError):
    message = N_("Only a submitted report can be accepted or returned; this one is not, or was decided already.")


class OutsideTheTerm(ReportError):
    message = N_("This week lies outside the contract's term.")


class NotOverYet(ReportError):
    message = N_("The week has not begun yet.")


class CommentNeeded(ReportError):
    message = N_("Say what is to be changed.")


class AnotherPaper(ReportError):
    message = N_("The number or the hash on the paper is not that of this report.")


class NotAScan(ReportError):
    message = N_("The file is neither PDF nor JPEG nor PNG, or larger than 20 MB.")


class WrongSignature(ReportError):
    message = N_("Say who signed, and when: not before the report was submitted and not in the future.")
