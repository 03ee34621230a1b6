"""Rest and maximum-hours rules: who breaks which, when, with which duties, and by how much."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from opspact.core.calendars import WorkCalendar
from opspact.core.explain import Explanation, Step
from opspact.core.instants import Instant
from opspact.core.intervals import normalise
from opspact.core.rosters.errors import UnknownPerson
from opspact.core.rosters.people import by_code, employment
from opspact.core.rosters.types import Assignment, HardRules, Person, ShiftType
from opspact.core.rosters.walls import ONE_DAY, Wall, wall_of
from opspact.core.rosters.worked import WorkedShift, shifts_by_person, us_by_day
from opspact.core.words import N_

_WEEK = 7 * ONE_DAY


@dataclass(frozen=True)
class Violation:
    """`person` breaks `rule`, a field of HardRules, in [start, end) by `excess`: `found` against `limit`.

    For `*_us` rules these are µs, else days or nights. `duties` are those that break it together.
    """

    person: str
    rule: str
    start: Instant
    end: Instant
    limit: int
    found: int
    duties: tuple[Assignment, ...]
    clause: str = ""

    @property
    def excess(self) -> int:
        """How far beyond the limit, always above 0."""
        return abs(self.found - self.limit)

    def explain(self) -> Explanation:
        """Limit and found value, with their unit."""
        in_us = self.rule in IN_US
        unit = "_us" if in_us else ""
        text = N_("Found %(found_us)s, limit %(limit_us)s.") if in_us else N_("Found %(found)s, limit %(limit)s.")
        duties = [
            Step(N_("A duty from %(from_at)s to %(until_at)s."), {"from_at": duty.start, "until_at": duty.end})
            for duty in self.duties
        ]
        return Explanation(
            rule=RULES[self.rule],
            clause=self.clause,
            inputs={"person": self.person, "start_at": self.start, "end_at": self.end},
            steps=(Step(text, {f"limit{unit}": self.limit, f"found{unit}": self.found}), *duties),
        )


@dataclass(frozen=True)
class _Case:
    """One person's shifts by their `starts`, none longer than `longest`, and what they are checked against."""

    person: Person
    shifts: Sequence[WorkedShift]
    days: Mapping[date, int]
    rules: HardRules
    calendar: WorkCalendar
    wall: Wall
    start: Instant
    end: Instant
    starts: Sequence[Instant]
    longest: int

    def broken(self, rule: str, first: Instant, last: Instant, limit: int, found: int) -> Violation:
        position = bisect_left(self.starts, first - self.longest)
        duties: list[Assignment] = []
        while position < len(self.shifts) and self.shifts[position].start < last:
            duties += [duty for duty in self.shifts[position].parts if duty.start < last and first < duty.end]
            position += 1
        clause = self.rules.clauses.get(rule, "")
        return Violation(self.person.code, rule, first, last, limit, found, tuple(duties), clause)


def check(
    duties: Iterable[Assignment],
    people: Iterable[Person],
    rules: HardRules,
    calendar: WorkCalendar,
    start: Instant,
    end: Instant,
    shift_types: Iterable[ShiftType] = (),
) -> list[Violation]:
    """Every violation, by person and time. Duties outside [start, end) count too, so that a period can be continued.

    Days, weeks and months are those of the calendar's zone. Only weeks wholly within [start, end) and within the
    person's employment are looked at for rest days. Overlapping duties count once. Raises UnknownPerson, NamedTwice.
    """
    known, given, wall = by_code(people), list(duties), wall_of(calendar.zone)
    for duty in given:
        if duty.person not in known:
            raise UnknownPerson(what="Assignment", code=duty.by or duty.shift, person=duty.person)
    types = {shift.code: shift for shift in shift_types}
    shifts = shifts_by_person(given, wall, rules.night, types, standby=rules.count_standby)
    found: list[Violation] = []
    for code, person in sorted(known.items()):
        own = shifts.get(code, [])
        spans = normalise((duty.start, duty.end) for shift in own for duty in shift.parts)
        starts, longest = [shift.start for shift in own], max((shift.end - shift.start for shift in own), default=0)
        case = _Case(person, own, us_by_day(spans, wall), rules, calendar, wall, start, end, starts, longest)
        broken = [violation for looked_at in _CHECKS for violation in looked_at(case)]
        found += sorted(broken, key=lambda violation: (violation.start, violation.end, violation.rule))
    return found


def _rest(case: _Case) -> Iterator[Violation]:
    """Rest between shifts. A shift inside another leaves the rest to be counted from the later end."""
    rules, latest = case.rules, None
    for before, after in pairwise(case.shifts):
        latest = before if latest is None or before.end >= latest.end else latest
        rest = after.start - latest.end
        if rules.min_rest_us is not None and rest < rules.min_rest_us:
            yield case.broken("min_rest_us", latest.start, after.end, rules.min_rest_us, max(rest, 0))
        if (latest.code, after.code) in rules.forbidden_sequences and rest < rules.sequence_within_us:
            limit = rules.sequence_within_us
            yield case.broken("forbidden_sequences", latest.start, after.end, limit, max(rest, 0))


