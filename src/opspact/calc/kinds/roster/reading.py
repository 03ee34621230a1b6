"""From the document to core's objects; whatever is refused is named by its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from opspact.calc.calendars import read_days, read_span
from opspact.calc.kinds.roster.changes import DutyIn, LineupIn, RestrictionIn, RotationIn
from opspact.calc.kinds.roster.document import Input
from opspact.calc.kinds.roster.people import NeedIn, RulesIn
from opspact.calc.running import Context, at
from opspact.core.calendars import WorkCalendar
from opspact.core.inputs import Wrong
from opspact.core.intervals import intersect, normalise
from opspact.core.rosters import (
    RULE_SETS,
    Action,
    Assignment,
    Days,
    Demand,
    HardRules,
    Leave,
    Lineup,
    Need,
    Override,
    PatternRotation,
    Person,
    Restriction,
    Rotation,
    ShiftType,
    SpecialPeriod,
    Swap,
    lay_out,
    parse_pattern,
)
from opspact.core.words import N_


class Reading:
    """The objects of one document. Raises Refused."""

    def __init__(self, document: Input, context: Context) -> None:
        self.document = document
        self.calendars = context.calendars(document.calendars)
        with at("calendar"):
            self.calendar = self._calendar(document.calendar)
        with at("period"):
            if document.period.end <= document.period.start:
                raise Wrong(N_("the period ends no later than it starts"))
        self.start, self.end = document.period.start, document.period.end
        for name in ("people", "shifts", "rotations", "swaps", "leave", "overrides", "demands", "special_periods"):
            _once(name, [item.code for item in getattr(document, name)])
        self.people = [
            Person(p.code, frozenset(p.roles), p.employed_from, p.employed_until, p.weekly) for p in document.people
        ]
        self._known = {person.code for person in self.people}
        self.shifts = list(self._shifts())

    def _calendar(self, name: str) -> WorkCalendar:
        if name not in self.calendars:
            raise Wrong(N_("no calendar of this document is named %(found)s"), found=name)
        return self.calendars[name]

    def _shifts(self) -> Iterator[ShiftType]:
        for i, shift in enumerate(self.document.shifts):
            with at(f"shifts[{i}].hours"):
                start, end = read_span(shift.hours)
                yield ShiftType(shift.code, start, end - start, needs(shift.needs), shift.standby, shift.night)

    def planned(self) -> list[Assignment]:
        """The duties of the rotations and those listed."""
        laid: list[Assignment] = []
        for i, rotation in enumerate(self.document.rotations):
            path = f"rotations[{i}]"
            for j, lineup in enumerate(rotation.lineups):
                for k, crew in enumerate(lineup.crews):
                    self._check(f"{path}.lineups[{j}].crews[{k}]", crew)
            with at(path):
                laid += lay_out(self._rotation(path, rotation), self.calendar, self.start, self.end)
        return laid + self.duties("duties", self.document.duties)

    def duties(self, name: str, listed: Iterable[DutyIn]) -> list[Assignment]:
        """The duties of a list of the document."""
        found: list[Assignment] = []
        for i, d in enumerate(listed):
            self._check(f"{name}[{i}].person", [d.person])
            with at(f"{name}[{i}]"):
                duty = Assignment(d.person, d.role, d.start, d.end, d.shift, d.level, d.standby, by=f"{name}[{i}]")
                found.append(replace(duty, shift_at=d.shift_start))
        return found

    def _rotation(self, path: str, rotation: RotationIn) -> Rotation | PatternRotation:
        lineups = tuple(_lineup(lineup) for lineup in rotation.lineups)
        if rotation.pattern is not None:
            with at(f"{path}.pattern"):
                steps = parse_pattern(rotation.pattern, rotation.symbols, rotation.code)
            shifts = tuple(self.shifts)
            return PatternRotation(
                rotation.code,
                rotation.first_on,
                lineups,
                steps,
                shifts,
                rotation.role,
                rotation.level,
                rotation.until_on,
            )
        with at(f"{path}.handover"):
            handover = read_span(f"{rotation.handover}-24:00")[0]
        restrictions = []
        for i, restriction in enumerate(rotation.restrictions):
            with at(f"{path}.restrictions[{i}]"):
                restrictions.append(_restriction(restriction))
        return Rotation(
            rotation.code,
            rotation.first_on,
            lineups,
            rotation.turn_days,
            handover,
            Days(rotation.on),
            tuple(restrictions),
            rotation.office_hours,
            rotation.role,
            rotation.level,
            rotation.standby,
            rotation.until_on,
        )

    def leave(self) -> list[Leave]:
        """The leave, in order."""
        found: list[Leave] = []
        for i, item in enumerate(self.document.leave):
            self._check(f"leave[{i}]", [item.person, item.substitute])
            with at(f"leave[{i}]"):
                found.append(Leave(item.code, item.person, item.start, item.end, item.substitute))
        return found

    def swaps(self) -> list[Swap]:
        """The swaps, in order."""
        found: list[Swap] = []
        for i, item in enumerate(self.document.swaps):
            self._check(f"swaps[{i}]", [item.one, item.other])
            taken = (item.taken.start, item.taken.end) if item.taken else None
            with at(f"swaps[{i}]"):
                found.append(Swap(item.code, item.one, (item.given.start, item.given.end), item.other, taken))
        return found

    def overrides(self) -> list[Override]:
        """The overrides, in order."""
        found: list[Override] = []
        for i, item in enumerate(self.document.overrides):
            self._check(f"overrides[{i}]", [item.person, item.replaces])
            with at(f"overrides[{i}]"):
                override = Override(item.code, item.person, item.start, item.end, Action(item.action), item.replaces)
                found.append(replace(override, role=item.role, level=item.level, standby=item.standby))
        return found

    def demands(self) -> list[Demand]:
        """The demands, their times cut to the period."""
        found: list[Demand] = []
        for i, item in enumerate(self.document.demands):
            times = [(self.start, self.end)]
            if item.times is not None:
                with at(f"demands[{i}].times"):
                    times = intersect(normalise((span.start, span.end) for span in item.times), times)
            if item.calendar is not None:
                with at(f"demands[{i}].calendar"):
                    working = self._calendar(item.calendar).working_intervals(self.start, self.end)
                    times = intersect(times, working)
            with at(f"demands[{i}]"):
                wanted = needs(item.needs)
                found.append(Demand(item.code, wanted, times, item.exclusive, item.pool, item.standby, item.clause))
        return found

    def special_periods(self) -> list[SpecialPeriod]:
        """The special periods; each must lie within the period, or its proof would be about unknown days."""
        found: list[SpecialPeriod] = []
        for i, item in enumerate(self.document.special_periods):
            with at(f"special_periods[{i}]"):
                if item.start < self.start or item.end > self.end:
                    raise Wrong(N_("a special period must lie within the period"))
                special = SpecialPeriod(item.code, item.start, item.end, needs(item.needs), frozenset(item.everyone_of))
                found.append(replace(special, at_least_us=item.at_least, standby=item.standby, clause=item.clause))
        return found

    def rules(self) -> HardRules:
        """The rules of the name, with the document's own limits in their place."""
        given = self.document.rules
        rules = HardRules() if given.base == "none" else RULE_SETS[given.base]
        own = {FIELDS.get(name, name): getattr(given, name) for name in RulesIn.model_fields}
        own = {name: value for name, value in own.items() if value is not None and name not in ("base", "clauses")}
        own["forbidden_sequences"] = frozenset(given.forbidden_sequences)
        clauses = {name: text for name, text in rules.clauses.items() if name not in own}
        clauses |= {FIELDS.get(name, name): text for name, text in given.clauses.items()}
        with at("rules"):
            return replace(rules, **own, clauses=clauses)

    def provisional_years(self) -> tuple[int, ...]:
        """The years of the period whose holidays were not published."""
        used = {self.document.calendar} | {
            demand.calendar or self.document.calendar for demand in self.document.demands
        }
        found = (self._calendar(name).provisional_us(self.start, self.end) for name in used)
        return tuple(sorted({year for years in found for year in years}))

    def _check(self, path: str, people: Iterable[str]) -> None:
        for person in people:
            if person and person not in self._known:
                with at(path):
                    raise Wrong(N_("nobody among the people is called %(found)s"), found=person)


FIELDS = {
    "min_rest": "min_rest_us",
    "max_a_day": "max_us_a_day",
    "max_a_week": "max_us_a_week",
    "max_in_7_days": "max_us_in_7_days",
    "max_a_month": "max_us_a_month",
    "standard_a_day": "standard_us_a_day",
    "max_overtime_a_month": "max_overtime_us_a_month",
}
"""Limits as the document calls them, and as core does."""


def needs(given: Iterable[NeedIn]) -> tuple[Need, ...]:
    """The needs, in order."""
    return tuple(Need(need.at_least, frozenset(need.roles)) for need in given)


def _lineup(lineup: LineupIn) -> Lineup:
    return Lineup(lineup.from_on, lineup.crews, lineup.start_at, lineup.offsets)


def _restriction(given: RestrictionIn) -> Restriction:
    start, end = read_span(given.hours)
    weekdays = range(7) if given.weekdays is None else read_days(given.weekdays)
    return Restriction(start, end, frozenset(weekdays), Days(given.on))


def _once(name: str, codes: Sequence[str]) -> None:
    for i, code in enumerate(codes):
        if code in codes[:i]:
            with at(f"{name}[{i}].code"):
                raise Wrong(N_("%(found)s is given twice"), found=code)
