"""A document's terms as core's, checked at their place; which variant a ticket has depends on when it was opened."""

from collections.abc import Mapping

from opspact.calc.calendars import WEEK
from opspact.calc.kinds.sla.document import Input, LevelIn, TargetIn, WorkingDays
from opspact.calc.running import Finding, Refused, at
from opspact.core.calendars import WorkCalendar
from opspact.core.clocks import TARGET_KINDS, PauseReason, Reopening, Replayer, ServiceTerms, Target
from opspact.core.errors import CoreError, UnknownTarget
from opspact.core.instants import MINUTE
from opspact.core.words import N_

_NO_CALENDAR = N_("no calendar of this document is named %(found)s")


class Desk:
    """Replays the document's tickets; a replayer is made for each set of targets that is owed out of hours."""

    def __init__(self, document: Input, calendars: Mapping[str, WorkCalendar]) -> None:
        self._document = document
        self._calendars = calendars
        self._replayers: dict[frozenset[str], Replayer] = {}
        self._deciding = {
            target.out_of_hours.hours
            for level in document.terms.values()
            for target in level.targets.values()
            if target.out_of_hours
        }
        self._check()

    def replayer(self, opened: int) -> Replayer:
        """For a ticket opened at that instant."""
        closed = frozenset(code for code in self._deciding if self._calendars[code].next_opening(opened).at != opened)
        if (found := self._replayers.get(closed)) is None:
            terms = {
                priority: self._level(f"terms.{priority}", priority, level, closed)
                for priority, level in self._document.terms.items()
            }
            with at("percents"):
                found = self._replayers[closed] = Replayer(terms, self._calendars, self._document.percents)
            self._lay_out(found)
        return found

    def _check(self) -> None:
        for priority, level in self._document.terms.items():
            for name, target in level.targets.items():
                path = f"terms.{priority}.targets.{name}"
                if (kind := target.kind or name) not in TARGET_KINDS:
                    where = f"{path}.kind" if target.kind else path
                    raise Refused([Finding(where, UnknownTarget.message, {"target": kind})])
                if target.out_of_hours:
                    self._calendar(f"{path}.out_of_hours.hours", target.out_of_hours.hours)

    def _lay_out(self, replayer: Replayer) -> None:
        """So that what core refuses in the terms is said at their place, whichever priority an event names."""
        for priority in self._document.terms:
            try:
                replayer.plan.terms(0, priority)
            except CoreError as error:
                name = error.params.get("element", error.params.get("target"))
                path = f"terms.{priority}.targets" + (f".{name}" if name else "")
                raise Refused([Finding(path, error.message, error.params)]) from error

    def _level(self, path: str, priority: str, level: LevelIn, closed: frozenset[str]) -> ServiceTerms:
        targets = {
            name: self._target(f"{path}.targets.{name}", target, closed) for name, target in level.targets.items()
        }
        pauses = None
        if level.pauses is not None:
            pauses = {
                code: PauseReason(
                    pause.allowed,
                    pause.at_most,
                    self._optional(f"{path}.pauses.{code}.calendar", pause.calendar),
                    frozenset(pause.ended_by),
                )
                for code, pause in level.pauses.items()
            }
        reopening = None
        if level.reopening:
            code = self._optional(f"{path}.reopening.calendar", level.reopening.calendar)
            reopening = Reopening(level.reopening.within, code)
        return ServiceTerms(priority, targets, pauses, reopening)

    def _target(self, path: str, target: TargetIn, closed: frozenset[str]) -> Target:
        within, code = target.within, target.calendar
        if target.out_of_hours and target.out_of_hours.hours in closed:
            path = f"{path}.out_of_hours"
            within, code = target.out_of_hours.within, target.out_of_hours.calendar or code
        calendar = self._calendar(f"{path}.calendar", code)
        if isinstance(within, WorkingDays):
            within *= _first_day(calendar)
        return Target(int(within), code, target.pausable, target.kind or "", target.party or "")

    def _optional(self, path: str, code: str | None) -> str:
        if code:
            self._calendar(path, code)
        return code or ""

    def _calendar(self, path: str, code: str) -> WorkCalendar:
        if (calendar := self._calendars.get(code)) is None:
            raise Refused([Finding(path, _NO_CALENDAR, {"found": code})])
        return calendar


def _first_day(calendar: WorkCalendar) -> int:
    """The working µs of the calendar's first weekday that has any: what a working day stands for."""
    hours = next((spans for day in range(len(WEEK)) if (spans := calendar.weekly.get(day))), ())
    return sum(end - start for start, end in hours) * MINUTE
