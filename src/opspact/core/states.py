"""The words for what was seen, what counts, and what was judged."""

from enum import StrEnum


class Observed(StrEnum):
    """What the observed ledger may say. Unknown is never up."""

    UP = "up"
    DOWN = "down"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"


class State(StrEnum):
    """The six states derived from both ledgers: what was seen, unless an approved grant takes the time out."""

    UP = "up"
    DOWN = "down"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"
    EXCUSED = "excused"


class Verdict(StrEnum):
    """Undecidable: missing data could turn it, a person decides. Not applicable: there was nothing to measure."""

    MET = "met"
    MISSED = "missed"
    UNDECIDABLE = "undecidable"
    NOT_APPLICABLE = "not_applicable"
