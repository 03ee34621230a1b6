"""What the ledgers of availability may get wrong: the element (as JSON calls it) and its position, from 0."""

from opspact.core.errors import CoreError, IntervalReversed, IntervalsOverlap, NaiveDatetime, UnknownState
from opspact.core.words import N_


class PieceReversed(IntervalReversed):
    """`element`: observed, granted, in_service, service_time or period."""

    code = "piece-reversed"
    message = N_("%(element)s[%(position)s] ends (%(end)s) before it starts (%(start)s).")


class PiecesOverlap(IntervalsOverlap):
    """One check cannot be in two states at once; `other` is the position of the piece it runs into."""

    code = "pieces-overlap"
    message = N_("observed[%(position)s] starts (%(start)s) before observed[%(other)s] ends (%(end)s).")


class PieceUnknownState(UnknownState):
    code = "piece-unknown-state"
    message = N_("%(element)s[%(position)s]: %(value)s is not an observed state.")


class PieceNaive(NaiveDatetime):
    code = "piece-naive"
    message = N_("%(element)s[%(position)s]: %(value)s has no time zone.")


class ChangesOutOfOrder(CoreError):
    code = "changes-out-of-order"
    message = N_("changes[%(position)s] (%(at)s) is not later than the change ahead of it (%(before)s).")


class BadGrant(CoreError):
    code = "bad-grant"
    message = N_("granted[%(position)s]: no kind of grant that counts here: %(kind)s.")


class BadThreshold(CoreError):
    code = "bad-threshold"
    message = N_("The observed fraction %(value)s is not a fraction above 0 and at most 1 (95%% is 0.95).")


class BadGap(CoreError):
    code = "bad-gap"
    message = N_("A gap that joins outages cannot be negative (%(value)s µs).")


class BadWindow(CoreError):
    code = "bad-window"
    message = N_("Flapping needs a window above 0 and at least 2 changes; found %(window)s µs and %(changes)s.")
