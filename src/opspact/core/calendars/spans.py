"""The term of a contract in local dates, with its agreed end and how long it really went on."""

from dataclasses import dataclass
from datetime import date

from opspact.core.calendars.term_errors import TermReversed
from opspact.core.calendars.terms import DAY, Counting, Unit, add_months, count
from opspact.core.calendars.volumes import check_days
from opspact.core.calendars.work import WorkCalendar


@dataclass(frozen=True)
class Term:
    """The local dates `start` … `last`, both included; `until` is the last day of a service that went on after `last`.

    With exclusive counting the start day is not counted in periods (Civil Code 201), so the first quarter of a contract
    signed on 07-06 ends on 10-06; inclusively on 10-05. Raises TermReversed, TermTooLong,
    TermOutOfRange.
    """

    start: date
    last: date
    counting: Counting = Counting.EXCLUSIVE
    until: date | None = None

    def __post_init__(self) -> None:
        check_days(self.start, self.last)
        if self.until is not None:
            check_days(self.start, self.until)
            if self.until < self.last:
                raise TermReversed(field="until_on", day=self.until.isoformat(), before=self.last.isoformat())

    @classmethod
    def lasting(
        cls,
        start: date,
        amount: int,
        unit: Unit,
        calendar: WorkCalendar,
        *,
        counting: Counting = Counting.EXCLUSIVE,
        until: date | None = None,
    ) -> "Term":
        """The term of so many units; its last day is not moved off rest days. Raises BadTerm, OutOfReach."""
        return cls(start, count(start, amount, unit, calendar, counting).on, counting, until)

    @property
    def final(self) -> date:
        """The last day that anything is owed for."""
        return self.until or self.last

    def month_end(self, months: int) -> date:
        """The last day of so many whole months of the contract; the day before the first for 0."""
        if months == 0:
            return self.start - DAY
        on, corresponds = add_months(self.start, months)
        return on - DAY if self.counting is Counting.INCLUSIVE and corresponds else on