def _hours(case: _Case) -> Iterator[Violation]:
    """Hours a day, a week, a month, and overtime of a month."""
    rules, weekly = case.rules, case.rules.max_us_a_week
    weekly = weekly if case.person.weekly_us is None else case.person.weekly_us
    weeks: dict[date, int] = defaultdict(int)
    months: dict[date, int] = defaultdict(int)
    for day, us in sorted(case.days.items()):
        weeks[day - day.weekday() * ONE_DAY] += us
        months[day.replace(day=1)] += us
        if rules.max_us_a_day is not None and us > rules.max_us_a_day:
            yield _of_days(case, "max_us_a_day", day, day + ONE_DAY, rules.max_us_a_day, us)
    for monday, us in weeks.items():
        if weekly is not None and us > weekly:
            yield _of_days(case, "max_us_a_week", monday, monday + _WEEK, weekly, us)
    for first, us in months.items():
        after = (first + 31 * ONE_DAY).replace(day=1)
        if rules.max_us_a_month is not None and us > rules.max_us_a_month:
            yield _of_days(case, "max_us_a_month", first, after, rules.max_us_a_month, us)
        if rules.max_overtime_us_a_month is not None and rules.standard_us_a_day is not None:
            overtime = us - rules.standard_us_a_day * _working_days(case, first, after)
            if overtime > rules.max_overtime_us_a_month:
                limit = rules.max_overtime_us_a_month
                yield _of_days(case, "max_overtime_us_a_month", first, after, limit, overtime)


def _seven_days(case: _Case) -> Iterator[Violation]:
    """Any seven local days; of those that overlap only the worst, the first of equals."""
    limit = case.rules.max_us_in_7_days
    if limit is None:
        return
    worst: tuple[date, int] | None = None
    last: date | None = None
    for first in sorted(case.days):
        us = sum(case.days.get(first + i * ONE_DAY, 0) for i in range(7))
        if us <= limit:
            continue
        if worst is not None and last is not None and first >= last + _WEEK:
            yield _of_days(case, "max_us_in_7_days", worst[0], worst[0] + _WEEK, limit, worst[1])
            worst = None
        worst = (first, us) if worst is None or us > worst[1] else worst
        last = first
    if worst is not None:
        yield _of_days(case, "max_us_in_7_days", worst[0], worst[0] + _WEEK, limit, worst[1])


def _rest_days(case: _Case) -> Iterator[Violation]:
    """Days of a week without any duty."""
    limit = case.rules.weekly_rest_days
    if limit is None:
        return
    for start, end in employment(case.person, case.start, case.end):
        monday = case.wall.day_of(start)
        monday += (-monday.weekday() % 7) * ONE_DAY
        if case.wall.at(monday) < start:
            monday += _WEEK
        while case.wall.at(monday + _WEEK) <= end:
            free = sum(not case.days.get(monday + i * ONE_DAY) for i in range(7))
            if free < limit:
                yield _of_days(case, "weekly_rest_days", monday, monday + _WEEK, limit, free)
            monday += _WEEK


def _in_a_row(case: _Case) -> Iterator[Violation]:
    """Days and nights in a row on which a shift starts."""
    for rule, limit, days in (
        ("max_consecutive_days", case.rules.max_consecutive_days, {s.starts_on for s in case.shifts}),
        ("max_consecutive_nights", case.rules.max_consecutive_nights, {s.starts_on for s in case.shifts if s.at_night}),
    ):
        if limit is None:
            continue
        for _, run in groupby(enumerate(sorted(days)), key=lambda item: item[1].toordinal() - item[0]):
            row = [day for _, day in run]
            if len(row) > limit:
                yield _of_days(case, rule, row[0], row[-1] + ONE_DAY, limit, len(row))


def _of_days(case: _Case, rule: str, first: date, after: date, limit: int, found: int) -> Violation:
    return case.broken(rule, case.wall.at(first), case.wall.at(after), limit, found)


def _working_days(case: _Case, first: date, after: date) -> int:
    """The working days of a month on which the person is employed."""
    days = [first + i * ONE_DAY for i in range((after - first).days)]
    return sum(
        case.calendar.is_working_day(day)
        and bool(employment(case.person, case.wall.at(day), case.wall.at(day + ONE_DAY)))
        for day in days
    )


_CHECKS = (_rest, _hours, _seven_days, _rest_days, _in_a_row)
IN_US = frozenset(
    {
        "min_rest_us",
        "max_us_a_day",
        "max_us_a_week",
        "max_us_in_7_days",
        "max_us_a_month",
        "max_overtime_us_a_month",
        "forbidden_sequences",
    }
)
RULES = {
    "min_rest_us": N_("Rest between two shifts"),
    "max_us_a_day": N_("Working time of a day"),
    "max_us_a_week": N_("Working time of a week"),
    "max_us_in_7_days": N_("Working time of any seven days"),
    "max_us_a_month": N_("Working time of a month"),
    "max_overtime_us_a_month": N_("Overtime of a month"),
    "weekly_rest_days": N_("Rest days of a week"),
    "max_consecutive_days": N_("Days in a row"),
    "max_consecutive_nights": N_("Nights in a row"),
    "forbidden_sequences": N_("A shift that must not follow another"),
}
