"""Terms in hours, such as a written report within 24 hours: they run from the instant itself (Civil Code 201 ¶2).

Hours are elapsed time and are not moved off rest days, since 203 speaks of days; or working hours of a calendar.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from opspact.core.calendars.deadlines import provisional
from opspact.core.calendars.terms import FIRST_YEAR, LAST_YEAR, REACH_YEARS
from opspact.core.calendars.work import WorkCalendar
from opspact.core.errors import BadTerm, OutOfReach
from opspact.core.explain import Explanation, Step
from opspact.core.instants import DAY, Instant, to_us
from opspact.core.words import N_

EARLIEST, LATEST = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (FIRST_YEAR, LAST_YEAR))


class HoursDeadline(NamedTuple):
    """`ends_at` is the instant the term is over; `working` says whose hours were counted."""

    start: Instant
    duration_us: int
    working: bool
    ends_at: Instant
    provisional_years: tuple[int, ...]

    def explain(self, clause: str = "") -> Explanation:
        """How the instant was counted."""
        text = (
            N_("%(duration_us)s of working time have passed at %(ends_at)s.")
            if self.working
            else N_("%(duration_us)s after its start the term ends, at %(ends_at)s; rest days do not move it.")
        )
        return Explanation(
            rule=N_("Civil Code, article 201: hours run from the instant itself"),
            clause=clause,
            inputs={"start_at": self.start, "duration_us": self.duration_us, "working": self.working},
            steps=(
                Step(text, {"duration_us": self.duration_us, "ends_at": self.ends_at}),
                *provisional(self.provisional_years),
            ),
        )


def hours_deadline(start: Instant, duration_us: int, calendar: WorkCalendar, *, working: bool = False) -> HoursDeadline:
    """The end of a term of hours, µs, from the instant `start`. Raises BadTerm, OutOfReach."""
    if duration_us < 1:
        raise BadTerm(amount=duration_us, unit="µs")
    if duration_us > REACH_YEARS * 366 * DAY or not EARLIEST <= start <= LATEST:
        raise OutOfReach(calendar=calendar.code, years=REACH_YEARS)
    ends_at, years = calendar.add_working(start, duration_us) if working else (start + duration_us, ())
    return HoursDeadline(start, duration_us, working, ends_at, years)
