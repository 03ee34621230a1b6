"""Who contracts with whom, for how long, and which documents make up the contract."""

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from opspact.contracts.terms.base import Agreed, Clause, Code, Count, Day, Name, Part, Percent, Text
from opspact.core.calendars.deadlines import Counting, add_months
from opspact.core.inputs import Wrong
from opspact.core.words import N_


class Party(Part):
    """An organisation and its part in the contract. People and phone numbers belong to other records, not here."""

    role: Literal["client", "vendor", "third_party", "authority"]
    code: Code
    name: Name
    clause: Clause = ""


class Document(Part):
    """One of the documents that make up the contract."""

    code: Code
    name: Name
    rank: Count
    """1 wins over 2 where they conflict."""
    clause: Clause = ""


class HoldOver(Agreed):
    """Service beyond the term until a successor is in place. The cap ends the allowance, not the duty."""

    cap_percent: Percent
    """Most that it may cost, in percent of the price."""
    until: Text
    clause: Clause = ""


class Term(Agreed):
    """The time of service, from a first day and either a number of months or a last day."""

    start: Day
    months: Count | None = Field(default=None, ge=1, le=600)
    end: Day | None = None
    """The last day of service, whole."""
    clause: Clause = ""
    hold_over: HoldOver | None = None

    @model_validator(mode="after")
    def _one_way_to_end(self) -> Self:
        if (self.months is None) == (self.end is None):
            raise Wrong(N_("give either months or end, not both and not neither"))
        if self.end is not None and self.end < self.start:
            raise Wrong(N_("the term ends before it starts"))
        return self

    def last_day(self, counting: Counting = Counting.EXCLUSIVE) -> date:
        """The last day of service, whole; rest days do not move it.

        A term in months ends on the day that corresponds to its start (Civil Code of China, articles 201 and 202), or
        a day earlier when the start day is counted.
        """
        if self.end is not None:
            return self.end
        assert self.months is not None
        day, corresponds = add_months(self.start, self.months)
        return day - timedelta(days=1) if counting is Counting.INCLUSIVE and corresponds else day
