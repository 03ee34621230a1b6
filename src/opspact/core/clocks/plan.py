"""Terms and calendars, checked once and laid out for replaying: by priority, and by the event that starts a target."""

from collections.abc import Mapping
from dataclasses import dataclass

from opspact.core.calendars.work import WorkCalendar
from opspact.core.clocks.errors import BadDuration, NoTargets, TargetLacksParty, UnknownRuleCalendar
from opspact.core.clocks.kinds import TARGET_KINDS
from opspact.core.clocks.run import Aim
from opspact.core.clocks.types import EventKind, ServiceTerms, Target
from opspact.core.errors import UnknownCalendar, UnknownPriority, UnknownTarget
from opspact.core.instants import Instant

_AS_GIVEN: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Terms:
    """A priority's aims by name, and by the kind of event that starts them."""

    given: ServiceTerms
    aims: dict[str, Aim]
    starts: dict[EventKind, tuple[Aim, ...]]


class Plan:
    """All terms of a ticket. A priority is laid out when an event first names it."""

    __slots__ = ("_laid", "calendars", "terms_by_priority")

    def __init__(self, terms_by_priority: Mapping[str, ServiceTerms], calendars: Mapping[str, WorkCalendar]) -> None:
        self.terms_by_priority = terms_by_priority
        self.calendars = calendars
        self._laid: dict[str, Terms] = {}

    def terms(self, position: int, priority: str, moved: Mapping[str, str] = _AS_GIVEN) -> Terms:
        """The terms of a priority; `moved` maps the codes of calendars to those that have replaced them.

        Raises UnknownPriority, NoTargets, UnknownTarget, TargetLacksParty, BadDuration, UnknownCalendar.
        """
        if not moved and (found := self._laid.get(priority)) is not None:
            return found
        try:
            given = self.terms_by_priority[priority]
        except KeyError:
            raise UnknownPriority(position=position, priority=priority) from None
        if not given.targets:
            raise NoTargets(priority=priority)
        aims = {name: self._aim(name, target, given, moved) for name, target in given.targets.items()}
        starts: dict[EventKind, tuple[Aim, ...]] = {}
        for aim in aims.values():
            for kind in aim.kind.starts:
                starts[kind] = (*starts.get(kind, ()), aim)
        terms = Terms(given, aims, starts)
        if not moved:
            self._laid[priority] = terms
        return terms

    def until(self, rule: str, calendar_code: str, at: Instant, duration_us: int) -> Instant:
        """When a limit of the terms is reached, in working time, or in plain time without a calendar."""
        _check_duration(rule, duration_us, 0)
        if not calendar_code:
            return at + duration_us
        if (calendar := self.calendars.get(calendar_code)) is None:
            raise UnknownRuleCalendar(rule=rule, calendar=calendar_code)
        return calendar.after_us(at, duration_us)

    def _aim(self, name: str, target: Target, given: ServiceTerms, moved: Mapping[str, str]) -> Aim:
        kind = TARGET_KINDS.get(target.kind or name)
        if kind is None:
            raise UnknownTarget(target=target.kind or name)
        if kind.party and not target.party:
            raise TargetLacksParty(target=name, kind=target.kind or name)
        _check_duration(name, target.duration_us, int(kind.every))
        code = moved.get(target.calendar_code, target.calendar_code)
        if (calendar := self.calendars.get(code)) is None:
            raise UnknownCalendar(target=name, calendar=code)
        party = target.party if kind.party else ""
        return Aim(name, kind, target.duration_us, target.pausable, party, given.priority, code, calendar)


def _check_duration(element: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadDuration(element=element, value=str(value))
